import { createState, decideObservation, decideTime, type State } from '#lib/core/decide.ts';
import type { Chain } from '#lib/core/fleet.ts';
import { endedAtMs, type Observation } from '#lib/core/observation.ts';
import type { Ask, CoreEvent, RouteState } from '#lib/core/plan.ts';
import { defaultPolicy } from '#lib/core/policy.ts';
import { type TargetRef, targetId } from '#lib/core/target.ts';

/** A core with a clock of its own, for tests that tell it one look after another. */
export interface Judge {
  state: State;
  events: CoreEvent[];
  asks: Ask[];
  nowMs: number;
  /** One look, now. */
  see(o: Observation): void;
  /** Time passes, second by second. */
  pass(ms: number): void;
  route(target: TargetRef): RouteState;
  types(prefix?: string): string[];
}

export const judgeStartMs = Date.UTC(2026, 5, 1, 12, 0);

export function newJudge(chains: Chain[] = []): Judge {
  const judge: Judge = {
    state: createState(defaultPolicy, { watched: [], chains }),
    events: [],
    asks: [],
    nowMs: judgeStartMs,
    see(o) {
      const at = { ...o, atMs: judge.nowMs };
      const { plan } = decideObservation(judge.state, at);
      judge.nowMs = Math.max(judge.nowMs, endedAtMs(at));
      judge.events.push(...plan.events);
      judge.asks.push(...plan.asks);
    },
    pass(ms) {
      for (const endMs = judge.nowMs + ms; judge.nowMs < endMs; ) {
        judge.nowMs = Math.min(endMs, judge.nowMs + 1_000);
        const plan = decideTime(judge.state, judge.nowMs);
        judge.events.push(...plan.events);
        judge.asks.push(...plan.asks);
      }
    },
    route(target) {
      const id = targetId(target);
      for (const track of judge.state.tracks.values()) {
        if (track.id === id && track.probe === 'completion' && track.route) return track.route;
      }
      throw new Error(`no route ${id}`);
    },
    types(prefix = '') {
      return judge.events.map((event) => event.type).filter((type) => type.startsWith(prefix));
    },
  };
  return judge;
}
