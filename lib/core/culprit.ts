import { isAboutNetwork, isSightProvenAny } from './culprit-proof.ts';
import { type Hypothesis, scoreAll } from './culprit-score.ts';
import { betterParts } from './culprit-several.ts';
import { type Tally, tallyAll, tallyOf } from './culprit-tally.ts';
import type { Scope } from './plan.ts';
import type { Policy } from './policy.ts';
import type { Look, State, Track, Unit } from './state.ts';
import { expiryMs } from './state.ts';
import { isOfEarlierFault } from './told.ts';
import type { ConfidenceLevel } from './words.ts';

/** Blames the largest thing that the failures support and no success contradicts. */
export interface Finding {
  scope: Scope;
  members: Track[];
  /** Those of them that failed. */
  failing: Track[];
  fromMs: number;
  looks: number;
  bad: number;
  score: number;
  confidence: ConfidenceLevel;
  candidates: Scope[];
  /** How well every other culprit explained the same looks, by `kind:id`. */
  scores: Map<string, number>;
  isEnough: boolean;
  /** Enough, but nothing proves yet that our own connection works. */
  awaitsProof: boolean;
}

const close = 3;

/** The running evidence forgets fast; when a fault began may lie further back. */
const lookBackMs = 180_000;

function looksSince(state: State, best: Hypothesis, fromMs: number): Look[] {
  return best.tallies.flatMap(({ track }) =>
    tallyOf(state, track, fromMs).told.filter((look) => !isOfEarlierFault(state, track, look)),
  );
}

/** The first bad look of the fault. A stray one before it, with too many good ones between, belonged to the noise. */
export function beganAt(looks: readonly Pick<Look, 'atMs' | 'weight'>[]): number | null {
  const ordered = [...looks].sort((a, b) => a.atMs - b.atMs);
  for (let i = 0; i < ordered.length; i++) {
    if (ordered[i]!.weight !== 'bad') continue;
    const rest = ordered.slice(i + 1);
    const next = rest.findIndex((look) => look.weight === 'bad');
    if (next < 0) return ordered[i]!.atMs;
    const after = rest.slice(next);
    const share = Math.min(0.95, after.filter((look) => look.weight === 'bad').length / after.length);
    if ((1 - share) ** next >= 0.01) return ordered[i]!.atMs;
  }
  return null;
}

/** The best explanations of what began at `fromMs`: the first, then what it leaves unexplained. */
export function findCulprits(state: State, fromMs: number): Finding[] {
  let tallies = tallyAll(state, fromMs);
  const findings: Finding[] = [];
  while (findings.length < 4) {
    const ranked = scoreAll(state, tallies);
    const best = ranked[0];
    if (!best || best.score < state.policy.alarm_evidence) break;
    const { kind } = best.scope;
    const parts = kind === 'gateway' || kind === 'model' ? betterParts(state, tallies, best) : null;
    const rivals = parts ? ranked.filter((one) => one !== best) : ranked;
    for (const part of parts ?? [best]) findings.push(findingOf(state, fromMs, part, rivals));
    const explained = new Set((parts ?? [best]).flatMap((part) => part.tallies));
    tallies = tallies.filter((tally) => !explained.has(tally));
  }
  return findings;
}

function findingOf(state: State, fromMs: number, best: Hypothesis, ranked: Hypothesis[]): Finding {
  const failing = best.tallies.filter((tally) => tally.bad > 0);
  const [only] = failing;
  const pair = failing.length === 1 && only ? judgePair(state, only, best.scope) : null;
  const looks = isWorthWeighing(state.policy, best)
    ? best.tallies.flatMap((tally) => tally.told).sort((a, b) => a.endMs - b.endMs || a.atMs - b.atMs)
    : [];
  const beganMs = beganAt(looks) ?? fromMs;
  const badLooks = looks
    .filter((look) => look.weight === 'bad' && look.atMs >= beganMs)
    .sort((a, b) => a.atMs - b.atMs);
  const enough = isEnough(state, best, badLooks, looks);
  const proven = !isAboutNetwork(badLooks) || isSightProvenAny(state, best, badLooks);
  const rivals = ranked
    .filter((one) => one !== best && one.score > best.score - close && sharesBlame(one, best))
    .map((one) => one.scope);
  const scope = pair?.scope ?? best.scope;
  const candidates = distinct([scope, ...(pair?.candidates ?? []), ...rivals]);
  return {
    scope,
    members: membersOf(state, scope, best),
    failing: failing.map((tally) => tally.track),
    fromMs: (enough ? beganAt(looksSince(state, best, fromMs - lookBackMs)) : null) ?? fromMs,
    looks: best.looks,
    bad: best.bad,
    score: best.score,
    confidence: confidenceOf(state, best, failing.length, candidates.length),
    candidates: candidates.length > 1 ? candidates : [],
    // The best of its kind stands last, and stays.
    scores: new Map([...ranked].reverse().map((one) => [`${one.scope.kind}:${one.scope.id}`, one.score])),
    isEnough: enough && proven,
    awaitsProof: enough && !proven,
  };
}

