import type { Metadata } from 'next';
import { here } from '#app/_data/context.ts';
import { type PageProps, param } from '#app/_data/params.ts';
import { slaView } from '#app/_data/sla.ts';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { Sla } from '#app/_ui/sla.tsx';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  const asked = await searchParams;
  const [convention, month, from, to, scope] = ['convention', 'month', 'from', 'to', 'scope'].map((name) =>
    param(asked, name),
  );
  const view = slaView(here(), { convention, month, from, to, scope });
  return <Sla view={view} words={words} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const w = wordsFor(lang).sla;
  return pageMetadata({ title: w.title, description: w.lead, path: '/sla', lang });
}
