import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLoopback } from './address.ts';
import type { Edge } from './edge.ts';
import type { Guard, Scope } from './guard.ts';
import { Problem } from './reply.ts';

export const sessionPurpose = 'admin_session';
export const apiKeyPurpose = 'api_key';
export const sessionLifeMs = 12 * 3_600_000;

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compared as digests, so neither length nor content shows in the time it takes. */
export function isEqualSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

export function isHttps(edge: Pick<Edge, 'url'>): boolean {
  return edge.url?.startsWith('https://') ?? false;
}

/** With `__Host-` a cookie belongs to this host and https alone. */
export function cookieName(edge: Pick<Edge, 'url'>): string {
  return isHttps(edge) ? '__Host-sb' : 'sb';
}

export function cookieOf(req: IncomingMessage, name: string): string | null {
  for (const part of String(req.headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}

/** Without https the admin pages are for this machine alone: asked directly, and by its own name. */
export function mayUseAdmin(req: IncomingMessage, edge: Pick<Edge, 'url'>, address: string): boolean {
  if (isHttps(edge)) return true;
  if (!isLoopback(address) || req.headers['x-forwarded-for'] !== undefined) return false;
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(req.headers.host ?? '');
}

/** The session's subject, or null. */
export function sessionOf(req: IncomingMessage, edge: Edge, address: string, nowMs: number): string | null {
  if (!mayUseAdmin(req, edge, address)) return null;
  const value = cookieOf(req, cookieName(edge));
  if (!value || value.length > 200) return null;
  return edge.store.people.takeToken(sha256(value), sessionPurpose, nowMs, false)?.subject ?? null;
}

function bearerOf(req: IncomingMessage): string | null {
  const match = /^Bearer ([\x21-\x7e]{8,300})$/i.exec(String(req.headers.authorization ?? ''));
  return match?.[1] ?? null;
}

interface Holder {
  subject: string;
  scopes: string[] | 'all';
}

/** Whose token the request carries: null without one, `nobody` for one that is not good. */
function holderOf(req: IncomingMessage, edge: Edge, nowMs: number): Holder | 'nobody' | null {
  const bearer = bearerOf(req);
  // A browser that was let into a private page sends its password along with everything.
  if (bearer === null) return /^bearer/i.test(req.headers.authorization ?? '') ? 'nobody' : null;
  if (edge.adminToken !== null && isEqualSecret(bearer, edge.adminToken))
    return { subject: 'admin', scopes: 'all' };
  const vantage = edge.config.vantages.find((v) => isEqualSecret(v.token, bearer));
  if (vantage) return { subject: `vantage:${vantage.id}`, scopes: ['observations'] };
  return edge.store.people.takeToken(sha256(bearer), apiKeyPurpose, nowMs, false) ?? 'nobody';
}

/** For what is public from some places and needs a token from others. */
export function mayRead(req: IncomingMessage, edge: Edge, scope: Scope, nowMs: number): boolean {
  const holder = holderOf(req, edge, nowMs);
  return holder !== null && holder !== 'nobody' && (holder.scopes === 'all' || holder.scopes.includes(scope));
}

/** Who may: the line's access decides. Returns who it is, null for the public. */
export function authorise(
  req: IncomingMessage,
  edge: Edge,
  guard: Guard,
  asking: { address: string; nowMs: number },
): string | null {
  if (guard.access === 'public') return null;
  const holder = holderOf(req, edge, asking.nowMs);
  if (holder === 'nobody') throw refused('this token is not known, or has expired');
  if (holder) {
    if (holder.scopes !== 'all' && (guard.access === 'admin' || !holder.scopes.includes(guard.access)))
      throw new Problem('forbidden', `this token does not carry the scope ${guard.access}`);
    return holder.subject;
  }
  const subject = sessionOf(req, edge, asking.address, asking.nowMs);
  if (!subject)
    throw refused(
      guard.access === 'admin' ? 'sign in first' : `a token with the scope ${guard.access} is needed`,
    );
  if (req.method !== 'GET' && req.method !== 'HEAD') checkOrigin(req, edge);
  return subject;
}

function refused(detail: string): Problem {
  return new Problem('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer realm="signalbox"' } });
}

/** A change that a browser makes on somebody's behalf must come from our own pages. */
export function checkOrigin(req: IncomingMessage, edge: Pick<Edge, 'url'>): void {
  const origin = req.headers.origin;
  const own = isHttps(edge) && edge.url ? [new URL(edge.url).origin] : [`http://${req.headers.host}`];
  if (edge.url && !isHttps(edge)) own.push(new URL(edge.url).origin);
  const isOwn = origin !== undefined && own.includes(origin);
  const site = req.headers['sec-fetch-site'];
  if (!isOwn || (site !== undefined && site !== 'same-origin'))
    throw new Problem('forbidden', 'this change must come from a page of this site');
}