/** One provider with one model fails: whose fault is it? */
function judgePair(state: State, tally: Tally, best: Scope): { scope: Scope; candidates: Scope[] } | null {
  const { track } = tally;
  if (track.provider === null) return null;
  const peers = peersOf(state, track);
  const provider: Scope = { kind: 'provider', id: track.provider };
  const route: Scope = { kind: 'route', id: track.scopeId };
  const model: Scope = { kind: 'model', id: track.target.model ?? '' };
  if (best.kind === 'gateway' || best.kind === 'model') return null;
  const works = (list: Track[]) => list.some((peer) => isWorking(state, peer));
  const isNamed = tally.hints.provider * 2 > tally.bad;
  if (!track.isDirect && peers.direct.length > 0 && works(peers.direct)) provider.via = track.gateway;
  if (works(peers.provider) && works(peers.model)) return { scope: route, candidates: [] };
  // What works through a gateway works: only the way there is broken.
  if (track.isDirect && works(peers.provider)) return { scope: route, candidates: [provider] };
  if (peers.provider.length === 0 || (isNamed && !works(peers.provider))) {
    return {
      scope: provider,
      candidates: works(peers.model) ? [] : provider.via ? [route] : [model, route],
    };
  }
  if (isNamed) return { scope: provider, candidates: [route, model] };
  return { scope: route, candidates: [model, provider] };
}

/** Other routes of the same provider through the same gateway, its direct ones, and other routes of the model. */
function peersOf(state: State, track: Track): { provider: Track[]; direct: Track[]; model: Track[] } {
  const routes = [...state.tracks.values()].filter(
    (one) => one !== track && one.probe === 'completion' && !one.isRemoved && one.looks.length > 0,
  );
  const isMine = (one: Track) => one.provider === track.provider;
  return {
    provider: routes.filter(
      (one) =>
        isMine(one) && (track.isDirect || (one.isDirect === track.isDirect && one.gateway === track.gateway)),
    ),
    direct: routes.filter((one) => isMine(one) && one.isDirect && !track.isDirect),
    model: routes.filter((one) => one.model === track.model && !isMine(one)),
  };
}

/** Its latest look worked, and not long ago. */
export function isWorking(state: State, track: Track): boolean {
  for (let i = track.looks.length - 1; i >= 0; i--) {
    const look = track.looks[i]!;
    if (look.endMs < state.nowMs - expiryMs(state, track)) return false;
    if (look.weight === 'good') return true;
    if (look.weight === 'bad') return false;
  }
  return false;
}

/** Without this much nothing is ever enough, whatever its looks show one by one. */
function isWorthWeighing(policy: Policy, { unit, fit }: Hypothesis): boolean {
  const { alike_evidence, alike_slots_evidence, single_evidence, pooled_evidence } = policy;
  const least = Math.min(alike_evidence, alike_slots_evidence, single_evidence, pooled_evidence);
  return unit.bad >= 3 && unit.sum >= policy.alarm_evidence && fit >= least;
}

