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

export function pageHeaders(line: Pick<PageLine, 'isEmbed'>, isHttps: boolean): Record<string, string> {
  return {
    'Content-Security-Policy': [...policy, `frame-ancestors ${line.isEmbed ? '*' : "'none'"}`].join('; '),
    ...(line.isEmbed ? {} : { 'X-Frame-Options': 'DENY' }),
    ...commonHeaders(isHttps),
    // Without any referrer a browser sends no origin with a form either, and our own forms could not be told apart.
    'Referrer-Policy': 'same-origin',
  };
}

export function commonHeaders(isHttps: boolean): Record<string, string> {
  return {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    ...(isHttps ? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

export const apiPolicy = "default-src 'none'; frame-ancestors 'none'";
