import type { Metadata } from 'next';
import { here } from '#app/_data/context.ts';
import { explainView } from '#app/_data/explain.ts';
import { type PageProps, param } from '#app/_data/params.ts';
import { web } from '#app/_data/web.ts';
import { Explain } from '#app/_ui/explain.tsx';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  const search = await searchParams;
  const asked = {
    answer: param(search, 'answer'),
    status: param(search, 'status') ?? param(search, 'code'),
    provider: param(search, 'provider'),
  };
  return <Explain view={explainView(here(), asked, web().explain)} words={words} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const w = wordsFor(lang).explain;
  return pageMetadata({ title: w.title, description: w.lead, path: '/explain', lang });
}
