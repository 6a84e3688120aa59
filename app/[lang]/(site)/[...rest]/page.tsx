import { NotFound } from '#app/_ui/not-found.tsx';
import { faviconOf } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export const metadata = { title: '404', robots: { index: false }, icons: { icon: faviconOf('unknown') } };

export default async function Page({ params }: { params: Promise<{ lang: string }> }) {
  return <NotFound words={wordsFor((await params).lang)} />;
}
