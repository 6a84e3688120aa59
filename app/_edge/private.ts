import type { IncomingMessage } from 'node:http';
import { isEqualSecret } from './access.ts';
import type { Edge } from './edge.ts';
import type { Guard } from './guard.ts';
import { Problem } from './reply.ts';

/** What carries its own authority, or says nothing, stays open on a page that is not for everybody. */
const isOpen = /^\/(?:healthz|readyz|robots\.txt|metrics|api\/push\/|subscriptions\/|acknowledge\/)/;

export function isPrivate(edge: Pick<Edge, 'config'>): boolean {
  return edge.config.page.access !== 'public';
}

/** With `page.access: { token }` everything public asks for the token: as Bearer, or as the password a browser asks for. */
export function checkEntry(req: IncomingMessage, edge: Edge, guard: Guard | null, path: string): void {
  const { access } = edge.config.page;
  if (access === 'public' || isOpen.test(path)) return;
  if (guard && guard.access !== 'public') return;
  const [scheme = '', value = ''] = String(req.headers.authorization ?? '').split(' ');
  const given =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(value, 'base64')
          .toString()
          .replace(/^[^:]*:/, '')
      : value;
  if (
    given !== '' &&
    (isEqualSecret(given, access.token) ||
      (edge.adminToken !== null && isEqualSecret(given, edge.adminToken)))
  )
    return;
  throw new Problem('unauthorized', 'this page is not for everybody: its token is needed', {
    headers: { 'www-authenticate': 'Basic realm="status", charset="UTF-8"' },
  });
}
