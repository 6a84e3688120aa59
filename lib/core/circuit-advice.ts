import type { Draft } from './draft.ts';
import type { RouteState } from './plan.ts';
import type { State, Track } from './state.ts';

/** What a router should do with a route. The pool of a model is never emptied. */

type Advice = RouteState['advice'];
type Weight = Advice['weight'];

export function adviceFor(state: State, track: Track, route: RouteState, mayAvoid: boolean): Advice {
  const { circuit } = route;
  if (circuit.state === 'open')
    return mayAvoid ? { action: 'avoid', weight: 0 } : { action: 'last_resort', weight: 1 };
  if (circuit.state === 'half_open') return { action: 'probe', weight: 10 };
  if (route.state === 'maintenance') return { action: 'prefer_not', weight: 10 };
  const ramp = rampWeight(state, circuit.rampUntilMs);
  const speed = speedWeight(state, track, route);
  const isDoubtful = route.state === 'degraded' || route.limited;
  const weight = least(ramp, speed, isDoubtful ? 50 : 100);
  return { action: isDoubtful ? 'prefer_not' : 'use', weight };
}

function least(...weights: Weight[]): Weight {
  return weights.reduce((a, b) => (a < b ? a : b));
}

const rampSteps: readonly [number, Weight][] = [
  [0.25, 10],
  [0.5, 25],
  [1, 50],
];

function rampWeight(state: State, untilMs: number | null): Weight {
  if (untilMs === null || state.nowMs >= untilMs) return 100;
  const done = 1 - (untilMs - state.nowMs) / state.policy.ramp_ms;
  return rampSteps.find(([share]) => done < share)?.[1] ?? 100;
}

/** Slow tiers with hysteresis: 100, 50 and 25 at two and four times the model's best. */
function speedWeight(state: State, track: Track, route: RouteState): Weight {
  if (track.ewmaMs === null || track.model === null) return 100;
  const bestMs = bestOf(state, track);
  if (bestMs === null) return 100;
  const times = track.ewmaMs / bestMs;
  const was = route.advice.weight;
  const edge = (limit: number, isSlowerNow: boolean) => limit * (isSlowerNow ? 0.9 : 1.1);
  if (times > edge(4, was <= 25 && was > 10)) return 25;
  return times > edge(2, was <= 50 && was > 10) ? 50 : 100;
}

function bestOf(state: State, track: Track): number | null {
  let best: number | null = null;
  for (const other of state.units.get(`model:${track.model}`)?.tracks ?? []) {
    if (other.ewmaMs === null || other.isRemoved || other.route?.circuit.state === 'open') continue;
    if (best === null || other.ewmaMs < best) best = other.ewmaMs;
  }
  return best;
}

/** Shares out `avoid` among the open routes of one model: half of them at most, the longest open first. */
export function shareOut(state: State, draft: Draft, track: Track): void {
  const routes = (state.units.get(`model:${track.model}`)?.tracks ?? []).filter(
    (one) => one.route && !one.isRemoved,
  );
  const open = routes.filter((one) => one.route!.circuit.state === 'open');
  open.sort((a, b) => a.route!.circuit.sinceMs - b.route!.circuit.sinceMs || (a.id < b.id ? -1 : 1));
  const most = routes.length < 2 ? 0 : Math.floor(state.policy.model_open_share * routes.length);
  for (const one of routes) {
    const at = open.indexOf(one);
    const advice = adviceFor(state, one, one.route!, at >= 0 && at < most);
    if (advice.action === one.route!.advice.action && advice.weight === one.route!.advice.weight) continue;
    one.route!.advice = advice;
    draft.routes.set(one.id, one.route!);
  }
}
