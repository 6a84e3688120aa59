import type { Metadata } from 'next';
import { catalogView } from '#app/_data/catalog-page.ts';
import { here } from '#app/_data/context.ts';
import { type PageProps, param } from '#app/_data/params.ts';
import { Catalog } from '#app/_ui/catalog.tsx';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  const search = await searchParams;
  const view = catalogView(here(), { kind: param(search, 'kind'), before: param(search, 'before') });
  return <Catalog view={view} words={words} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const w = wordsFor(lang).catalogPage;
  return pageMetadata({ title: w.title, description: w.lead, path: '/catalog', lang });
}
