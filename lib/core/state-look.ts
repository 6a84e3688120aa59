import { addSample, isSlowAgainst } from './baseline.ts';
import { wasCutShort } from './cut-short.ts';
import { endedAtMs, hasReached, type Observation } from './observation.ts';
import type { Outcome } from './outcome-words.ts';
import type { Look, State, Track } from './state.ts';

/** Turns a judged observation into what later decisions need of it, and remembers it in order of its end. */

const kept = 64;

export function isRepeated(track: Track, o: Observation): boolean {
  for (let i = track.looks.length - 1; i >= 0; i--) {
    const look = track.looks[i]!;
    if (look.atMs === o.atMs && look.vantage === o.vantage) return true;
    // Looks are kept by their end; one that long before cannot be the same.
    if (look.endMs < o.atMs) return false;
  }
  return false;
}

export function remember(state: State, track: Track, o: Observation, outcome: Outcome): Look {
  learnInterval(track, o);
  const firstTokenMs = outcome.isTainted ? null : o.timing.firstTokenMs;
  const look: Look = {
    atMs: o.atMs,
    endMs: endedAtMs(o),
    vantage: o.vantage,
    weight: outcome.weight,
    class: outcome.class,
    blame: outcome.blame,
    named: outcome.named,
    reason: outcome.reason,
    feedClass: outcome.feedClass,
    isCountable: outcome.isCountable,
    isNetwork: isNetworkFault(o, outcome),
    isRefused: o.fault === 'refused',
    isSent: hasReached(o, 'sent'),
    why: o.why,
    keyed: o.keyed,
    counts: true,
    isSlow: false,
    isCutShort: wasCutShort(track, o),
    firstTokenMs,
    status: o.status,
    message: o.error?.message ?? null,
    generationId: null,
    edgeId: null,
  };
  look.counts = isCounted(state, track, look);
  if (look.weight === 'good' && firstTokenMs !== null && track.probe === 'completion') {
    look.isSlow = isSlowAgainst(track.baseline, firstTokenMs, state.policy);
    addSample(track.baseline, firstTokenMs, look.isSlow, state.policy);
    track.ewmaMs = track.ewmaMs === null ? firstTokenMs : 0.9 * track.ewmaMs + 0.1 * firstTokenMs;
  }
  insert(track.looks, look);
  return look;
}

/** It failed before any far side answered, and not because our own process stood still. */
function isNetworkFault(o: Observation, outcome: Outcome): boolean {
  if (o.fault === null || o.status !== null || hasReached(o, 'headers')) return false;
  return outcome.class !== 'aborted' && outcome.rule !== 'P2';
}

/** Failures crowded into less than half an interval stand for one slot, unless they were asked for as confirmations. */
function isCounted(state: State, track: Track, look: Look): boolean {
  if (look.why === 'passive' || look.why === 'manual') return false;
  if (look.weight !== 'bad' || track.cases.length > 0) return true;
  const gapMs = look.why === 'slot' ? 0.4 * track.everyMs : state.policy.confirm_gap_ms;
  for (let i = track.looks.length - 1; i >= 0; i--) {
    const before = track.looks[i]!;
    if (before.vantage !== look.vantage || !before.counts) continue;
    return before.weight !== 'bad' || Math.abs(look.atMs - before.atMs) >= gapMs;
  }
  return true;
}

function insert(looks: Look[], look: Look): void {
  let at = looks.length;
  while (at > 0 && looks[at - 1]!.endMs > look.endMs) at--;
  if (at === looks.length) looks.push(look);
  else looks.splice(at, 0, look);
  if (looks.length >= kept + 32) looks.splice(0, looks.length - kept);
}

const longestIntervalMs = 3_600_000;

/** In a recording nobody says how often a target is looked at: the slots show it. */
function learnInterval(track: Track, o: Observation): void {
  if (o.why !== 'slot') return;
  const gapMs = o.atMs - track.lastSlotAtMs;
  if (track.isEveryKnown || track.lastSlotAtMs === 0) {
    track.lastSlotAtMs = Math.max(track.lastSlotAtMs, o.atMs);
    return;
  }
  if (gapMs < 500) return;
  track.lastSlotAtMs = o.atMs;
  if (gapMs > longestIntervalMs || gapMs > 4 * track.everyMs) return;
  track.everyMs = Math.max(1_000, 0.7 * track.everyMs + 0.3 * gapMs);
}