function isEnough(state: State, best: Hypothesis, bad: Look[], looks: Look[]): boolean {
  const { policy } = state;
  const first = bad[0];
  const last = bad.at(-1);
  if (!first || !last) return false;
  const isSingle = best.tallies.length <= 1;
  const isAlike = isSingle && isAlikeRun(best.tallies[0]!);
  const asked = bad.filter((look) => look.why !== 'slot').length;
  const isConfirmed = asked >= policy.confirm_times && isSightProvenAny(state, best, bad);
  if (best.fit < evidenceAsked(policy, isSingle, isAlike, isConfirmed)) return false;
  if (isSingle && !isAlike && bad.length < policy.single_failures) return false;
  // Three strays on three routes of one model meet once in some years.
  const isFew = !isSingle && best.scope.kind !== 'gateway' && bad.length < policy.single_failures;
  if (isFew && asked < policy.confirm_times) return false;
  if (isConfirmed || isMass(state, best)) return true;
  return spanOf(bad) >= policy.span_ms && (isSingle || isStillFailing(looks));
}

function evidenceAsked(policy: Policy, isSingle: boolean, isAlike: boolean, isConfirmed: boolean): number {
  if (isAlike) return isConfirmed ? policy.alike_evidence : policy.alike_slots_evidence;
  return isSingle ? policy.single_evidence : policy.pooled_evidence;
}

/** A short blip and one stray failure after it are no fault that goes on. */
function isStillFailing(looks: readonly Look[]): boolean {
  return looks.slice(-6).filter((look) => look.weight === 'bad').length >= 2;
}

/** So much failed at so many places that no slot is waited for. */
function isMass(state: State, best: Hypothesis): boolean {
  const sources = new Set(
    best.tallies.filter((one) => one.bad > 0).map((one) => one.track.provider ?? 'any'),
  );
  return best.scope.kind === 'gateway' && best.fit >= state.policy.mass_evidence && sources.size >= 4;
}

/** A look that hung shows the fault for as long as it hung. */
function spanOf(bad: readonly Look[]): number {
  const ends = bad.map((look) => (look.feedClass?.startsWith('timeout') ? look.endMs : look.atMs));
  return Math.max(...ends) - bad[0]!.atMs;
}

/** The last three of this target failed, one after the other, in the same way. */
function isAlikeRun(tally: Tally): boolean {
  const looks = tally.track.looks.filter((look) => look.counts && look.weight !== 'neutral');
  const last = looks.slice(-3);
  return (
    last.length === 3 && last.every((look) => look.weight === 'bad' && look.feedClass === last[0]!.feedClass)
  );
}

/** All targets of the culprit, those not looked at lately included. */
export function membersOf(state: State, scope: Scope, best?: Hypothesis): Track[] {
  const own = [...state.tracks.values()].filter((track) => track.probe === 'completion' && !track.isRemoved);
  switch (scope.kind) {
    case 'gateway':
      return own.filter((track) => track.gateway === scope.id);
    case 'provider':
      return own.filter(
        (track) => track.provider === scope.id && (!scope.via || track.gateway === scope.via),
      );
    case 'model': {
      const known =
        best?.tallies[0]?.track.model ?? own.find((track) => track.target.model === scope.id)?.model;
      const gateways = best && new Set(best.tallies.map((tally) => tally.track.gateway));
      return own.filter((track) => track.model === known && (gateways?.has(track.gateway) ?? true));
    }
    case 'route':
      return own.filter((track) => track.scopeId === scope.id);
    case 'account':
      return own.filter((track) => track.account === scope.id);
    case 'prober':
      return [];
    default:
      return scope.kind satisfies never;
  }
}

function confidenceOf(state: State, best: Hypothesis, failing: number, candidates: number): ConfidenceLevel {
  if (candidates > 1) return 'low';
  const vantages = new Set(best.tallies.flatMap((tally) => tally.badLooks.map((look) => look.vantage))).size;
  if (vantages > 1 || (failing >= 3 && best.score >= state.policy.pooled_evidence)) return 'high';
  return 'medium';
}

function sharesBlame(a: Hypothesis, b: Hypothesis): boolean {
  const own = new Set(b.tallies.filter((tally) => tally.bad > 0));
  return a.tallies.some((tally) => tally.bad > 0 && own.has(tally));
}

function distinct(scopes: Scope[]): Scope[] {
  const seen = new Set<string>();
  return scopes.filter((scope) => {
    const key = `${scope.kind}:${scope.id}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The pools of this target whose running evidence calls for a search, strongest first. */
export function alarmed(state: State, track: Track): Unit[] {
  return track.units
    .filter((unit) => unit.bad >= 3 && unit.sum >= state.policy.alarm_evidence)
    .sort((a, b) => b.sum - a.sum);
}
