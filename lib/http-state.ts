import type { HttpLimits, HttpLook, HttpRequest } from './http.ts';
import { type Collector, createCollector } from './http-collect.ts';
import type { OpeningMarks } from './http-connect.ts';
import type { BodyPath } from './http-decode.ts';
import type { Shared } from './http-exchange.ts';
import type { LookFault } from './http-faults.ts';

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

/** What one hop has seen so far. Monotonic instants. */
export interface HopState {
  marks: OpeningMarks;
  sentMonoMs: number | null;
  headersMonoMs: number | null;
  firstByteMonoMs: number | null;
  lastByteMonoMs: number | null;
  status: number | null;
  headers: Record<string, string>;
  kept: Collector;
  /** How many pieces the body came in. */
  pieces: number;
  bodyBytes: number;
  wireBytes: number;
  isDone: boolean;
  fault: LookFault | null;
  certificateFromMs: number | null;
  certificateExpiresAtMs: number | null;
  path: BodyPath | null;
}

export function blankState(): HopState {
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
    kept: createCollector(),
    pieces: 0,
    bodyBytes: 0,
    wireBytes: 0,
    isDone: false,
    fault: null,
    certificateFromMs: null,
    certificateExpiresAtMs: null,
    path: null,
  };
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

export function toLook(hop: Hop, state: HopState): HttpLook {
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
    body: state.kept.whole(),
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
    certificateFromMs: state.certificateFromMs,
    certificateExpiresAtMs: state.certificateExpiresAtMs,
    url: url.href,
  };
}

export function roundMs(ms: number): number {
  return Math.round(Math.max(0, ms) * 10) / 10;
}
