import type { Metadata } from 'next';
import { here } from '#app/_data/context.ts';
import { readFresh } from '#app/_data/fresh.ts';
import { firstLine, overviewView } from '#app/_data/overview.ts';
import { type PageProps, param } from '#app/_data/params.ts';
import { firstClause, sentenceOf } from '#app/_ui/answer.tsx';
import { Overview } from '#app/_ui/overview.tsx';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params, searchParams }: PageProps) {
  const words = wordsFor((await params).lang);
  const ctx = here();
  const view = overviewView(ctx, { watch: param(await searchParams, 'watch') });
  return <Overview view={view} words={words} nowMs={ctx.nowMs} />;
}

export async function generateMetadata({ params, searchParams }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const words = wordsFor(lang);
  const ctx = here();
  const fresh = readFresh(ctx);
  const { answer, watch } = firstLine(ctx, fresh, param(await searchParams, 'watch'));
  const { verdict } = answer;
  const names = watch?.items.map((item) => item.name).join(', ');
  const { freshness, routes } = fresh;
  const sentence = sentenceOf({ answer, freshness, hasRoutes: routes.length > 0, words });
  const about = names ?? (verdict === 'operational' ? null : firstClause(sentence));
  const title = about ? `${words.state[verdict]}: ${about}` : words.state[verdict];
  return pageMetadata({ title, description: sentence, verdict, path: '/', lang });
}
