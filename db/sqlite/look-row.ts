import type { Observation, Timing } from '../../lib/core/observation.ts';
import type { TargetRef } from '../../lib/core/target.ts';

/** An observation in two parts: what many looks share (its shape) and the numbers of this one. */

export interface LookNumbers {
  slot: number | null;
  dnsUs: number | null;
  connectUs: number | null;
  tlsUs: number | null;
  headersUs: number | null;
  firstByteUs: number | null;
  firstTokenUs: number | null;
  worstGapUs: number | null;
  totalUs: number | null;
  tokens: number | null;
  costPusd: number | null;
  extra: string | null;
}

interface Extra {
  firstReasoningUs?: number;
  reasoningTokens?: number;
  stallMs?: number;
  retryAfterMs?: number;
  edgeAgeS?: number;
  claims?: Observation['claims'];
  account?: Observation['account'];
}

const toUs = (ms: number | null) =>
  ms === null || !Number.isFinite(ms) ? null : Math.max(0, Math.round(ms * 1000));
const toMs = (us: number | null) => (us === null ? null : us / 1000);

/** Leaves out what is null, so that a shape is short and the same facts are always the same text. */
function compact(facts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== null && value !== undefined),
  );
}

function isSteady(claims: Observation['claims']): boolean {
  return (claims ?? []).every((c) => c.uptime5m === null && c.uptime30m === null && c.uptime1d === null);
}

export function shapeFacts(o: Observation): string {
  return JSON.stringify(
    compact({
      reached: o.reached,
      fault: o.fault,
      status: o.status,
      error: o.error && compact({ ...o.error }),
      served: o.served && compact(o.served),
      keyed: o.keyed,
      endpoint: o.endpoint,
      family: o.family,
      edge: o.edge && compact({ cache: o.edge.cache, site: o.edge.site }),
      output:
        o.output &&
        compact({
          finish: o.output.finish,
          done: o.output.done,
          answer: o.output.answer,
          reasoning: o.output.reasoningTokens === 0 ? 0 : null,
        }),
      claims: isSteady(o.claims) ? o.claims : null,
      tainted: o.tainted ? true : null,
    }),
  );
}

function extraOf(o: Observation): string | null {
  const extra: Extra = {};
  const firstReasoningUs = toUs(o.timing.firstReasoningMs);
  if (firstReasoningUs !== null) extra.firstReasoningUs = firstReasoningUs;
  if (o.output?.reasoningTokens) extra.reasoningTokens = o.output.reasoningTokens;
  if (o.stallMs) extra.stallMs = o.stallMs;
  if (o.retryAfterMs !== null) extra.retryAfterMs = o.retryAfterMs;
  if (o.edge && o.edge.ageS !== null) extra.edgeAgeS = o.edge.ageS;
  if (!isSteady(o.claims)) extra.claims = o.claims;
  if (o.account) extra.account = o.account;
  for (const _ in extra) return JSON.stringify(extra);
  return null;
}

const wholeOrNull = (value: number | null | undefined) =>
  value === null || value === undefined || !Number.isFinite(value) ? null : Math.round(value);

export function lookNumbers(o: Observation): LookNumbers {
  return {
    slot: wholeOrNull(o.slot),
    dnsUs: toUs(o.timing.dnsMs),
    connectUs: toUs(o.timing.connectMs),
    tlsUs: toUs(o.timing.tlsMs),
    headersUs: toUs(o.timing.headersMs),
    firstByteUs: toUs(o.timing.firstByteMs),
    firstTokenUs: toUs(o.timing.firstTokenMs),
    worstGapUs: toUs(o.timing.worstGapMs),
    totalUs: toUs(o.timing.totalMs),
    tokens: wholeOrNull(o.output?.tokens),
    costPusd: o.costUsd === null || !Number.isFinite(o.costUsd) ? null : Math.round(o.costUsd * 1e12),
    extra: extraOf(o),
  };
}

/** True for a look that has nothing but its total time. */
export function isPlain(n: LookNumbers): boolean {
  return (
    n.dnsUs === null &&
    n.connectUs === null &&
    n.tlsUs === null &&
    n.headersUs === null &&
    n.firstByteUs === null &&
    n.firstTokenUs === null &&
    n.worstGapUs === null &&
    n.tokens === null &&
    n.costPusd === null &&
    n.extra === null
  );
}

export interface LookHead {
  atMs: number;
  vantage: string;
  probe: Observation['probe'];
  target: TargetRef;
  why: Observation['why'];
}

function timingOf(n: LookNumbers, extra: Extra): Timing {
  return {
    dnsMs: toMs(n.dnsUs),
    connectMs: toMs(n.connectUs),
    tlsMs: toMs(n.tlsUs),
    headersMs: toMs(n.headersUs),
    firstByteMs: toMs(n.firstByteUs),
    firstReasoningMs: toMs(extra.firstReasoningUs ?? null),
    firstTokenMs: toMs(n.firstTokenUs),
    worstGapMs: toMs(n.worstGapUs),
    totalMs: toMs(n.totalUs),
  };
}

export type Facts = Pick<Observation, 'reached'> &
  Partial<Observation> & { output?: { reasoning?: 0 } | null };

/** The observation again, from its two parts. */
export function joinLook(head: LookHead, facts: Facts, n: LookNumbers): Observation {
  const extra: Extra = n.extra === null ? {} : JSON.parse(n.extra);
  return {
    v: 1,
    ...head,
    reached: facts.reached,
    fault: facts.fault ?? null,
    status: facts.status ?? null,
    error: facts.error ? { ...noError, ...facts.error } : null,
    retryAfterMs: extra.retryAfterMs ?? null,
    served: facts.served
      ? { provider: facts.served.provider ?? null, model: facts.served.model ?? null }
      : null,
    timing: timingOf(n, extra),
    output: facts.output ? outputOf(facts.output, n, extra) : null,
    slot: n.slot,
    keyed: facts.keyed ?? false,
    endpoint: facts.endpoint ?? null,
    family: facts.family ?? null,
    edge: facts.edge
      ? { cache: facts.edge.cache ?? null, ageS: extra.edgeAgeS ?? null, site: facts.edge.site ?? null }
      : null,
    costUsd: n.costPusd === null ? null : n.costPusd / 1e12,
    claims: extra.claims ?? facts.claims ?? null,
    account: extra.account ?? null,
    stallMs: extra.stallMs ?? 0,
    tainted: facts.tainted ?? false,
  };
}

const noError = {
  code: null,
  type: null,
  message: null,
  provider: null,
  limit: null,
  attempt: null,
  body: null,
  inBand: false,
} as const;

function outputOf(
  output: NonNullable<Facts['output']>,
  n: LookNumbers,
  extra: Extra,
): NonNullable<Observation['output']> {
  return {
    tokens: n.tokens,
    reasoningTokens: extra.reasoningTokens ?? output.reasoning ?? null,
    finish: output.finish ?? null,
    done: output.done ?? false,
    answer: output.answer ?? null,
  };
}
