import type { Metadata } from 'next';
import { here } from '#app/_data/context.ts';
import { param } from '#app/_data/params.ts';
import { reportView } from '#app/_data/sla.ts';
import { NotFound } from '#app/_ui/not-found.tsx';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { Report } from '#app/_ui/sla.tsx';
import { wordsFor } from '#lib/words/words.ts';

interface Props {
  params: Promise<{ lang: string; month?: string[] }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function Page({ params, searchParams }: Props) {
  const { lang, month } = await params;
  const words = wordsFor(lang);
  const ctx = here();
  const view = reportView(ctx, month?.join('/') ?? null, {
    convention: param(await searchParams, 'convention'),
  });
  return view ? <Report view={view} nowMs={ctx.nowMs} words={words} /> : <NotFound words={words} />;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { lang, month } = await params;
  const w = wordsFor(lang).report;
  const title = month ? w.title(month.join('-').slice(0, 7)) : w.list;
  return pageMetadata({ title, path: month ? `/reports/${month.join('/').slice(0, 7)}` : '/reports', lang });
}
