import type { Watched } from '#lib/core/fleet.ts';
import type { Why } from '#lib/core/observation.ts';
import { type Grid, gridOf } from '#lib/core/schedule.ts';
import { providerBase } from '#lib/core/target.ts';
import type { Passage } from './gates.ts';

/** What the scheduler knows of one target. */
export interface TargetPlan {
  watched: Watched;
  grid: Grid;
  passage: Passage;
  /** Entries of an older generation no longer hold. */
  generation: number;
  doneSlot: number;
  lastStartMs: number | null;
  /** Reservation of the slot that comes next. */
  wantId: string | null;
  inFlight: { slot: boolean; ask: boolean };
  /** Asked looks not yet begun, by why. */
  asked: Map<Why, number>;
  faster: { everyMs: number; untilMs: number; why: Why; id: number } | null;
  postponedUntilMs: number;
}

/** One look that is to be made now. */
export interface Run {
  watched: Watched;
  why: Why;
  slot: number | null;
  lane: 'slot' | 'ask';
  dueMs: number;
  wantId: string | null;
}

export function planOf(watched: Watched, vantage: string): TargetPlan {
  return {
    watched,
    grid: gridOf(watched.key, vantage, watched.everyMs),
    passage: passageOf(watched),
    generation: 0,
    doneSlot: Number.NEGATIVE_INFINITY,
    lastStartMs: null,
    wantId: null,
    inFlight: { slot: false, ask: false },
    asked: new Map(),
    faster: null,
    postponedUntilMs: 0,
  };
}

export function passageOf(watched: Watched): Passage {
  const { gateway, provider } = watched.target;
  const origin = /^[a-z]+:\/\/[^/?#]+/.exec(watched.baseUrl)?.[0] ?? watched.baseUrl;
  // What names neither stands for itself: plain addresses and controls must not wait for each other.
  const base = provider ? providerBase(provider) : watched.key;
  return { provider: `${gateway ?? watched.key}|${base}`, origin };
}

/** What is asked seldom and dearly waits for its slot: a restart must not spend the first hour's share on it. */
export function startsOnSlot(watched: Watched): boolean {
  return watched.probe === 'capability' || watched.probe === 'drift';
}

const atOnce = new Set(['control', 'catalog', 'account']);

/** Free looks of a start come within 3 s, paid ones within 10 s, what the others wait for at once. */
export function startWithinMs(watched: Watched, isPaid: boolean): number {
  const within = atOnce.has(watched.probe) ? 200 : isPaid ? 10_000 : 3_000;
  return Math.floor(Math.min(within, watched.everyMs / 2));
}
