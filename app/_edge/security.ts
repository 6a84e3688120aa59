import type { PageLine } from './page-lines.ts';

/** What a browser is told to refuse, on every answer of ours. */

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
];

export interface PageGuard extends Pick<PageLine, 'isEmbed'> {
  /** For one reader: what opened it, or is opened from it, must not hold on to its window. */
  isPrivate?: boolean;
}

export function pageHeaders(line: PageGuard, isHttps: boolean): Record<string, string> {
  return {
    'Content-Security-Policy': [...policy, `frame-ancestors ${line.isEmbed ? '*' : "'none'"}`].join('; '),
    ...(line.isEmbed ? {} : { 'X-Frame-Options': 'DENY' }),
    ...commonHeaders(isHttps),
    // Public pages do without: a browser starts a new process for it, and paints everything some 40 ms later.
    ...(line.isPrivate ? { 'Cross-Origin-Opener-Policy': 'same-origin' } : {}),
    // Without any referrer a browser sends no origin with a form either, and our own forms could not be told apart.
    'Referrer-Policy': 'same-origin',
  };
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
