import type { Observation, Why } from '#lib/core/observation.ts';
import { suspicionMs } from '#lib/core/schedule.ts';
import type { TargetPlan } from './plan-of-target.ts';
import type { ProbeIo } from './probe.ts';

/** A first token that does not come: how long is usual, who is asked besides, and which looks end there. */

const keptFirstTokens = 200;
const mostNeighbours = 3;
/** One silence makes one round of questions, however many looks hang in it. */
const roundEveryMs = 5_000;

export interface Suspicions {
  /** First-token times from before this start. */
  recall(firstTokens: ReadonlyMap<string, readonly number[]>): void;
  remember(targetKey: string, o: Observation): void;
  /** `tell` is called when this look waits for its first token longer than usual. */
  watch(targetKey: string, why: Why, tell: () => void): NonNullable<ProbeIo['suspicion']>;
  /** Other providers of the same gateway that are looked at now: one silent route is a route, several are a gateway. */
  neighboursOf(plan: TargetPlan, targets: Iterable<TargetPlan>, nowMs: number): string[];
}

export function createSuspicions(): Suspicions {
  const firstTokens = new Map<string, number[]>();
  const roundAtMs = new Map<string, number>();
  return {
    recall(known) {
      for (const [key, times] of known)
        if (!firstTokens.has(key)) firstTokens.set(key, times.slice(-keptFirstTokens));
    },
    remember(targetKey, o) {
      const ms = o.timing.firstTokenMs ?? o.timing.firstReasoningMs;
      if (ms === null || o.tainted || o.reached !== 'done') return;
      const list = firstTokens.get(targetKey) ?? [];
      list.push(ms);
      if (list.length > keptFirstTokens) list.shift();
      firstTokens.set(targetKey, list);
    },
    watch(targetKey, why, tell) {
      // What was asked because of a silence ends where silence becomes suspicious; a slot keeps its whole limit.
      const isFinal = why === 'confirm' || why === 'neighbour';
      return { afterMs: suspicionMs(firstTokens.get(targetKey) ?? []), isFinal, tell };
    },
    neighboursOf(plan, targets, nowMs) {
      const { gateway, provider } = plan.watched.target;
      if (gateway === null || gateway === 'direct') return [];
      if (nowMs - (roundAtMs.get(gateway) ?? Number.NEGATIVE_INFINITY) < roundEveryMs) return [];
      roundAtMs.set(gateway, nowMs);
      const asked = new Set([provider]);
      const near = [...targets]
        .filter(({ watched }) => watched.probe === 'completion' && watched.target.gateway === gateway)
        .sort((a, b) => order(a) - order(b) || (a.lastStartMs ?? 0) - (b.lastStartMs ?? 0));
      const keys: string[] = [];
      for (const { watched } of near) {
        if (keys.length >= mostNeighbours) break;
        if (asked.has(watched.target.provider)) continue;
        asked.add(watched.target.provider);
        keys.push(watched.key);
      }
      return keys;
    },
  };
}

/** Often looked at first, and those that do not hang already: they tell something new, and cheaply. */
function order({ watched, inFlight }: TargetPlan): number {
  return watched.everyMs + (inFlight.slot || inFlight.ask ? 1 : 0);
}
