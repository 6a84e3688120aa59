import {
  type AccountFacts,
  type Claim,
  type Edge,
  type ErrorFacts,
  faults,
  type Observation,
  type Output,
  phases,
  probeKinds,
  type Timing,
  whys,
} from './observation.ts';
import type { TargetRef } from './target.ts';

/** The wire form of an observation: one JSON object. Reading is permissive, because lines come from far away and from the future. */

export type ParsedObservation =
  | { ok: true; observation: Observation }
  /** `isForeign`: well formed, but of a kind or version this program does not know. */
  | { ok: false; problem: string; isForeign: boolean };

type Json = Record<string, unknown>;
interface Taint {
  isTainted: boolean;
}

const dayMs = 86_400_000;
/** No look lasts an hour: a longer duration is a broken clock or a wrong unit. */
const longestMs = 3_600_000;
const earliestMs = Date.UTC(2000, 0, 1);
const latestMs = Date.UTC(2200, 0, 1);
const messageLimit = 512;

export function parseObservation(json: unknown): ParsedObservation {
  if (!isObject(json)) return refuse('not a JSON object');
  for (const name of ['v', 'at', 'probe', 'target'] as const) {
    if (json[name] === undefined || json[name] === null) return refuse(`lacks ${name}`);
  }
  if (json.v !== 1) return refuse(`version ${say(json.v)} is not known here`, true);
  const atMs = typeof json.at === 'string' ? Date.parse(json.at) : Number.NaN;
  if (!(atMs >= earliestMs && atMs <= latestMs)) return refuse(`at ${say(json.at)} is no instant`);
  const probe = oneOf(probeKinds, json.probe);
  if (probe === null) {
    return typeof json.probe === 'string'
      ? refuse(`probe ${say(json.probe)} is not known here`, true)
      : refuse('probe is no text');
  }
  if (!isObject(json.target)) return refuse('target is no object');
  const target = parseTarget(json.target);
  if (target === null) return refuse('target names nothing');
  return { ok: true, observation: readRest(json, atMs, probe, target) };
}

function readRest(json: Json, atMs: number, probe: Observation['probe'], target: TargetRef): Observation {
  const taint: Taint = { isTainted: false };
  const paid = ['completion', 'account', 'capability', 'drift'].includes(probe);
  const observation: Observation = {
    v: 1,
    atMs,
    vantage: text(json.vantage) ?? 'local',
    probe,
    target,
    reached: oneOf(phases, json.reached) ?? 'none',
    fault: oneOf(faults, json.fault),
    status: numberIn(json.status, 100, 999, taint),
    error: isObject(json.error) ? parseError(json.error, taint) : null,
    retryAfterMs: numberIn(json.retryAfterMs, 0, 366 * dayMs, taint),
    served: isObject(json.served)
      ? { provider: text(json.served.provider), model: text(json.served.model) }
      : null,
    timing: parseTiming(isObject(json.timing) ? json.timing : {}, taint),
    output: isObject(json.output) ? parseOutput(json.output, taint) : null,
    slot: numberIn(json.slot, 0, Number.MAX_SAFE_INTEGER, taint),
    why: oneOf(whys, json.why) ?? 'slot',
    keyed: typeof json.keyed === 'boolean' ? json.keyed : paid,
    endpoint: text(json.endpoint),
    family: json.family === 4 || json.family === 6 ? json.family : null,
    edge: isObject(json.edge) ? parseEdge(json.edge, taint) : null,
    costUsd: numberIn(json.costUsd, 0, 1_000_000, taint),
    claims: Array.isArray(json.claims) ? parseClaims(json.claims, taint) : null,
    account: isObject(json.account) ? parseAccount(json.account, taint) : null,
    stallMs: numberIn(json.stallMs, 0, longestMs, taint) ?? 0,
    tainted: false,
  };
  observation.tainted = taint.isTainted || json.tainted === true;
  return observation;
}

/** The same form `parseObservation` reads; `tainted` is written only when it is set. */
export function toWire(o: Observation): Json {
  const { atMs, tainted, ...rest } = o;
  const { v, ...facts } = rest;
  return { v, at: new Date(atMs).toISOString(), ...facts, ...(tainted ? { tainted } : {}) };
}

