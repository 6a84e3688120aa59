import type { SecureContext } from 'node:tls';
import type { HttpLimits, HttpLook, HttpRequest } from './http.ts';
import type { AddressPolicy } from './http-guard.ts';
import { runHop } from './http-hop.ts';
import type { Resolver } from './http-resolve.ts';

export interface Shared {
  policy: AddressPolicy;
  resolver: Resolver;
  secureContext: SecureContext;
  monoMs: () => number;
  userAgent: string;
  limits: HttpLimits;
}

/** One look: a hop, and the hops it is sent on to. All share one start and one deadline. */
export async function exchange(request: HttpRequest, shared: Shared): Promise<HttpLook> {
  const startedMonoMs = shared.monoMs();
  const limits = { ...shared.limits, ...request.limits };
  let url = parseUrl(request.url);
  let headers = { ...request.headers };
  let left = request.maxRedirects ?? 0;
  for (;;) {
    const look = await runHop({ request, url, headers, limits, startedMonoMs, shared, isLast: left === 0 });
    const next = left > 0 ? redirectTarget(request, look, url) : null;
    if (!next) return look;
    if (next.origin !== url.origin) headers = withoutSecrets(headers);
    url = next;
    left -= 1;
  }
}

function parseUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`not an http address: ${url.protocol}`);
  }
  return url;
}

function redirectTarget(request: HttpRequest, look: HttpLook, from: URL): URL | null {
  if ((request.method ?? 'GET') !== 'GET' && request.method !== 'HEAD') return null;
  if (look.fault || !isRedirect(look.status)) return null;
  const location = look.headers.location;
  if (!location || !URL.canParse(location, from.href)) return null;
  const next = new URL(location, from);
  // Never from https down to http, never to another scheme.
  const isDowngrade = from.protocol === 'https:' && next.protocol !== 'https:';
  return isDowngrade || !/^https?:$/.test(next.protocol) ? null : next;
}

export function isRedirect(status: number | null): boolean {
  return status !== null && [301, 302, 303, 307, 308].includes(status);
}

function withoutSecrets(headers: Record<string, string>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => /^(accept|user-agent)$/i.test(name));
  return Object.fromEntries(kept);
}
