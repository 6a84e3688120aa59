import { openCircuit, wantsOpen } from './circuit.ts';
import { addEvent, type Draft } from './draft.ts';
import type { GuardState } from './plan.ts';
import { guardSentence } from './sentence.ts';
import type { State, Track } from './state.ts';
import { calmGuard } from './state-create.ts';

/** Never everything at once: mass openings are held until it is sure that it is not us. */

/** Opens the circuit, or holds it back together with others. */
export function requestOpen(state: State, draft: Draft, track: Track, reason: string): void {
  const { held, policy, guard } = state;
  if (guard.state === 'frozen' || state.isQuiet) return;
  held.opened = held.opened.filter((one) => one.atMs > state.nowMs - policy.guard_window_ms);
  const together = new Set([...held.opened.map((one) => one.key), ...held.keys, track.id]).size;
  // What an open incident explains was checked against our own connection when it was opened.
  const isTold = isConfirmed(track) && !isBlind(state);
  const isMass =
    !isTold && together >= policy.guard_least && together > policy.guard_share * routeCount(state);
  if ((held.sinceMs !== null && !isTold) || isMass) {
    held.keys.add(track.id);
    held.sinceMs ??= state.nowMs;
    state.nextScanMs = Math.min(state.nextScanMs, state.nowMs + 1_000);
    setGuard(state, draft, 'suppressed');
    releaseIfSure(state, draft);
    return;
  }
  held.opened.push({ key: track.id, atMs: state.nowMs });
  openCircuit(state, draft, track.route!, reason);
}

function isConfirmed(track: Track): boolean {
  return track.cases.some((one) => one.incident.status === 'open' && one.nature === 'failing');
}

export function routeCount(state: State): number {
  let count = 0;
  for (const track of state.tracks.values()) if (track.probe === 'completion' && !track.isRemoved) count += 1;
  return count;
}

/** An open incident was confirmed against our own connection already; otherwise the hold ends by itself when we can see. */
export function releaseIfSure(state: State, draft: Draft): void {
  const { held, policy } = state;
  if (held.sinceMs === null || isBlind(state)) return;
  const tracks = [...state.tracks.values()].filter((track) => held.keys.has(track.id) && track.route);
  const isTold = tracks.some(isConfirmed);
  if (!isTold && state.nowMs - held.sinceMs < policy.guard_hold_ms) return;
  held.keys.clear();
  held.sinceMs = null;
  for (const track of tracks) {
    const reason = wantsOpen(state, track);
    if (reason === null || track.route!.circuit.state === 'open') continue;
    held.opened.push({ key: track.id, atMs: state.nowMs });
    openCircuit(state, draft, track.route!, reason);
  }
  setGuard(state, draft, 'normal');
}

export function isBlind(state: State): boolean {
  const all = [...state.vantages.values()];
  return all.length > 0 && all.every((vantage) => vantage.isBlind);
}

/** The operator's switch; it is published at the next step of time. */
export function setFrozen(state: State, isFrozen: boolean): void {
  if (state.isFrozen === isFrozen) return;
  state.isFrozen = isFrozen;
  state.nextFullMs = Math.min(state.nextFullMs, state.nowMs);
  state.nextScanMs = state.nextFullMs;
}

/** What is published of ourselves: whether we can see, and how much is open. */
export function refreshGuard(state: State, draft: Draft): void {
  if (state.isFrozen && state.guard.state !== 'frozen') {
    // What was held back is asked for again by the looks themselves, once it moves again.
    state.held.keys.clear();
    state.held.sinceMs = null;
    setGuard(state, draft, 'frozen');
  } else if (!state.isFrozen && state.guard.state === 'frozen') {
    setGuard(state, draft, isBlind(state) ? 'suppressed' : 'normal');
  } else if (isBlind(state) && state.guard.state === 'normal') setGuard(state, draft, 'suppressed');
  else if (!isBlind(state) && state.guard.state === 'suppressed' && state.held.sinceMs === null) {
    setGuard(state, draft, 'normal');
  } else publish(state, draft, state.guard.state, state.guard.sinceMs);
}

function setGuard(state: State, draft: Draft, to: GuardState['state']): void {
  if (state.isFrozen && to !== 'frozen') return;
  const isChange = state.guard.state !== to;
  publish(state, draft, to, to === 'normal' ? null : isChange ? state.nowMs : state.guard.sinceMs);
  if (!isChange) return;
  const sentence = guardSentence(to, isBlind(state));
  state.guard.reason = to === 'normal' ? null : sentence;
  addEvent(state, draft, {
    id: `guard.changed:${to}:${state.nowMs}`,
    type: 'guard.changed',
    sentence,
    expiresAtMs: state.nowMs + 600_000,
    data: { state: to, self: state.guard.self },
  });
}

function publish(state: State, draft: Draft, to: GuardState['state'], sinceMs: number | null): void {
  const before = state.guard;
  const anyBlind = [...state.vantages.values()].some((vantage) => vantage.isBlind);
  const next: GuardState = {
    ...calmGuard,
    state: to,
    self: isBlind(state) ? 'blind' : anyBlind ? 'degraded' : 'ok',
    openFraction: openShare(state),
    maxOpenFraction: state.policy.model_open_share,
    reason: to === 'normal' ? null : before.reason,
    sinceMs,
  };
  if (next.state === before.state && next.self === before.self && next.openFraction === before.openFraction)
    return;
  state.guard = next;
  draft.guard = next;
}

function openShare(state: State): number {
  let open = 0;
  let all = 0;
  for (const track of state.tracks.values()) {
    if (track.probe !== 'completion' || track.isRemoved) continue;
    all += 1;
    if (track.route?.circuit.state === 'open') open += 1;
  }
  return all === 0 ? 0 : Math.round((1000 * open) / all) / 1000;
}
