import type { Metadata } from 'next';
import { here } from '#app/_data/context.ts';
import { methodView } from '#app/_data/methodology.ts';
import type { PageProps } from '#app/_data/params.ts';
import { Methodology } from '#app/_ui/methodology.tsx';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params }: PageProps) {
  return <Methodology view={methodView(here())} words={wordsFor((await params).lang)} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const w = wordsFor(lang).method;
  return pageMetadata({ title: w.title, description: w.lead, path: '/methodology', lang });
}
