import type { Metadata } from 'next';
import { compareView } from '#app/_data/compare.ts';
import { here } from '#app/_data/context.ts';
import { type PageProps, param } from '#app/_data/params.ts';
import { Compare } from '#app/_ui/compare.tsx';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  return <Compare view={compareView(here(), param(await searchParams, 'models'))} words={words} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const w = wordsFor(lang).compare;
  return pageMetadata({ title: w.title, description: w.lead, path: '/compare', lang });
}
