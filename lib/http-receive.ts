import type { Dispatcher } from 'undici';
import { createBodyPath } from './http-decode.ts';
import { isRedirect } from './http-exchange.ts';
import { LookFault } from './http-faults.ts';
import type { Hop, HopState } from './http-state.ts';
import type { Stop } from './http-stop.ts';

export function requestOf({ request, url, headers, shared }: Hop): Dispatcher.DispatchOptions {
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

/** What may have been read of the body when the head is complete. */
const readAheadBytes = 131_072;

/** An honest body comes in some thousands; each costs the same, however little is in it. */
const mostPieces = 50_000;

/** Counts and keeps decoded pieces, or hands them on; `done` when the reader had enough. */
function createTaker(hop: Hop, state: HopState, stop: Stop, done: () => void): (chunk: Uint8Array) => void {
  const { request, limits, shared } = hop;
  return (chunk) => {
    if (state.fault || state.isDone) return;
    state.bodyBytes += chunk.byteLength;
    if (state.bodyBytes > limits.bodyBytes) return stop.stop(tooLarge('body'));
    if (!request.onChunk || isPassedOver(hop, state.status)) return state.kept.add(chunk);
    if (request.onChunk(chunk, state.lastByteMonoMs ?? shared.monoMs()) !== 'stop') return;
    state.isDone = true;
    done();
  };
}

/** A redirect that will be followed is nobody's answer. */
function isPassedOver(hop: Hop, status: number | null): boolean {
  return !hop.isLast && isRedirect(status);
}

function takeHead(
  hop: Hop,
  state: HopState,
  stop: Stop,
  status: number,
  headers: Record<string, string | string[] | undefined>,
): void {
  state.headersMonoMs ??= hop.shared.monoMs();
  // The parser counts header fields, not the reason phrase before them.
  const bytesRead = state.marks.socket?.bytesRead ?? 0;
  if (bytesRead > hop.limits.headerBytes + readAheadBytes) {
    stop.stop(tooLarge('head'));
    return;
  }
  state.status = status;
  state.headers = flatten(headers);
  stop.enter('body');
}

/** Notes what undici reports, counts every byte, and hands decoded pieces on. */
export function createHandler(
  hop: Hop,
  state: HopState,
  stop: Stop,
  resolve: () => void,
  reject: (error: unknown) => void,
): Dispatcher.DispatchHandler {
  const { monoMs } = hop.shared;
  const take = createTaker(hop, state, stop, resolve);
  return {
    onRequestStart: () => {},
    onRequestSent: () => {
      state.sentMonoMs = monoMs();
    },
    onResponseStarted: () => {
      state.headersMonoMs ??= monoMs();
    },
    onResponseStart: (_controller, status, headers) => {
      if (status < 200) return;
      takeHead(hop, state, stop, status, headers);
      state.path = createBodyPath(state.headers['content-encoding'], take, stop.stop);
    },
    onResponseData: (_controller, chunk) => {
      state.lastByteMonoMs = monoMs();
      state.firstByteMonoMs ??= state.lastByteMonoMs;
      state.wireBytes += chunk.byteLength;
      state.pieces += 1;
      if (state.wireBytes > hop.limits.wireBytes || state.pieces > mostPieces) stop.stop(tooLarge('wire'));
      else if (!state.fault && !state.isDone) state.path?.write(chunk);
    },
    onResponseEnd: () => void (state.path?.end() ?? Promise.resolve()).then(resolve, reject),
    onResponseError: (_controller, error) => reject(error),
  };
}

function tooLarge(what: 'head' | 'body' | 'wire'): LookFault {
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
