import { decideObservation } from './decide.ts';
import type { Observation } from './observation.ts';
import type { ComponentState, GuardState, Incident, RouteState } from './plan.ts';
import type { State } from './state.ts';

export interface Stored {
  incidents: readonly Incident[];
  components: readonly ComponentState[];
  routes: readonly RouteState[];
  guard: GuardState | null;
  /** In order of their end. They are heard quietly: nothing is opened and nothing is said. */
  observations: Iterable<Observation>;
}

/** Rebuilds what was known. Stored incidents and circuits are authoritative; looks only fill the memory behind them. */
export function restore(state: State, stored: Stored): void {
  state.isQuiet = true;
  for (const o of stored.observations) decideObservation(state, o);
  state.isQuiet = false;
}
