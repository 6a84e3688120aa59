import type { PageLine } from './page-lines.ts';

/** What a browser is told to refuse, on every answer of ours. */

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
];

export interface PageGuard extends Pick<PageLine, 'isEmbed'> {
  /** For one reader: what opened it, or is opened from it, must not hold on to its window. */
  isPrivate?: boolean;
}

export function pageHeaders(
  line: PageGuard,
  { isHttps, logo }: { isHttps: boolean; logo: string | null },
): Record<string, string> {
  const pictures = ["img-src 'self' data:", ...originOf(logo)].join(' ');
  const frames = `frame-ancestors ${line.isEmbed ? '*' : "'none'"}`;
  return {
    'Content-Security-Policy': [...policy, pictures, frames].join('; '),
    ...(line.isEmbed ? {} : { 'X-Frame-Options': 'DENY' }),
    ...commonHeaders(isHttps),
    // Public pages do without: a browser starts a new process for it, and paints everything some 40 ms later.
    ...(line.isPrivate ? { 'Cross-Origin-Opener-Policy': 'same-origin' } : {}),
    // Without any referrer a browser sends no origin with a form either, and our own forms could not be told apart.
    'Referrer-Policy': 'same-origin',
  };
}

/** Where the owner's picture comes from, when that is not here. */
function originOf(logo: string | null): string[] {
  return logo?.startsWith('https://') && URL.canParse(logo) ? [new URL(logo).origin] : [];
}

export function commonHeaders(isHttps: boolean): Record<string, string> {
  return {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(isHttps ? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

export const apiPolicy = "default-src 'none'; frame-ancestors 'none'";
