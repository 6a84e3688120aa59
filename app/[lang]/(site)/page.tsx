import type { Metadata } from 'next';
import { answerOf } from '#app/_data/answer.ts';
import { here } from '#app/_data/context.ts';
import { readFresh } from '#app/_data/fresh.ts';
import { overviewView } from '#app/_data/overview.ts';
import { type PageProps, param } from '#app/_data/params.ts';
import { Overview } from '#app/_ui/overview.tsx';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  const ctx = here();
  const view = overviewView(ctx, { watch: param(await searchParams, 'watch') });
  return <Overview view={view} words={words} nowMs={ctx.nowMs} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const words = wordsFor(lang);
  const ctx = here();
  const { verdict, overall } = answerOf(readFresh(ctx), ctx.nowMs);
  const description = words.answer.sentence(overall);
  return pageMetadata({ title: words.state[verdict], description, verdict, path: '/', lang });
}
