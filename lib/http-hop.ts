import type { TLSSocket } from 'node:tls';
import { Client, type Dispatcher } from 'undici';
import type { HttpLimits, HttpLook, HttpRequest } from './http.ts';
import { type OpeningMarks, openSocket } from './http-connect.ts';
import { type BodyPath, createBodyPath } from './http-decode.ts';
import type { Shared } from './http-exchange.ts';
import { isRedirect } from './http-exchange.ts';
import { LookFault, toLookFault } from './http-faults.ts';

export interface Hop {
  request: HttpRequest;
  url: URL;
  headers: Record<string, string>;
  limits: HttpLimits;
  startedMonoMs: number;
  shared: Shared;
  /** A redirect is then an answer like any other. */
  isLast: boolean;
}

interface HopState {
  marks: OpeningMarks;
  sentMonoMs: number | null;
  headersMonoMs: number | null;
  firstByteMonoMs: number | null;
  lastByteMonoMs: number | null;
  status: number | null;
  headers: Record<string, string>;
  chunks: Uint8Array[];
  bodyBytes: number;
  wireBytes: number;
  isDone: boolean;
  fault: LookFault | null;
  certificateExpiresAtMs: number | null;
  path: BodyPath | null;
}

/** One request on one fresh connection, from name to last byte. */
export async function runHop(hop: Hop): Promise<HttpLook> {
  const state = blankState();
  const stop = createStop(hop, state);
  try {
    stop.check();
    const opening = openSocket({ ...hop.shared, ...openingOf(hop) }, state.marks);
    opening.catch(() => {});
    const socket = await Promise.race([opening, stop.stopped]);
    if (hop.request.wantsCertificate && hop.url.protocol === 'https:') {
      state.certificateExpiresAtMs = certificateEnd(socket as TLSSocket);
    }
    stop.enter('response');
    await Promise.race([converse(hop, state, socket, stop), stop.stopped]);
    state.isDone = state.fault === null;
  } catch (error) {
    state.fault ??= toLookFault(error);
  } finally {
    stop.end();
    state.path?.destroy();
    state.marks.socket?.destroy();
  }
  return toLook(hop, state);
}

function openingOf({ url, limits, request }: Hop) {
  return { url, connectMs: limits.connectMs, ...(request.family ? { family: request.family } : {}) };
}

function blankState(): HopState {
  const marks: OpeningMarks = {
    resolvedMonoMs: null,
    connectedMonoMs: null,
    securedMonoMs: null,
    address: null,
    family: null,
    socket: null,
    stopped: null,
  };
  return {
    marks,
    sentMonoMs: null,
    headersMonoMs: null,
    firstByteMonoMs: null,
    lastByteMonoMs: null,
    status: null,
    headers: {},
    chunks: [],
    bodyBytes: 0,
    wireBytes: 0,
    isDone: false,
    fault: null,
    certificateExpiresAtMs: null,
    path: null,
  };
}

type Stage = 'connect' | 'response' | 'body';

interface Stop {
  /** Rejects with whatever ended the look early. */
  stopped: Promise<never>;
  stop(fault: LookFault): void;
  enter(stage: Stage): void;
  check(): void;
  end(): void;
}

/** One timer at a time, moved on from stage to stage; the total deadline lies under all of them. */
function createStop(hop: Hop, state: HopState): Stop {
  const { limits, shared, startedMonoMs, request } = hop;
  let reject: (fault: LookFault) => void = () => {};
  const stopped = new Promise<never>((_, no) => {
    reject = no;
  });
  stopped.catch(() => {});
  const stop = (fault: LookFault) => {
    state.marks.stopped ??= fault;
    state.fault ??= fault;
    reject(fault);
    state.marks.socket?.destroy(fault);
  };
  let stage: Stage = 'connect';
  let timer: NodeJS.Timeout | undefined;
  const dueMonoMs = (): number => {
    const total = startedMonoMs + limits.totalMs;
    if (stage === 'connect') return Math.min(total, startedMonoMs + limits.connectMs);
    if (stage === 'response') return Math.min(total, startedMonoMs + limits.firstByteMs);
    return Math.min(total, (state.lastByteMonoMs ?? shared.monoMs()) + limits.idleMs);
  };
  const arm = () => {
    clearTimeout(timer);
    timer = setTimeout(onTimer, Math.max(1, dueMonoMs() - shared.monoMs()));
  };
  const onTimer = () => {
    // The body's silence is measured from its last byte: a timer set earlier may be early.
    if (dueMonoMs() - shared.monoMs() > 1) return arm();
    const isTotal = shared.monoMs() - startedMonoMs >= limits.totalMs - 1;
    const code = isTotal ? 'TOTAL_TIMEOUT' : `${stage.toUpperCase()}_TIMEOUT`;
    stop(new LookFault('timeout', code, `nothing more within our own limit (${code})`));
  };
  const onAbort = () => stop(new LookFault('aborted', 'ABORTED', 'the look was called off'));
  request.signal?.addEventListener('abort', onAbort, { once: true });
  arm();
  return {
    stopped,
    stop,
    enter: (next) => {
      stage = next;
      arm();
    },
    check: () => {
      if (request.signal?.aborted) onAbort();
      if (state.fault) throw state.fault;
    },
    end: () => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    },
  };
}

