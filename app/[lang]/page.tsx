import { wordsFor } from '#lib/words/words.ts';
import { here } from '../_data/context.ts';
import { overviewView } from '../_data/overview.ts';
import { Overview } from '../_ui/overview.tsx';

interface PageProps {
  params: Promise<{ lang: string }>;
}

export default async function Page({ params }: PageProps) {
  const words = wordsFor((await params).lang);
  const ctx = here();
  return <Overview view={overviewView(ctx)} words={words} nowMs={ctx.nowMs} />;
}
