import type { Metadata } from 'next';
import { wordsFor } from '#lib/words/words.ts';
import { here } from '../../_data/context.ts';
import { explainView } from '../../_data/explain.ts';
import { type PageProps, param } from '../../_data/params.ts';
import { web } from '../../_data/web.ts';
import { Explain } from '../../_ui/explain.tsx';
import { pageMetadata } from '../../_ui/page-metadata.ts';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  const search = await searchParams;
  const asked = {
    status: param(search, 'status') ?? param(search, 'code'),
    message: param(search, 'message'),
    gateway: param(search, 'gateway'),
  };
  return <Explain view={explainView(here(), asked, web().explain)} words={words} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const w = wordsFor(lang).explain;
  return pageMetadata({ title: w.title, description: w.lead, path: '/explain', lang });
}
