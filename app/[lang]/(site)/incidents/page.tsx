import type { Metadata } from 'next';
import { here } from '#app/_data/context.ts';
import { incidentsView } from '#app/_data/incident-list.ts';
import { type PageProps, param } from '#app/_data/params.ts';
import { Incidents } from '#app/_ui/incidents.tsx';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  const search = await searchParams;
  const ctx = here();
  const view = incidentsView(ctx, { before: param(search, 'before'), month: param(search, 'month') });
  return <Incidents view={view} words={words} nowMs={ctx.nowMs} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  return pageMetadata({ title: wordsFor(lang).incident.title, path: '/incidents', lang });
}