/** What makes two lines the same look. */
export function observationIdentity(o: Observation): string {
  const { gateway, provider, model, api, region } = o.target;
  return [o.vantage, o.probe, gateway, provider, model, api ?? 'chat', region, o.atMs].join('\n');
}

function parseTarget(json: Json): TargetRef | null {
  const target: TargetRef = {
    gateway: text(json.gateway),
    provider: text(json.provider),
    model: text(json.model),
  };
  if (target.gateway === null && target.provider === null && target.model === null) return null;
  const api = text(json.api);
  const region = text(json.region);
  if (api !== null && api !== 'chat') target.api = api;
  if (region !== null) target.region = region;
  return target;
}

function parseError(json: Json, taint: Taint): ErrorFacts {
  return {
    code: typeof json.code === 'number' ? String(json.code) : text(json.code),
    type: text(json.type),
    message: text(json.message)?.slice(0, messageLimit) ?? null,
    provider: text(json.provider),
    limit: text(json.limit),
    attempt: numberIn(json.attempt, 0, 1_000, taint),
    body: oneOf(['json', 'html', 'text', 'empty'] as const, json.body),
    inBand: json.inBand === true,
  };
}

function parseTiming(json: Json, taint: Taint): Timing {
  return {
    dnsMs: numberIn(json.dnsMs, 0, longestMs, taint),
    connectMs: numberIn(json.connectMs, 0, longestMs, taint),
    tlsMs: numberIn(json.tlsMs, 0, longestMs, taint),
    headersMs: numberIn(json.headersMs, 0, longestMs, taint),
    firstByteMs: numberIn(json.firstByteMs, 0, longestMs, taint),
    firstReasoningMs: numberIn(json.firstReasoningMs, 0, longestMs, taint),
    firstTokenMs: numberIn(json.firstTokenMs, 0, longestMs, taint),
    worstGapMs: numberIn(json.worstGapMs, 0, longestMs, taint),
    totalMs: numberIn(json.totalMs, 0, longestMs, taint),
  };
}

function parseOutput(json: Json, taint: Taint): Output {
  return {
    tokens: numberIn(json.tokens, 0, 10_000_000, taint),
    reasoningTokens: numberIn(json.reasoningTokens, 0, 10_000_000, taint),
    finish: text(json.finish),
    done: json.done === true,
    answer: oneOf(['match', 'mismatch', 'empty'] as const, json.answer),
  };
}

function parseEdge(json: Json, taint: Taint): Edge {
  return {
    cache: text(json.cache),
    ageS: numberIn(json.ageS, 0, 366 * 86_400, taint),
    site: text(json.site),
  };
}

const claimStatuses = [
  'operational',
  'degraded',
  'partial_outage',
  'major_outage',
  'maintenance',
  'unknown',
] as const;

/** A bad element is dropped; the rest of the list stays. */
function parseClaims(list: unknown[], taint: Taint): Claim[] {
  return list.filter(isObject).map((claim) => ({
    component: text(claim.component) ?? '',
    provider: text(claim.provider),
    model: text(claim.model),
    status: oneOf(claimStatuses, claim.status) ?? 'unknown',
    uptime5m: numberIn(claim.uptime5m, 0, 100, taint),
    uptime30m: numberIn(claim.uptime30m, 0, 100, taint),
    uptime1d: numberIn(claim.uptime1d, 0, 100, taint),
  }));
}

function parseAccount(json: Json, taint: Taint): AccountFacts {
  return {
    valid: typeof json.valid === 'boolean' ? json.valid : null,
    limitRemainingUsd: numberIn(json.limitRemainingUsd, -1e9, 1e9, taint),
    isFreeTier: typeof json.isFreeTier === 'boolean' ? json.isFreeTier : null,
  };
}

function numberIn(value: unknown, min: number, max: number, taint: Taint): number | null {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  if (value !== null && value !== undefined) taint.isTainted = true;
  return null;
}

/** The empty text is absent: far sides send it for ids they do not have. */
function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | null {
  return typeof value === 'string' && (known as readonly string[]).includes(value) ? (value as T) : null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(problem: string, isForeign = false): ParsedObservation {
  return { ok: false, problem, isForeign };
}

function say(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? String(value);
}