function certificateEnd(socket: TLSSocket): number | null {
  const endMs = Date.parse(socket.getPeerCertificate().valid_to ?? '');
  return Number.isNaN(endMs) ? null : endMs;
}

/** undici speaks HTTP on the socket we opened; it connects nowhere and keeps no time. */
function converse(hop: Hop, state: HopState, socket: import('node:net').Socket, stop: Stop): Promise<void> {
  const client = new Client(hop.url.origin, {
    // Not at once: undici is still inside its own loop when it asks.
    connect: (_options, callback) => queueMicrotask(() => callback(null, socket)),
    allowH2: false,
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: hop.limits.headerBytes,
    maxResponseSize: -1,
  });
  return new Promise((resolve, reject) => {
    // undici takes a reset for the end of a body without a length; heard first, it stays a reset.
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall !== undefined) reject(error);
    });
    const handler = createHandler(hop, state, stop, resolve, reject);
    client.dispatch(requestOf(hop), handler);
  });
}

function requestOf({ request, url, headers, shared }: Hop): Dispatcher.DispatchOptions {
  const named = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    method: request.method ?? 'GET',
    path: url.pathname + url.search,
    headers: { 'user-agent': shared.userAgent, accept: '*/*', 'accept-encoding': 'identity', ...named },
    body: request.body ?? null,
  };
}

function createHandler(
  hop: Hop,
  state: HopState,
  stop: Stop,
  resolve: () => void,
  reject: (error: unknown) => void,
): Dispatcher.DispatchHandler {
  const { request, limits, shared } = hop;
  const takeDecoded = (chunk: Uint8Array) => {
    if (state.fault || state.isDone) return;
    state.bodyBytes += chunk.byteLength;
    if (state.bodyBytes > limits.bodyBytes) return stop.stop(tooLarge('body'));
    if (!request.onChunk || (!hop.isLast && isRedirect(state.status))) return void state.chunks.push(chunk);
    if (request.onChunk(chunk, state.lastByteMonoMs ?? shared.monoMs()) !== 'stop') return;
    state.isDone = true;
    resolve();
  };
  return {
    onRequestStart: () => {},
    onRequestSent: () => {
      state.sentMonoMs = shared.monoMs();
    },
    onResponseStarted: () => {
      state.headersMonoMs ??= shared.monoMs();
    },
    onResponseStart: (_controller, status, headers) => {
      if (status < 200) return;
      state.headersMonoMs ??= shared.monoMs();
      state.status = status;
      state.headers = flatten(headers);
      state.path = createBodyPath(state.headers['content-encoding'], takeDecoded, stop.stop);
      stop.enter('body');
      if (hop.isLast || !isRedirect(status)) {
        request.onHead?.({ status, headers: state.headers, monoMs: state.headersMonoMs });
      }
    },
    onResponseData: (_controller, chunk) => {
      state.lastByteMonoMs = shared.monoMs();
      state.firstByteMonoMs ??= state.lastByteMonoMs;
      state.wireBytes += chunk.byteLength;
      if (state.wireBytes > limits.wireBytes) stop.stop(tooLarge('wire'));
      else if (!state.fault && !state.isDone) state.path?.write(chunk);
    },
    onResponseEnd: () => {
      const ended = state.path?.end() ?? Promise.resolve();
      ended.then(resolve, reject);
    },
    onResponseError: (_controller, error) => reject(error),
  };
}

function tooLarge(what: 'body' | 'wire'): LookFault {
  return new LookFault('too_large', `${what.toUpperCase()}_TOO_LARGE`, `more bytes than we read (${what})`);
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      out[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return out;
}

function reachedOf(state: HopState): HttpLook['reached'] {
  const { marks } = state;
  if (state.isDone && !state.fault) return 'done';
  if (state.firstByteMonoMs !== null) return 'first_byte';
  if (state.status !== null) return 'headers';
  if (state.sentMonoMs !== null) return 'sent';
  if (marks.securedMonoMs !== null) return 'secured';
  if (marks.connectedMonoMs !== null) return 'connected';
  return marks.resolvedMonoMs !== null ? 'resolved' : 'none';
}

function toLook(hop: Hop, state: HopState): HttpLook {
  const { startedMonoMs, shared, url } = hop;
  const since = (monoMs: number | null) => (monoMs === null ? null : roundMs(monoMs - startedMonoMs));
  const { marks } = state;
  return {
    reached: reachedOf(state),
    fault: state.fault?.fault ?? null,
    faultCode: state.fault?.code ?? null,
    faultText: state.fault?.message ?? null,
    status: state.status,
    headers: state.headers,
    body: state.chunks.length === 1 ? (state.chunks[0] as Uint8Array) : Buffer.concat(state.chunks),
    bodyBytes: state.bodyBytes,
    wireBytes: state.wireBytes,
    timing: {
      dnsMs: since(marks.resolvedMonoMs),
      connectMs: since(marks.connectedMonoMs),
      tlsMs: since(marks.securedMonoMs),
      headersMs: since(state.status === null ? null : state.headersMonoMs),
      firstByteMs: since(state.firstByteMonoMs),
      totalMs: roundMs(shared.monoMs() - startedMonoMs),
    },
    startedMonoMs,
    address: marks.address,
    family: marks.family,
    certificateExpiresAtMs: state.certificateExpiresAtMs,
    url: url.href,
  };
}

export function roundMs(ms: number): number {
  return Math.round(Math.max(0, ms) * 10) / 10;
}
