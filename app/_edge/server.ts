import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { authorise, checkOrigin } from './access.ts';
import { clientAddress, type Trusts } from './address.ts';
import { hasBody, linger, readBody } from './body.ts';
import type { Edge } from './edge.ts';
import { addFastPath, type Hot, type Takes } from './fast-path.ts';
import type { Exchange, Guard } from './guard.ts';
import { Kept } from './kept.ts';
import { pageLines } from './page-lines.ts';
import { readParameters } from './parameters.ts';
import { checkEntry, isPrivate } from './private.ts';
import { rateKinds } from './rate-limits.ts';
import { Problem, problemReply, type Reply } from './reply.ts';
import type { Router } from './router.ts';
import { apiPolicy, commonHeaders } from './security.ts';

const longestUrl = 8_192;
const mostHot = 1_000;
const mostHotBytes = 64 * 1024 * 1024;

export interface ServerParts {
  edge: Edge;
  router: Router;
  trusts: Trusts;
  /** Takes some connections over before they are parsed. */
  takes?: Takes;
  /** Answers what no line of the table does: pages and files. */
  otherwise: (exchange: Exchange, path: string, search: string) => Promise<Reply | Hot>;
}

/** The public front: everything is checked here, before anything else sees it. */
export function makeServer(parts: ServerParts): http.Server {
  const hot = new Kept<Hot>({ count: mostHot, bytes: mostHotBytes }, ({ prepared }) => prepared.bytesHeld);
  const server = http.createServer(
    {
      maxHeaderSize: 16_384,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
      insecureHTTPParser: false,
      noDelay: true,
    },
    (req, res) => {
      // The same bytes as last time, from memory, before the address is taken apart.
      const kept = req.method === 'GET' ? hot.get(req.url as string)?.prepared : undefined;
      if (kept?.isFresh() && isPlain(req) && !isTerminalAtHome(req)) kept.send(req, res);
      else void answer(parts, req, res, hot);
    },
  );
  server.maxHeadersCount = 100;
  addFastPath(server, hot, isPrivate(parts.edge) ? undefined : parts.takes);
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    // The reader of the body decides; whoever waits for leave and is refused never sends it.
    const found = parts.router.find(req.method ?? '', (req.url ?? '').split('?')[0] ?? '');
    const length = Number(req.headers['content-length'] ?? 0);
    if (found && length <= found.guard.bodyLimitBytes) res.writeContinue();
    void answer(parts, req, res, hot);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else
      socket.end(
        `HTTP/1.1 ${clientStatus[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`,
      );
  });
  return server;
}

/** No body, no other protocol, and one Host: what is odd is looked at before anything is given. */
function isPlain(req: IncomingMessage): boolean {
  return !hasBody(req) && !isUpgrade(req) && !hasTwoHosts(req) && req.httpVersionMajor === 1;
}

/** Java's own client offers h2c with every plain request and takes no for an answer: left unsaid, it is none. */
function isUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined && headers.upgrade !== 'h2c';
}

function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}

/** The one address whose answer depends on who asks: a terminal gets text. */
function isTerminalAtHome({ url, headers }: IncomingMessage): boolean {
  return (url === '/' || url === '/zh') && /^(curl|wget|httpie|xh)\//i.test(headers['user-agent'] ?? '');
}

const clientStatus: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

async function answer(
  parts: ServerParts,
  req: IncomingMessage,
  res: ServerResponse,
  hot: Map<string, Hot>,
): Promise<void> {
  const { edge } = parts;
  const url = req.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  res.on('error', () => res.destroy());
  try {
    const made = await decide(parts, req, res, {
      path,
      search: mark < 0 ? '' : url.slice(mark),
      isKnown: hot.has(url),
    });
    if (made === 'taken') return;
    if ('prepared' in made) {
      if (req.method === 'GET' && !isPrivate(edge)) hot.set(url, made);
      if (isPrivate(edge)) made.prepared.sendPrivately(res);
      else made.prepared.send(req, res);
    } else send(edge, req, res, made);
  } catch (error) {
    const problem =
      error instanceof Problem ? error : new Problem('internal-error', 'this should not have happened');
    if (!(error instanceof Problem) && !req.destroyed)
      edge.log.error({ path: path.slice(0, 200), error }, 'a request failed');
    if (res.headersSent || res.destroyed) res.destroy();
    else {
      const reply = problemReply(problem, path, edge.url ?? 'https://signalbox.example');
      // Whoever may read the answer may read why there is none.
      const isCors = parts.router.find(req.method ?? '', path)?.guard.isCors ?? false;
      send(edge, req, res, isCors ? { ...reply, headers: { ...cors, ...reply.headers } } : reply);
    }
  }
}

