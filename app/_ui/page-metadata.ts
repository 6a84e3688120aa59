import type { Metadata } from 'next';
import type { Verdict } from '#lib/core/words.ts';
import { localPath } from '#lib/words/path.ts';
import { here } from '../_data/context.ts';

interface About {
  title: string;
  description?: string;
  verdict?: Verdict;
  path: string;
  lang: string;
}

const shapes: Record<Verdict, string> = {
  operational: "<circle cx='8' cy='8' r='7' fill='%23238636'/>",
  degraded: "<path d='M8 1 16 15H0z' fill='%23c98a0c'/>",
  partial_outage: "<path d='M8 0 16 8 8 16 0 8z' fill='%23d9641e'/>",
  major_outage: "<path d='M1 1h14v14H1z' fill='%23c62828'/>",
  maintenance: "<path d='M4.6 1h6.8L15 8l-3.6 7H4.6L1 8z' fill='%236f4fd0'/>",
  unknown:
    "<circle cx='8' cy='8' r='6' fill='none' stroke='%23777f8a' stroke-width='2' stroke-dasharray='3 2'/>",
};

/** The favicon shows the state by shape and colour; it is part of the page, so it costs no request. */
export function faviconOf(verdict: Verdict): string {
  return `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>${shapes[verdict]}</svg>`;
}

/** Title, favicon and what other sites show of a link. Only our own words, never an upstream text. */
export function pageMetadata({ title, description, verdict, path, lang }: About): Metadata {
  const { settings } = here();
  const full = `${title} · ${settings.title}`;
  const base = settings.url;
  const links = base
    ? {
        alternates: {
          canonical: `${base}${localPath(lang, path)}`,
          languages: { en: `${base}${path}`, 'zh-Hans': `${base}${localPath('zh', path)}` },
        },
      }
    : {};
  return {
    title: full,
    ...(description ? { description } : {}),
    icons: { icon: faviconOf(verdict ?? 'operational') },
    openGraph: {
      title: full,
      type: 'website',
      siteName: settings.title,
      ...(description ? { description } : {}),
    },
    ...links,
  };
}
