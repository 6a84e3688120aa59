import { here } from '#app/_data/context.ts';
import { embedView } from '#app/_data/embed.ts';
import { param } from '#app/_data/params.ts';
import { Embed } from '#app/_ui/embed.tsx';
import { NotFound } from '#app/_ui/not-found.tsx';
import { faviconOf } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export const metadata = { title: 'Status', robots: { index: false }, icons: { icon: faviconOf('unknown') } };

interface Props {
  params: Promise<{ lang: string; kind: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** A small page for other sites' frames. */
export default async function Page({ params, searchParams }: Props) {
  const { lang, kind } = await params;
  const words = wordsFor(lang);
  if (kind !== 'status') return <NotFound words={words} />;
  const search = await searchParams;
  const ctx = here();
  const view = embedView(ctx, param(search, 'scope'));
  return <Embed view={view} theme={param(search, 'theme')} words={words} nowMs={ctx.nowMs} />;
}