async function decide(
  parts: ServerParts,
  req: IncomingMessage,
  res: ServerResponse,
  { path, search, isKnown }: { path: string; search: string; isKnown: boolean },
): Promise<Reply | Hot | 'taken'> {
  const { edge, router } = parts;
  const method = req.method ?? '';
  if ((req.url?.length ?? 0) > longestUrl)
    throw new Problem('uri-too-long', `at most ${longestUrl} characters`);
  if (hasTwoHosts(req))
    throw new Problem('bad-request', 'a request names one host', { headers: { connection: 'close' } });
  if (req.httpVersionMajor < 1)
    throw new Problem('bad-request', 'HTTP/1.1 is spoken here', { headers: { connection: 'close' } });
  if (isUpgrade(req))
    throw new Problem('bad-request', 'connections are not upgraded here', {
      headers: { connection: 'close' },
    });
  if (!isWritten(path)) throw new Problem('not-found', 'there is nothing at this address');
  const nowMs = edge.nowMs();
  const address = clientAddress(req, parts.trusts);
  const found = router.find(method, path);
  checkEntry(req, edge, found?.guard ?? null, path);
  const exchange = {
    req,
    res,
    edge,
    address,
    nowMs,
    who: null,
    parts: {},
    parameters: new Map(),
    body: Buffer.alloc(0),
  };
  if (!found) {
    const methods = router.methods(path);
    if (method === 'OPTIONS') return preflight(methods);
    const isRead = method === 'GET' || method === 'HEAD';
    if (!isRead || (methods.length > 0 && !isFormPage(path))) {
      const allow = methods.length > 0 ? methods.join(', ') : 'GET, HEAD';
      throw new Problem('method-not-allowed', `this address answers ${allow}`, {
        headers: { allow, connection: 'close' },
      });
    }
    if (hasBody(req))
      throw new Problem('too-large', 'this address takes no body', { headers: { connection: 'close' } });
    return parts.otherwise(exchange, path, search);
  }
  const { guard } = found;
  // A page of somebody else's must not use up the few sign-ins that its visitor has.
  if (guard.rate === 'login') checkOrigin(req, edge);
  const rate = spend(edge, guard, address, nowMs);
  const parameters = readParameters(search, guard.query);
  const who = authorise(req, edge, guard, { address, nowMs });
  const body = await readBody(req, guard);
  const { view } = guard;
  if (view) {
    // A question that was asked before is answered from memory; each new one costs its making.
    if (search !== '' && !isKnown) spend(edge, { rate: 'read' }, address, nowMs);
    const asked = { edge, parts: found.parts, parameters };
    return { prepared: view(asked), renew: () => view(asked) };
  }
  const made = await guard.handle?.({ ...exchange, parts: found.parts, parameters, who, body });
  if (made === 'taken') return made;
  if (!made) throw new Problem('not-found', 'there is nothing at this address');
  return { ...made, headers: { ...rate, ...(guard.isCors ? cors : {}), ...made.headers } };
}

const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Link',
  'cross-origin-resource-policy': 'cross-origin',
};

/** What a browser would have rewritten before asking, or cannot be read at all, is the address of nothing. */
function isWritten(path: string): boolean {
  if (!/%|\\|\/\.{1,2}(?:\/|$)/.test(path)) return true;
  try {
    return !/[\\\0]|\/\.{1,2}(?:\/|$)/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}

/** A page whose form is posted to its own address. */
function isFormPage(path: string): boolean {
  return Object.hasOwn(pageLines, path);
}

function preflight(methods: string[]): Reply {
  if (methods.length === 0) return { status: 204, headers: { allow: 'GET, HEAD' }, body: null };
  return {
    status: 204,
    headers: {
      allow: methods.join(', '),
      'access-control-allow-origin': '*',
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': 'Authorization, Content-Type, If-None-Match, Last-Event-ID',
      'access-control-max-age': '600',
    },
    body: null,
  };
}

function spend(
  edge: Edge,
  guard: Pick<Guard, 'rate'>,
  address: string,
  nowMs: number,
): Record<string, string> {
  if (guard.rate === 'none') return {};
  const allowance = edge.rates.take(guard.rate, address, nowMs);
  const headers = {
    'ratelimit-limit': String(allowance.limit),
    'ratelimit-remaining': String(allowance.remaining),
    'ratelimit-reset': String(allowance.retryAfterS),
  };
  if (allowance.isAllowed) return headers;
  throw new Problem('rate-limited', `at most ${rateKinds[guard.rate].perMinute} requests a minute`, {
    headers: { ...headers, 'retry-after': String(allowance.retryAfterS) },
  });
}

function send(edge: Edge, req: IncomingMessage, res: ServerResponse, reply: Reply): void {
  const body = reply.body === null ? null : Buffer.from(reply.body);
  const headers: Record<string, string> = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': apiPolicy,
    ...commonHeaders(edge.url?.startsWith('https://') ?? false),
  };
  for (const [name, value] of Object.entries(reply.headers)) {
    const same = Object.keys(headers).find((known) => known.toLowerCase() === name.toLowerCase());
    if (same) delete headers[same];
    headers[name] = value;
  }
  if (body && reply.status !== 204 && reply.status !== 304) headers['Content-Length'] = String(body.length);
  // A body nobody read would be taken for the next request on this connection.
  const isSending = !req.complete && hasBody(req);
  if (isSending) headers.Connection = 'close';
  res.writeHead(reply.status, headers);
  const sent = reply.status === 204 || reply.status === 304 ? null : body;
  if (isSending && sent) {
    res.write(sent);
    linger(req, () => res.end());
  } else res.end(sent ?? undefined);
  if (headers.Connection !== 'close' && headers.connection !== 'close') return;
  const { socket } = req;
  res.on('finish', () => setTimeout(() => socket?.destroy(), 200).unref());
}
