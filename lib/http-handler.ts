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

/** Notes what undici reports, counts every byte, and hands decoded pieces on. */
export function createHandler(
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
      // The parser counts header fields, not the reason phrase before them.
      const bytesRead = state.marks.socket?.bytesRead ?? 0;
      if (bytesRead > limits.headerBytes + readAheadBytes) return stop.stop(tooLarge('head'));
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
