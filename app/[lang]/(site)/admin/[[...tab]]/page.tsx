import { headers } from 'next/headers.js';
import { adminView, tabOf } from '#app/_data/admin.ts';
import { here } from '#app/_data/context.ts';
import { param } from '#app/_data/params.ts';
import { web } from '#app/_data/web.ts';
import { Admin, Login } from '#app/_ui/admin.tsx';
import { NotFound } from '#app/_ui/not-found.tsx';
import { faviconOf } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export const metadata = { title: 'Admin', robots: { index: false }, icons: { icon: faviconOf('unknown') } };

interface Props {
  params: Promise<{ lang: string; tab?: string[] }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/**
 * Nothing a client sends reaches this as a header: only the edge sets the session's, after it has checked the cookie.
 * Without it there is nothing here but the form to sign in.
 */
export default async function Page({ params, searchParams }: Props) {
  const { lang, tab: segments } = await params;
  const words = wordsFor(lang);
  const search = await searchParams;
  const subject = (await headers()).get('x-signalbox-session');
  if (!subject) return <Login words={words} hasFailed={param(search, 'error') !== undefined} />;
  const tab = tabOf(segments);
  if (!tab) return <NotFound words={words} />;
  const { admin } = web();
  const view = adminView(here(), tab, admin?.() ?? null);
  const said = { done: param(search, 'done') !== undefined, error: param(search, 'error') ?? null };
  return <Admin view={view} words={words} said={said} />;
}
