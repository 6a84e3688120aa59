import { randomBytes } from 'node:crypto';
import {
  cookieName,
  cookieOf,
  isEqualSecret,
  isHttps,
  mayUseAdmin,
  sessionLifeMs,
  sessionOf,
  sessionPurpose,
  sha256,
} from '../access.ts';
import { audit } from '../audit.ts';
import { fieldOf, goTo, ownForm } from '../form.ts';
import type { Exchange, Handler } from '../guard.ts';
import { Problem, type Reply } from '../reply.ts';

function cookie(x: Exchange, value: string, maxAgeS: number): Record<string, string> {
  const secure = isHttps(x.edge) ? '; Secure' : '';
  return {
    'set-cookie': `${cookieName(x.edge)}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`,
  };
}

function endSession(x: Exchange): void {
  const old = cookieOf(x.req, cookieName(x.edge));
  if (old && old.length <= 200) x.edge.store.people.takeToken(sha256(old), sessionPurpose, x.nowMs, true);
}

/** `POST /admin/login`: throttled by its line, compared in constant time; every sign-in is a new session. */
export const login: Handler = (x) => {
  const form = ownForm(x);
  if (!mayUseAdmin(x.req, x.edge, x.address))
    throw new Problem(
      'forbidden',
      'without an https address the admin pages are open from this machine only',
    );
  const given = fieldOf(form, 'token', 300) ?? '';
  if (x.edge.adminToken === null || !isEqualSecret(given, x.edge.adminToken)) {
    audit(x.edge, 'somebody', `a sign-in from ${x.address} failed`);
    return goTo('/admin?error=1');
  }
  endSession(x);
  const session = randomBytes(32).toString('base64url');
  x.edge.store.people.putToken({
    hash: sha256(session),
    purpose: sessionPurpose,
    subject: 'admin',
    expiresAtMs: x.nowMs + sessionLifeMs,
    scopes: [],
  });
  audit(x.edge, 'admin', `signed in from ${x.address}`);
  return goTo('/admin', cookie(x, session, sessionLifeMs / 1000));
};

/** `POST /admin/logout`. */
export const logout: Handler = (x) => {
  ownForm(x);
  endSession(x);
  return goTo('/admin', cookie(x, '', 0));
};

/** `GET /admin/…`: rendered for this reader alone. The page itself shows the sign-in form to whoever has no session. */
export const adminPage: Handler = async (x): Promise<Reply> => {
  const { edge, req, address, nowMs } = x;
  if (!edge.pages) throw new Problem('not-found', 'there is nothing at this address');
  const subject = sessionOf(req, edge, address, nowMs);
  const headers: Record<string, string> = subject ? { 'x-signalbox-session': subject } : {};
  const rendered = await edge.pages.fresh(req.url ?? '/admin', headers);
  return {
    status: rendered.status,
    headers: {
      'Content-Type': rendered.type,
      'Cache-Control': 'private, no-store',
      ...edge.pageHeaders({ isPrivate: true }),
    },
    body: rendered.body,
  };
};
