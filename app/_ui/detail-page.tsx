import type { Metadata } from 'next';
import { cache } from 'react';
import { wordsFor } from '#lib/words/words.ts';
import { here } from '../_data/context.ts';
import { type DetailKind, type DetailView, detailView } from '../_data/detail.ts';
import { type PageProps, param } from '../_data/params.ts';
import { Detail } from './detail.tsx';
import { NotFound } from './not-found.tsx';
import { faviconOf, pageMetadata } from './page-metadata.ts';

interface Asked {
  view: DetailView | null;
  lang: string;
  nowMs: number;
}

/** Title and page are made in one request from one reading of the store. */
const readView = cache(
  (
    kind: DetailKind,
    path: string,
    range?: string,
    convention?: string,
    route?: string,
  ): Omit<Asked, 'lang'> => {
    const ctx = here();
    return {
      view: detailView(ctx, kind, { segments: path.split('/'), range, convention, route }),
      nowMs: ctx.nowMs,
    };
  },
);

/** The five pages about one thing differ only in its kind. */
export function detailPage(kind: DetailKind) {
  async function viewOf({ params, searchParams }: PageProps): Promise<Asked> {
    const { lang, id, slug } = await params;
    const search = await searchParams;
    const path = [id ?? slug ?? []].flat().join('/');
    const read = readView(
      kind,
      path,
      param(search, 'range'),
      param(search, 'convention'),
      param(search, 'route'),
    );
    return { ...read, lang };
  }
  async function Page(props: PageProps) {
    const { view, lang, nowMs } = await viewOf(props);
    const words = wordsFor(lang);
    return view ? <Detail view={view} words={words} nowMs={nowMs} /> : <NotFound words={words} />;
  }
  async function generateMetadata(props: PageProps): Promise<Metadata> {
    const { lang } = await props.params;
    const words = wordsFor(lang);
    const { view } = await viewOf(props);
    if (!view)
      return { title: words.notFound.title, robots: { index: false }, icons: { icon: faviconOf('unknown') } };
    return pageMetadata({
      title: `${view.name}: ${words.state[view.verdict]}`,
      description: words.said(view.reason),
      verdict: view.verdict,
      path: view.path,
      lang,
    });
  }
  return { Page, generateMetadata };
}
