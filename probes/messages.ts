import type { Watched } from '#lib/core/fleet.ts';
import type { Ask, Found, Seen } from '#lib/core/plan.ts';

/** What the two threads say to each other. Plain data: it is cloned on its way. */

export interface Missed {
  targetKey: string;
  slot: number;
  atMs: number;
  reason: string;
}

/** A paid look that wants to be made: reserved in the ledger before the call. */
export interface Want {
  id: string;
  atMs: number;
  targetKey: string;
  purpose: 'calm' | 'suspicion';
}

/** How a reservation ended: looked at (with what the far side reported), or given back unused. */
export interface Settlement {
  id: string;
  targetKey: string;
  atMs: number;
  reportedUsd: number | null;
  isCharged: boolean;
}

/** The looking thread's own health. */
export interface LookingFacts {
  watched: number;
  inFlight: number;
  queued: number;
  latenessP50Ms: number | null;
  latenessP99Ms: number | null;
  latenessMaxMs: number | null;
  within100Share: number | null;
  /** Longest stall since the start, and since the last report. */
  maxStallMs: number;
  recentStallMs: number;
  looks: number;
  missed: number;
  localErrors: number;
  lastLocalError: string | null;
  discontinuities: number;
  cpuMs: number;
}

export type ToDeciding =
  | { type: 'ready' }
  | { type: 'seen'; seen: Seen[]; missed: Missed[]; settled: Settlement[] }
  | { type: 'want'; wants: Want[] }
  /** What became known of a look that was told before. */
  | { type: 'learned'; found: Found[]; atMs: number }
  | { type: 'facts'; facts: LookingFacts }
  | { type: 'discontinuity'; kind: Discontinuity['kind']; lostMs: number; atMs: number }
  | { type: 'stopped' };

export type ToLooking =
  | {
      type: 'fleet';
      watched: Watched[];
      /** Secrets by key name; they leave this message for the key ring only. */
      keys: Record<string, string>;
      lastSeenAt: Map<string, number>;
      confirm: { afterMs: number; times: number };
    }
  /** First-token times of each route, from before this start. */
  | { type: 'history'; firstTokens: Map<string, number[]> }
  /** Put into a target's memory: what somebody pushed. */
  | { type: 'remember'; targetKey: string; name: string; value: unknown }
  | { type: 'asks'; asks: Ask[] }
  | { type: 'look_now'; targetKeys: string[] }
  | { type: 'grants'; granted: string[]; refused: { id: string; reason: string }[] }
  | { type: 'stop' };

/** Time that did not pass as it should have: our process slept, or somebody set the clock. */
export interface Discontinuity {
  kind: 'paused' | 'suspended' | 'clock_step';
  lostMs: number;
}
