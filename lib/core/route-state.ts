import {
  closeCircuit,
  closedCircuit,
  goodTrials,
  halfOpen,
  isDwelling,
  openCircuit,
  wantsOpen,
} from './circuit.ts';
import { adviceFor, shareOut } from './circuit-advice.ts';
import { noConfidence } from './confidence.ts';
import { addEvent, type Draft } from './draft.ts';
import { requestOpen } from './guard.ts';
import { activeMaintenance, isInMaintenance } from './maintenance.ts';
import type { RouteState } from './plan.ts';
import { type Case, expiryMs, type Look, type State, type Track } from './state.ts';
import { judgeTarget } from './verdict.ts';
import { verdictWords } from './words.ts';

/** The published decision about one route, kept up after each of its looks and as time passes. */

export function refreshRoute(state: State, draft: Draft, track: Track, look: Look | null): void {
  if (track.probe !== 'completion') return;
  const route = track.route ?? (track.route = blankRoute(state, track));
  if (isCalm(state, track, route, look)) return;
  const before = {
    ...route,
    circuit: { ...route.circuit },
    advice: { ...route.advice },
    confidence: { ...route.confidence },
  };
  judgeInto(state, draft, track, route, look);
  moveCircuit(state, draft, track, route, look);
  const isTurned = before.circuit.state !== route.circuit.state || before.state !== route.state;
  if (route.circuit.state === 'open' || before.circuit.state === 'open') shareOut(state, draft, track);
  else route.advice = adviceFor(state, track, route, false);
  if (isTurned || isDifferent(before, route)) draft.routes.set(route.targetId, route);
}

/** Nothing can change: the usual case, and so the cheap one. */
function isCalm(state: State, track: Track, route: RouteState, look: Look | null): boolean {
  if (track.cases.length > 0 || route.verdict !== 'operational' || route.circuit.state !== 'closed')
    return false;
  if (route.limited || route.removed !== track.isRemoved || activeMaintenance(state).length > 0) return false;
  if (route.confidence.level === 'none' || route.confidence.level === 'low') return state.isQuiet;
  const { rampUntilMs, backoff } = route.circuit;
  if (backoff > 0 || (rampUntilMs !== null && state.nowMs < rampUntilMs + 10_000)) return false;
  const last = look ?? track.looks.at(-1);
  if (last?.weight !== 'good' || last.isSlow) return false;
  if (look !== null) return look.endMs - (route.observedAtMs ?? 0) < calmMs;
  return last.endMs >= state.nowMs - expiryMs(state, track);
}

/** Even a calm route is worked out anew so often, for its numbers and its speed. */
const calmMs = 300_000;

export function blankRoute(state: State, track: Track): RouteState {
  return {
    targetId: track.id,
    target: track.target,
    endpoint: track.watched?.endpoint ?? null,
    state: 'unknown',
    verdict: 'unknown',
    stateSinceMs: state.nowMs,
    reason: 'not checked yet',
    circuit: { ...closedCircuit, sinceMs: state.nowMs },
    advice: { action: 'use', weight: 100 },
    limited: false,
    confidence: noConfidence,
    observedAtMs: null,
    affectedBy: null,
    incidentId: null,
    removed: false,
  };
}

function judgeInto(state: State, draft: Draft, track: Track, route: RouteState, look: Look | null): void {
  const judged = judgeTarget(state, track);
  const before = route.observedAtMs;
  const blamed = blamedCase(track);
  const isOut = isInMaintenance(state, track);
  route.removed = track.isRemoved;
  route.endpoint = track.watched?.endpoint ?? route.endpoint;
  route.verdict = isOut ? 'maintenance' : judged.verdict;
  route.reason = isOut ? 'announced maintenance' : judged.reason;
  route.confidence = judged.confidence;
  route.limited = judged.isLimited;
  route.incidentId = blamed?.incident.id ?? null;
  route.affectedBy = parentKey(track, blamed);
  if (look !== null) route.observedAtMs = Math.max(route.observedAtMs ?? 0, look.endMs);
  const feed = verdictWords[route.verdict].feed;
  if (feed === route.state) return;
  const isFirst = route.state === 'unknown' && before === null;
  const was = route.state;
  route.state = feed;
  route.stateSinceMs = state.nowMs;
  if (isFirst) return;
  addEvent(state, draft, {
    id: `target.state_changed:${track.id}:${feed}:${state.nowMs}`,
    type: 'target.state_changed',
    scope: { kind: 'route', id: track.scopeId },
    incidentId: route.incidentId,
    targetId: track.id,
    sentence: `${track.scopeId}: ${verdictWords[route.verdict].page} (${route.reason}).`,
    reason: route.reason,
    expiresAtMs: state.nowMs + 600_000,
    data: { from: was, to: feed },
  });
}

