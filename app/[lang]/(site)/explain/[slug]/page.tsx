import type { Metadata } from 'next';
import { here } from '#app/_data/context.ts';
import { rulePage } from '#app/_data/explain.ts';
import { Rule } from '#app/_ui/explain.tsx';
import { NotFound } from '#app/_ui/not-found.tsx';
import { faviconOf, pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

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
  if (!page)
    return {
      title: wordsFor(lang).notFound.title,
      robots: { index: false },
      icons: { icon: faviconOf('unknown') },
    };
  const { rule } = page;
  const text = wordsFor(lang).rule(rule.id, rule);
  return pageMetadata({
    title: `${rule.status}: ${text.title}`,
    description: text.meaning,
    path: rule.path,
    lang,
  });
}
