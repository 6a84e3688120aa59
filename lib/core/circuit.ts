import { isSharedByOthers, suspectedOf } from './culprit-loss.ts';
import { addAsk, addEvent, type Draft } from './draft.ts';
import type { Circuit, RouteState } from './plan.ts';
import { circuitSentence } from './sentence.ts';
import type { Look, State, Track } from './state.ts';
import { hashShare, wilson, z } from './statistics.ts';
import { badRun } from './verdict.ts';

/** May this route be used? Closed, open, half open: slow to open, quick to try again, gentle to return. */

const hourMs = 3_600_000;

export const closedCircuit: Circuit = {
  state: 'closed',
  sinceMs: 0,
  reason: null,
  retryAtMs: null,
  rampUntilMs: null,
  source: 'auto',
  backoff: 0,
};

/** Does what was seen ask for opening? Only countable failures do. */
export function wantsOpen(state: State, track: Track): string | null {
  const { policy } = state;
  const looks = track.looks.filter(
    (look) => look.counts && look.weight !== 'neutral' && look.weight !== 'limited',
  );
  const last = looks.at(-1);
  // Who is blind has no say, whatever stands beside it.
  if (last?.weight !== 'bad' || state.vantages.get(last.vantage)?.isBlind) return null;
  // A refusal of our key opens nothing, unless it was found to be somebody else's failure in disguise.
  if (!last.isCountable) return isBlamed(track) ? 'group' : null;
  const three = looks.slice(-policy.fail_open_looks);
  const withinMs = Math.max(policy.fail_open_ms, 3 * track.everyMs);
  const isRun =
    three.length === policy.fail_open_looks &&
    three.every((look) => look.weight === 'bad' && look.isCountable) &&
    last.endMs - three[0]!.atMs <= withinMs + 30_000;
  const isWitnessed = hasWitness(state, track);
  // Looks close together may share a connection fault, unless somebody else saw it too.
  const isSure = isRun && (isWitnessed || isSpread(three, policy.confirm_gap_ms));
  const isSeen = canSee(state, track, last) && (isWitnessed || !isLostOnTheWay(state, track, three));
  if ((isSure || isFailedInTraffic(state, track)) && isSeen) return last.feedClass;
  if (!isWitnessed) return null;
  const recent = looks.filter((look) => look.endMs >= state.nowMs - policy.sample_window_ms);
  const good = recent.filter((look) => look.weight === 'good').length;
  const isPoor =
    recent.length >= policy.circuit_least_looks &&
    // Asked again at every look: the wider interval makes up for it.
    wilson(good, recent.length, z.two99).high < policy.open_success_share;
  return isPoor || isBlamed(track) ? last.feedClass : null;
}

function isSpread(looks: readonly Look[], gapMs: number): boolean {
  return looks.every((look, i) => i === 0 || look.atMs - looks[i - 1]!.atMs >= gapMs);
}

/** The owner's own traffic is a witness beside a failed look of ours: alone it opens nothing, whoever reports it. */
function isFailedInTraffic({ policy, nowMs }: State, { looks }: Track): boolean {
  const told = looks.filter((look) => look.why === 'passive' && look.endMs > nowMs - policy.fail_open_ms);
  const isAllBad = told.every((look) => look.weight === 'bad' && look.isCountable);
  return isAllBad && told.length >= policy.fail_open_looks - 1;
}

/** A connection that failed needs a sign that ours is sound. */
function canSee(state: State, track: Track, last: Look): boolean {
  if (!last.isNetwork) return true;
  for (const [name, host] of state.vantages.get(last.vantage)?.hosts ?? []) {
    if (name !== track.host && host.badRun === 0 && host.okAtMs > last.atMs - 60_000) return true;
  }
  return false;
}

/** Most of them never reached a host that others reach, or others lose as much: it is lost by a line, and that may be ours. */
function isLostOnTheWay(state: State, track: Track, run: readonly Look[]): boolean {
  const [first] = run;
  const lost = run.filter((look) => look.isNetwork && !look.isRefused && !look.isSent);
  if (!first || 2 * lost.length <= run.length) return false;
  const looks = state.vantages.get(first.vantage)?.hosts.get(track.host)?.recent ?? [];
  const meanwhile = looks.filter((look) => look.atMs >= first.atMs);
  const bad = meanwhile.filter((look) => look.isBad).length;
  if (2 * bad <= meanwhile.length) return true;
  const of = { hosts: new Set([track.host]), looks: meanwhile.length, bad, isNarrow: false };
  return isSharedByOthers(state, first.vantage, { ...suspectedOf(run, of), isSent: true });
}

