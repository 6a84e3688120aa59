import { wordsFor } from '#lib/words/words.ts';
import { NotFound } from '../../_ui/not-found.tsx';

export const metadata = { robots: { index: false } };

export default async function Page({ params }: { params: Promise<{ lang: string }> }) {
  return <NotFound words={wordsFor((await params).lang)} />;
}
