import type { Metadata } from 'next';
import { here } from '#app/_data/context.ts';
import { type PageProps, param } from '#app/_data/params.ts';
import { subscribeView } from '#app/_data/subscribe.ts';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { Subscribe } from '#app/_ui/subscribe.tsx';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  const search = await searchParams;
  const view = subscribeView(here(), {
    scope: param(search, 'scope'),
    incident: param(search, 'incident'),
    sent: param(search, 'sent'),
    error: param(search, 'error'),
  });
  return <Subscribe view={view} words={words} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const w = wordsFor(lang).subscribe;
  return pageMetadata({ title: w.title, description: w.lead, path: '/subscribe', lang });
}
