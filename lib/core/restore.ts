import { decideObservation } from './decide.ts';
import { resumeIncident } from './incident.ts';
import { isOpenedByHand, scopeMembers } from './incident-hand.ts';
import type { Observation } from './observation.ts';
import type { ComponentState, GuardState, Incident, RouteState } from './plan.ts';
import type { State } from './state.ts';
import { resetUnit } from './state-unit.ts';

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
  for (const incident of stored.incidents)
    if (!isOpenedByHand(incident)) resumeIncident(state, incident, scopeMembers(state, incident.scope));
  for (const component of stored.components)
    state.components.set(`${component.kind}:${component.id}`, component);
  restoreRoutes(state, stored.routes);
  if (stored.guard) state.guard = { ...stored.guard };
  for (const unit of state.units.values()) resetUnit(unit);
  for (const account of state.accounts.values()) account.verdict = restoredVerdict(state, account.id);
  state.isQuiet = false;
}

function restoredVerdict(state: State, id: string): 'account' | 'fine' {
  const isBlamed = state.cases.some(
    (one) =>
      one.incident.status === 'open' && one.incident.scope.kind === 'account' && one.incident.scope.id === id,
  );
  return isBlamed ? 'account' : 'fine';
}

function restoreRoutes(state: State, routes: readonly RouteState[]): void {
  const byId = new Map(
    [...state.tracks.values()].filter((one) => one.probe === 'completion').map((one) => [one.id, one]),
  );
  for (const route of routes) {
    const track = byId.get(route.targetId);
    if (track) track.route = structuredClone(route);
    // Written by an older version for what never opened.
    if (track?.route?.circuit.sinceMs === 0) track.route.circuit.sinceMs = route.stateSinceMs;
    if (route.circuit.state !== 'closed') state.nextScanMs = 0;
  }
}
