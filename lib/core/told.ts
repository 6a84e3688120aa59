import type { Look, State, Track } from './state.ts';

/** It failed in a fault that was told and is over: it says nothing of the present, and what begins now did not begin there. */
export function isOfEarlierFault(state: State, track: Track, look: Look): boolean {
  return state.cases.some(
    ({ incident, members, nature }) =>
      incident.status === 'resolved' &&
      nature === 'failing' &&
      members.has(track) &&
      look.atMs >= incident.startedAtMs &&
      look.atMs <= (incident.resolvedAtMs ?? 0),
  );
}
