import type { MaintenanceWindow, State, Track } from './state.ts';

/** Announced work: what it covers is neither good nor bad meanwhile. Windows are put in by whoever reads calendars. */

export function activeMaintenance(state: State): MaintenanceWindow[] {
  return state.maintenance.filter((one) => one.fromMs <= state.nowMs && state.nowMs < one.toMs);
}

export function isInMaintenance(state: State, track: Track): boolean {
  if (state.maintenance.length === 0) return false;
  const keys = keysOf(track);
  return activeMaintenance(state).some((one) => one.scope.some((key) => keys.includes(key)));
}

/** The `kind:id` keys under which a target may be named. */
export function keysOf(track: Track): string[] {
  const keys = [`route:${track.scopeId}`];
  if (track.gateway === null && track.target.provider !== null) keys.push(`http:${track.target.provider}`);
  if (track.gateway !== null) keys.push(`gateway:${track.gateway}`);
  if (track.provider !== null) keys.push(`provider:${track.provider}`);
  if (track.target.model !== null) keys.push(`model:${track.target.model}`);
  if (track.model !== null) keys.push(`model:${track.model}`);
  return keys;
}
