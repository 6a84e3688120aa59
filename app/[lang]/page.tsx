import { wordsFor } from '#lib/words/words.ts';
import { here } from '../_data/context.ts';
import { overviewView } from '../_data/overview.ts';
import { type PageProps, param } from '../_data/params.ts';
import { Overview } from '../_ui/overview.tsx';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  const ctx = here();
  const view = overviewView(ctx, { watch: param(await searchParams, 'watch') });
  return <Overview view={view} words={words} nowMs={ctx.nowMs} />;
}
