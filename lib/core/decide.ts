import { endedAtMs, type Observation } from './observation.ts';
import { classify } from './outcome.ts';
import type { Outcome } from './outcome-words.ts';
import type { ComponentState, Found, GuardState, Incident, Plan, RouteState } from './plan.ts';
import { emptyPlan } from './plan.ts';
import { type State, trackFor } from './state.ts';

export { createState, type State, setFleet } from './state.ts';

/** Facts in, decisions out. Pure but for `state`, which is changed in place; no clock, no randomness. */
export function decideObservation(
  state: State,
  o: Observation,
  _found: readonly Found[] = [],
): { outcome: Outcome; plan: Plan } {
  const track = trackFor(state, o);
  state.nowMs = Math.max(state.nowMs, endedAtMs(o));
  return { outcome: classify(o, track.watched ? { watched: track.watched } : {}), plan: emptyPlan };
}

/** Time passes: expiry, ramps, retries, maintenance. */
export function decideTime(state: State, nowMs: number): Plan {
  state.nowMs = Math.max(state.nowMs, nowMs);
  return emptyPlan;
}

export interface Stored {
  incidents: readonly Incident[];
  components: readonly ComponentState[];
  routes: readonly RouteState[];
  guard: GuardState | null;
  /** In order of their end. They are heard quietly: nothing is opened and nothing is said. */
  observations: Iterable<Observation>;
}

export function restore(state: State, stored: Stored): void {
  state.isQuiet = true;
  for (const o of stored.observations) decideObservation(state, o);
  state.isQuiet = false;
}
