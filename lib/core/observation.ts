import type { TargetRef } from './target.ts';

/** The facts one look saw. No opinion: `lib/core/outcome.ts` judges. The wire form is one JSON object per line. */

/** Every kind of look by its word on the wire, and what it is judged like. */
export const probeWays = {
  completion: 'call',
  catalog: 'list',
  account: 'account',
  reported: 'page',
  official: 'page',
  control: 'control',
  http: 'address',
  heartbeat: 'address',
  // Series of their own: never availability.
  capability: 'ability',
  drift: 'ability',
  // Our own test target, which goes down on schedule: judged like any other, kept nowhere.
  canary: 'address',
} as const;
export type ProbeKind = keyof typeof probeWays;
export const probeKinds = Object.keys(probeWays) as ProbeKind[];

export const phases = [
  'none',
  'resolved',
  'connected',
  'secured',
  'sent',
  'headers',
  'first_byte',
  'first_token',
  'done',
] as const;
export type Phase = (typeof phases)[number];

export const faults = [
  'dns',
  'unreachable',
  'refused',
  'reset',
  'tls',
  'timeout',
  'too_large',
  'malformed',
  'aborted',
] as const;
export type Fault = (typeof faults)[number];

/** Vantages of this kind are others' traffic: they tell, and have no vote. */
export const passivePrefix = 'passive-';

export const whys = ['slot', 'confirm', 'neighbour', 'trial', 'manual', 'passive'] as const;
export type Why = (typeof whys)[number];

export interface ErrorFacts {
  code: string | null;
  type: string | null;
  message: string | null;
  /** Whom the far side blames. */
  provider: string | null;
  limit: string | null;
  /** Router metadata: 0 means no provider was reached. */
  attempt: number | null;
  body: 'json' | 'html' | 'text' | 'empty' | null;
  inBand: boolean;
}

export interface Timing {
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  headersMs: number | null;
  firstByteMs: number | null;
  firstReasoningMs: number | null;
  firstTokenMs: number | null;
  worstGapMs: number | null;
  totalMs: number | null;
}

export interface Output {
  tokens: number | null;
  reasoningTokens: number | null;
  finish: string | null;
  /** The stream ended the way the dialect says it must. */
  done: boolean;
  answer: 'match' | 'mismatch' | 'empty' | null;
}

export interface Claim {
  component: string;
  provider: string | null;
  model: string | null;
  status: 'operational' | 'degraded' | 'partial_outage' | 'major_outage' | 'maintenance' | 'unknown';
  uptime5m: number | null;
  uptime30m: number | null;
  uptime1d: number | null;
}

export interface AccountFacts {
  valid: boolean | null;
  limitRemainingUsd: number | null;
  isFreeTier: boolean | null;
}

export interface Edge {
  cache: string | null;
  ageS: number | null;
  site: string | null;
}

export interface Observation {
  v: 1;
  /** When the look began, epoch milliseconds UTC; ISO on the wire. */
  atMs: number;
  vantage: string;
  probe: ProbeKind;
  target: TargetRef;
  reached: Phase;
  fault: Fault | null;
  status: number | null;
  error: ErrorFacts | null;
  retryAfterMs: number | null;
  served: { provider: string | null; model: string | null } | null;
  timing: Timing;
  output: Output | null;
  slot: number | null;
  why: Why;
  keyed: boolean;
  endpoint: string | null;
  family: 4 | 6 | null;
  edge: Edge | null;
  costUsd: number | null;
  claims: Claim[] | null;
  account: AccountFacts | null;
  stallMs: number;
  /** Set when a value on the wire was out of its range: the look counts for nothing that needs that value. */
  tainted: boolean;
}

export const noTiming: Timing = {
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  headersMs: null,
  firstByteMs: null,
  firstReasoningMs: null,
  firstTokenMs: null,
  worstGapMs: null,
  totalMs: null,
};

/** A blank observation of a target, to be filled in by a probe. */
export function blankObservation(
  about: Pick<Observation, 'atMs' | 'vantage' | 'probe' | 'target'> & Partial<Observation>,
): Observation {
  return {
    v: 1,
    reached: 'none',
    fault: null,
    status: null,
    error: null,
    retryAfterMs: null,
    served: null,
    timing: noTiming,
    output: null,
    slot: null,
    why: 'slot',
    keyed: ['completion', 'account', 'capability', 'drift'].includes(about.probe),
    endpoint: null,
    family: null,
    edge: null,
    costUsd: null,
    claims: null,
    account: null,
    stallMs: 0,
    tainted: false,
    ...about,
  };
}

/** When the look ended: a decision about it cannot be made earlier. */
export function endedAtMs(o: Observation): number {
  return o.atMs + (o.timing.totalMs ?? 0);
}

export function hasReached(o: Observation, phase: Phase): boolean {
  return phases.indexOf(o.reached) >= phases.indexOf(phase);
}
