import { isRefused } from './culprit-account.ts';
import type { BlameHint } from './outcome-words.ts';
import type { Look, State, Track } from './state.ts';
import { isExplained } from './state-unit.ts';

/** What each target showed in one window: the raw material of attribution. */
export interface Tally {
  track: Track;
  looks: number;
  bad: number;
  hints: Record<BlameHint, number>;
  named: Map<string, number>;
  badLooks: Look[];
  /** Good and bad, newest first. */
  told: Look[];
  lastGoodMs: number;
}

export function tallyAll(state: State, fromMs: number): Tally[] {
  const tallies: Tally[] = [];
  for (const track of state.tracks.values()) {
    if (track.probe !== 'completion' || track.isRemoved || isExplained(state, track)) continue;
    const tally = tallyOf(state, track, fromMs);
    if (tally.looks > 0) tallies.push(tally);
  }
  return tallies;
}

export function tallyOf(state: State, track: Track, fromMs: number): Tally {
  const tally: Tally = {
    track,
    looks: 0,
    bad: 0,
    hints: { gateway: 0, provider: 0, model: 0, account: 0, prober: 0, nobody: 0, unknown: 0 },
    named: new Map(),
    badLooks: [],
    told: [],
    lastGoodMs: 0,
  };
  for (let i = track.looks.length - 1; i >= 0; i--) {
    const look = track.looks[i]!;
    if (look.atMs < fromMs) {
      // Kept by their end: one long look may hide earlier ones, a minute of them at most.
      if (look.endMs < fromMs - 60_000) break;
      continue;
    }
    if (look.counts) add(state, tally, look);
  }
  tally.badLooks.reverse();
  return tally;
}

function add(state: State, tally: Tally, look: Look): void {
  const isTelling = look.weight === 'good' || (look.weight === 'bad' && !isHeld(state, tally.track, look));
  if (!isTelling) return;
  tally.told.push(look);
  if (look.weight === 'good') {
    tally.looks += 1;
    tally.lastGoodMs = Math.max(tally.lastGoodMs, look.endMs);
    return;
  }
  tally.looks += 1;
  tally.bad += 1;
  tally.hints[look.blame] += 1;
  if (look.named !== null) tally.named.set(look.named, (tally.named.get(look.named) ?? 0) + 1);
  tally.badLooks.push(look);
}

/** A 401 whose meaning is not decided yet accuses nobody. */
export function isHeld(state: State, track: Track, look: Look): boolean {
  if (!isRefused(look)) return false;
  const verdict = track.account === null ? 'fine' : (state.accounts.get(track.account)?.verdict ?? 'fine');
  return verdict === 'undecided' || verdict === 'account';
}