export function blamedCase(track: Track): Case | null {
  const open = track.cases.filter((one) => one.incident.status === 'open');
  return open.find((one) => one.incident.isPublic) ?? open[0] ?? null;
}

function parentKey(track: Track, blamed: Case | null): string | null {
  if (blamed === null) return null;
  const { kind, id } = blamed.incident.scope;
  return kind === 'route' && id === track.scopeId ? null : `${kind}:${id}`;
}

function moveCircuit(state: State, draft: Draft, track: Track, route: RouteState, look: Look | null): void {
  if (route.circuit.source === 'manual' || state.isFrozen) return;
  switch (route.circuit.state) {
    case 'closed':
      // Unknown means usable, whatever larger thing is at fault.
      if (look?.weight === 'bad' && route.verdict !== 'unknown' && !isDwelling(state, route)) {
        const reason = wantsOpen(state, track);
        if (reason !== null) requestOpen(state, draft, track, reason);
      }
      forgetBackoff(state, route);
      return;
    case 'open':
      // Unknown means usable: without evidence nothing is kept out.
      if (route.verdict === 'unknown') closeCircuit(state, draft, route);
      else if (isDue(state, route, look)) halfOpen(state, draft, track, route);
      return;
    case 'half_open':
      if (isFailedTrial(state, route, look)) {
        openCircuit(state, draft, route, look?.feedClass ?? 'other', route.circuit.source);
      } else if (route.verdict === 'unknown' || isProven(state, track, route))
        closeCircuit(state, draft, route);
      return;
    default:
      route.circuit.state satisfies never;
  }
}

/** Of whom is blind no look says anything. */
function isFailedTrial(state: State, route: RouteState, look: Look | null): boolean {
  if (look?.weight !== 'bad' || !look.isCountable || look.atMs < route.circuit.sinceMs) return false;
  return !state.vantages.get(look.vantage)?.isBlind;
}

/** At the time that was told, or earlier when a look shows that it works. */
function isDue(state: State, route: RouteState, look: Look | null): boolean {
  if (isDwelling(state, route)) return false;
  return state.nowMs >= (route.circuit.retryAtMs ?? 0) || look?.weight === 'good';
}

function isProven(state: State, track: Track, route: RouteState): boolean {
  return !isDwelling(state, route) && goodTrials(state, track, route) >= state.policy.close_successes;
}

function forgetBackoff(state: State, route: RouteState): void {
  const { circuit } = route;
  if (circuit.backoff === 0 || state.nowMs - circuit.sinceMs < state.policy.backoff_forget_ms) return;
  const steps = Math.floor((state.nowMs - circuit.sinceMs) / state.policy.backoff_forget_ms);
  route.circuit = { ...circuit, backoff: Math.max(0, circuit.backoff - steps) };
}

function isDifferent(a: RouteState, b: RouteState): boolean {
  return (
    a.state !== b.state ||
    a.verdict !== b.verdict ||
    a.circuit.state !== b.circuit.state ||
    a.circuit.sinceMs !== b.circuit.sinceMs ||
    a.circuit.backoff !== b.circuit.backoff ||
    a.advice.action !== b.advice.action ||
    a.advice.weight !== b.advice.weight ||
    a.limited !== b.limited ||
    a.confidence.level !== b.confidence.level ||
    a.affectedBy !== b.affectedBy ||
    a.incidentId !== b.incidentId ||
    a.removed !== b.removed ||
    a.endpoint !== b.endpoint
  );
}
