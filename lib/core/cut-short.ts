import { hasReached, type Observation } from './observation.ts';
import type { Look, State, Track } from './state.ts';
import { forgetBad } from './state-unit.ts';

/**
 * A look that was ended early for want of a first token says only that it was late. Where a longer look beside it
 * shows that late answers do come, the far side is slow and not broken, and the short one says nothing.
 */

/** Whoever asked for it set it a shorter limit than a look of the schedule has. */
export function wasCutShort(track: Track, o: Observation): boolean {
  if (o.fault !== 'timeout' || hasReached(o, 'first_token') || track.watched === null) return false;
  if (o.why !== 'confirm' && o.why !== 'neighbour') return false;
  return (o.timing.totalMs ?? 0) < 0.9 * track.watched.timeoutMs;
}

/** Weighs a new look against those that were under way at the same time. */
export function weighCutShort(state: State, track: Track, look: Look): void {
  if (look.isCutShort && look.weight === 'bad') {
    for (const other of nearOf(track))
      for (const late of overlapping(other, look)) if (isAnswerTo(other, late, track, look)) silence(look);
    return;
  }
  if (look.weight !== 'good' || look.firstTokenMs === null || look.firstTokenMs < shortestMs) return;
  for (const other of nearOf(track)) {
    for (const cut of overlapping(other, look)) {
      if (!cut.isCutShort || cut.weight !== 'bad' || !isAnswerTo(track, look, other, cut)) continue;
      silence(cut);
      forgetBad(state, other);
    }
  }
}

/** No look is cut off sooner. */
const shortestMs = 2_500;

/** An answer that came later than the other was willing to wait: of the same route, or unusually late for its own. */
function isAnswerTo(track: Track, late: Look, cutTrack: Track, cut: Look): boolean {
  if (late.weight !== 'good' || late.firstTokenMs === null) return false;
  if (late.firstTokenMs <= cut.endMs - cut.atMs) return false;
  return track === cutTrack || late.isSlow || track.baseline.median === null;
}

function silence(look: Look): void {
  look.weight = 'neutral';
  look.isCountable = false;
}

function nearOf(track: Track): Iterable<Track> {
  const unit =
    track.units.find((one) => one.kind === 'gateway') ?? track.units.find((one) => one.kind === 'provider');
  return unit?.tracks ?? [track];
}

function* overlapping(track: Track, look: Look): Iterable<Look> {
  for (let i = track.looks.length - 1; i >= 0; i--) {
    const other = track.looks[i]!;
    if (other.endMs < look.atMs) return;
    if (other !== look && other.atMs <= look.endMs) yield other;
  }
}
