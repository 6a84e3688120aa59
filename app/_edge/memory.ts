import { createHash } from 'node:crypto';
import type { Edge } from './edge.ts';
import { Prepared } from './prepared.ts';
import { corsHeaders } from './views.ts';

/** A document made of the present picture: kept until the picture changes, at most `oldestMs`. */
export function memory(
  edge: Edge,
  make: () => unknown,
  options: { type?: string; caching?: string; oldestMs?: number; headers?: Record<string, string> } = {},
): Prepared {
  const { live, nowMs } = edge;
  const made = make();
  const body = Buffer.isBuffer(made)
    ? made
    : Buffer.from(typeof made === 'string' ? made : JSON.stringify(made));
  const version = live.version;
  const untilMs = nowMs() + (options.oldestMs ?? 15_000);
  return new Prepared(body, {
    etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`,
    headers: {
      'Content-Type': options.type ?? 'application/json',
      'Cache-Control': options.caching ?? 'public, max-age=10, stale-while-revalidate=30, stale-if-error=300',
      ...corsHeaders,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      ...options.headers,
    },
    isFresh: () => live.version === version && nowMs() < untilMs,
  });
}