/** A total fault of something larger that contains this route, and the route's own last look shows it. */
function isBlamed(track: Track): boolean {
  return track.cases.some(
    (one) =>
      one.incident.status === 'open' &&
      one.nature === 'failing' &&
      one.incident.impact === 'major_outage' &&
      one.incident.scope.kind !== 'account',
  );
}

/** Another vantage, or another route of the same case, agrees. */
function hasWitness(state: State, track: Track): boolean {
  if (track.cases.some((one) => one.incident.status === 'open' && one.nature === 'failing')) return true;
  const vantages = new Set(
    track.looks
      .filter((look) => look.weight === 'bad' && look.endMs > state.nowMs - 120_000)
      .map((look) => look.vantage),
  );
  return vantages.size > 1;
}

export function openCircuit(
  state: State,
  draft: Draft,
  route: RouteState,
  reason: string,
  source: Circuit['source'] = 'auto',
  /** Whose fault it is, where it is not the route's own looks that say so. */
  because?: string,
): void {
  const { circuit } = route;
  const isReopening = circuit.state === 'half_open';
  route.circuit = {
    ...circuit,
    state: 'open',
    sinceMs: state.nowMs,
    reason,
    source,
    backoff: isReopening ? Math.min(6, circuit.backoff + 1) : circuit.backoff,
    openedAtMs: [...(circuit.openedAtMs ?? []).filter((ms) => ms > state.nowMs - hourMs), state.nowMs],
    rampUntilMs: null,
    retryAtMs: null,
  };
  route.circuit.retryAtMs = state.nowMs + retryWaitMs(state, route);
  draft.routes.set(route.targetId, route);
  say(state, draft, route, 'opened', because);
}

/** Doubling, bounded, and different for every route. */
function retryWaitMs(state: State, route: RouteState): number {
  const { policy } = state;
  const waitMs = Math.min(policy.retry_most_ms, policy.retry_ms * 2 ** route.circuit.backoff);
  const share = hashShare(`${route.targetId}@${route.circuit.sinceMs}`);
  const jitter = 1 + policy.retry_jitter * (2 * share - 1);
  return Math.round(Math.min(policy.retry_most_ms * (1 + policy.retry_jitter), waitMs * jitter));
}

export function halfOpen(state: State, draft: Draft, track: Track, route: RouteState): void {
  route.circuit = { ...route.circuit, state: 'half_open', sinceMs: state.nowMs, retryAtMs: null };
  draft.routes.set(route.targetId, route);
  say(state, draft, route, 'half_opened');
  askTrial(state, draft, track, 0);
}

export function askTrial(state: State, draft: Draft, track: Track, afterMs: number): void {
  addAsk(state, draft, {
    targetKey: track.key,
    why: 'trial',
    notBeforeMs: state.nowMs + afterMs,
    everyMs: null,
    untilMs: null,
    reason: 'is it back?',
  });
}

export function closeCircuit(state: State, draft: Draft, route: RouteState): void {
  route.circuit = {
    ...route.circuit,
    state: 'closed',
    sinceMs: state.nowMs,
    retryAtMs: null,
    rampUntilMs: state.nowMs + state.policy.ramp_ms,
    source: 'auto',
  };
  draft.routes.set(route.targetId, route);
  say(state, draft, route, 'closed');
}

/** Good trials since it was half opened, as far apart as they must be. */
export function goodTrials(state: State, track: Track, route: RouteState): number {
  let count = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const look of track.looks) {
    if (look.endMs < route.circuit.sinceMs || look.weight !== 'good') continue;
    if (look.endMs - lastMs < state.policy.close_gap_ms) continue;
    count += 1;
    lastMs = look.endMs;
  }
  return count;
}

export function isDwelling(state: State, route: RouteState): boolean {
  // One that never opened is not held shut.
  return route.circuit.reason !== null && state.nowMs - route.circuit.sinceMs < state.policy.dwell_ms;
}

export function isStillBad(track: Track): boolean {
  return badRun(track.looks.filter((look) => look.counts)) > 0;
}

function say(
  state: State,
  draft: Draft,
  route: RouteState,
  to: 'opened' | 'half_opened' | 'closed',
  because = route.reason,
): void {
  // From now on something moves by the second.
  state.nextScanMs = Math.min(state.nextScanMs, state.nowMs + 1_000);
  addEvent(state, draft, {
    id: `circuit.${to}:${route.targetId}:${route.circuit.sinceMs}`,
    type: `circuit.${to}`,
    scope: { kind: 'route', id: `${route.target.gateway}/${route.target.provider}/${route.target.model}` },
    incidentId: route.incidentId,
    targetId: route.targetId,
    sentence: circuitSentence(route, to, because),
    reason: route.circuit.reason ?? route.reason,
    expiresAtMs: state.nowMs + 600_000,
    data: { circuit: { ...route.circuit } },
  });
}
