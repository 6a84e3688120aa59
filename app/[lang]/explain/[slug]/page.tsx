import type { Metadata } from 'next';
import { wordsFor } from '#lib/words/words.ts';
import { here } from '../../../_data/context.ts';
import { rulePage } from '../../../_data/explain.ts';
import { Rule } from '../../../_ui/explain.tsx';
import { NotFound } from '../../../_ui/not-found.tsx';
import { pageMetadata } from '../../../_ui/page-metadata.ts';

interface Props {
  params: Promise<{ lang: string; slug: string }>;
}

export default async function Page({ params }: Props) {
  const { lang, slug } = await params;
  const page = rulePage(here(), slug);
  return page ? <Rule page={page} words={wordsFor(lang)} /> : <NotFound words={wordsFor(lang)} />;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { lang, slug } = await params;
  const page = rulePage(here(), slug);
  if (!page) return { title: wordsFor(lang).notFound.title, robots: { index: false } };
  const { rule } = page;
  return pageMetadata({
    title: `${rule.status}: ${rule.title}`,
    description: rule.meaning,
    path: rule.path,
    lang,
  });
}
