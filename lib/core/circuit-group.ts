import { closeCircuit, isDwelling, openCircuit } from './circuit.ts';
import { shareOut } from './circuit-advice.ts';
import type { Draft } from './draft.ts';
import { isBlind } from './guard.ts';
import type { Case, State, Track, Unit } from './state.ts';

/** Targets that share a gateway, a provider or a model, seen as one. */

export function circuitUnits(state: State, targetId: string): Unit[] {
  const unit = state.units.get(`route:${targetId}`);
  const [track] = unit?.tracks ?? [];
  return track ? track.units.filter((one) => one.kind !== 'route' && one.kind !== 'plane') : [];
}

function routesOf(unit: Unit): Track[] {
  return unit.tracks.filter((track) => track.route && !track.isRemoved && track.probe === 'completion');
}

/** Most of it opened within two minutes; it stays one until most of it is back. */
export function isGroupOpen(state: State, unit: Unit): boolean {
  const { policy } = state;
  const routes = routesOf(unit);
  const out = routes.filter((track) => track.route!.circuit.state !== 'closed');
  const isMost = out.length >= policy.group_least && out.length >= policy.group_share * routes.length;
  if (state.groupsOpen.has(unit.key)) return isMost;
  const open = out.filter((track) => track.route!.circuit.state === 'open');
  const latest = Math.max(0, ...open.map((track) => track.route!.circuit.sinceMs));
  const together = open.filter((track) => latest - track.route!.circuit.sinceMs <= policy.group_within_ms);
  return together.length >= policy.group_least && together.length >= policy.group_share * routes.length;
}

/** The few of a failed group whose own last look failed too; of whom nothing is known any more, nothing is said. */
export function openRest(state: State, draft: Draft, unit: Unit): void {
  if (state.guard.state !== 'normal') return;
  for (const track of routesOf(unit)) {
    const last = track.looks.filter((look) => look.counts && look.weight !== 'neutral').at(-1);
    if (track.route!.circuit.state !== 'closed' || last?.weight !== 'bad' || !last.isCountable) continue;
    if (track.route!.verdict === 'unknown' || isDwelling(state, track.route!)) continue;
    openCircuit(state, draft, track.route!, 'group', 'group');
    shareOut(state, draft, track);
  }
}

/** Nobody has seen it work since the fault of the larger thing began, and it was known to work before. */
function isUnseenSince(track: Track, fromMs: number): boolean {
  const last = track.looks.findLast((look) => look.counts && look.weight !== 'neutral');
  return last !== undefined && last.endMs < fromMs;
}

/**
 * A total outage takes out what it contains, also what is looked at too seldom to have failed by itself; what was never
 * seen stays usable. When it is over, what was taken out on its word alone is put back.
 */
export function followCase(state: State, draft: Draft, one: Case): void {
  const { incident } = one;
  if (incident.scope.kind === 'route' || one.nature !== 'failing' || !incident.isPublic) return;
  const isOut = incident.status === 'open' && incident.impact === 'major_outage';
  if (state.isFrozen || (isOut && isBlind(state))) return;
  for (const track of one.members) {
    const { route } = track;
    if (!route || track.isRemoved || route.circuit.source === 'manual' || isDwelling(state, route)) continue;
    if (isOut && route.circuit.state === 'closed' && route.verdict !== 'unknown') {
      if (isUnseenSince(track, incident.startedAtMs))
        openCircuit(state, draft, route, 'group', 'group', incident.title);
    } else if (
      incident.status === 'resolved' &&
      route.circuit.state !== 'closed' &&
      route.circuit.source === 'group'
    ) {
      if (isUnseenSince(track, incident.startedAtMs)) closeCircuit(state, draft, route);
    }
  }
}
