import type { Metadata } from 'next';
import { here } from '#app/_data/context.ts';
import { documentedOutage, incidentPage } from '#app/_data/incident-page.ts';
import { pathOf } from '#app/_data/paths.ts';
import { Documented } from '#app/_ui/documented.tsx';
import { IncidentView } from '#app/_ui/incident.tsx';
import { NotFound } from '#app/_ui/not-found.tsx';
import { faviconOf, pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

interface Props {
  params: Promise<{ lang: string; id: string }>;
}

export default async function Page({ params }: Props) {
  const { lang, id } = await params;
  const words = wordsFor(lang);
  const ctx = here();
  const page = incidentPage(ctx, id);
  if (page) return <IncidentView page={page} words={words} nowMs={ctx.nowMs} />;
  const outage = documentedOutage(id);
  return outage ? <Documented outage={outage} words={words} /> : <NotFound words={words} />;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { lang, id } = await params;
  const words = wordsFor(lang);
  const ctx = here();
  const page = incidentPage(ctx, id);
  const outage = documentedOutage(id);
  const named = page && { ...page.incident, isTitled: page.incident.pinned.includes('title') };
  const title = named ? words.incident.name(named) : outage && words.documented(outage.title);
  if (!title)
    return { title: words.notFound.title, robots: { index: false }, icons: { icon: faviconOf('unknown') } };
  return pageMetadata({
    title,
    ...(page ? { description: words.incident.sentence(page.incident, ctx.nowMs) } : {}),
    verdict: page?.isOpen ? page.impact : 'operational',
    path: pathOf.incident(id),
    lang,
  });
}
