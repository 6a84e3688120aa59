import { isChainHeld, refreshChains } from './chain.ts';
import { askTrial, isDwelling } from './circuit.ts';
import { circuitUnits, followCase, isGroupOpen, openRest } from './circuit-group.ts';
import { refreshComponents, refreshOwn, refreshSingle } from './component.ts';
import { isHeld } from './culprit-tally.ts';
import { askFaster } from './decide-asks.ts';
import { addEvent, type Draft } from './draft.ts';
import { refreshGuard, releaseIfSure } from './guard.ts';
import type { Circuit } from './plan.ts';
import { refreshRoute } from './route-state.ts';
import { nameOf } from './sentence.ts';
import { expiryMs, type Look, type State, type Track, type Unit } from './state.ts';

/** After judgement: what is published about it, no more often than it changes. */

export function publishAfter(state: State, draft: Draft, track: Track, look: Look): void {
  const verdict = track.route?.verdict ?? null;
  const level = track.route?.confidence.level ?? null;
  const isTold = draft.events.some(
    (event) => event.incidentId !== null && event.type.startsWith('incident.'),
  );
  if (isTold) refreshMembers(state, draft);
  refreshRoute(state, draft, track, look);
  if (track.route?.circuit.state === 'half_open') askTrial(state, draft, track, state.policy.trial_every_ms);
  if (state.held.sinceMs !== null && look.weight === 'good') releaseIfSure(state, draft);
  const isTurned =
    verdict !== (track.route?.verdict ?? null) || level !== (track.route?.confidence.level ?? null);
  if (draft.routes.size > 0) publishGroups(state, draft);
  if (isTold || draft.routes.size > 0) {
    refreshGuard(state, draft);
    refreshChains(state, draft);
  }
  if (isTold) refreshComponents(state, draft, state.units.values());
  else if (isTurned)
    refreshComponents(
      state,
      draft,
      track.units.filter((unit) => isDueNow(state, unit)),
    );
  if (track.probe !== 'completion') refreshSingle(state, draft, track);
  for (const one of track.cases) askFaster(state, draft, one);
}

const largeUnit = 40;
const largeEveryMs = 5_000;

/** One route of hundreds changes little: large pools are counted anew every few seconds, and at once with an incident. */
function isDueNow(state: State, unit: Unit): boolean {
  if (unit.tracks.length <= largeUnit || unit.component === null) return true;
  return state.nowMs - unit.judgedAtMs >= largeEveryMs;
}

/** An incident was opened, changed or ended: all its targets stand in a new light. */
function refreshMembers(state: State, draft: Draft): void {
  for (const one of state.cases) {
    if (!draft.incidents.has(one.incident.id)) continue;
    followCase(state, draft, one);
    for (const track of one.members) refreshRoute(state, draft, track, null);
    refreshOwn(state, draft);
    askFaster(state, draft, one);
  }
}

function publishGroups(state: State, draft: Draft): void {
  const changed = new Set<Unit>();
  for (const id of [...draft.routes.keys()]) {
    for (const unit of circuitUnits(state, id)) changed.add(unit);
  }
  for (const unit of changed) {
    const isOpen = isGroupOpen(state, unit);
    if (isOpen === state.groupsOpen.has(unit.key)) continue;
    if (isOpen) {
      state.groupsOpen.add(unit.key);
      openRest(state, draft, unit);
    } else state.groupsOpen.delete(unit.key);
    const open = unit.tracks.filter((track) => track.route?.circuit.state === 'open').length;
    addEvent(state, draft, {
      id: `group.state_changed:${unit.key}:${state.nowMs}`,
      type: 'group.state_changed',
      scope: { kind: unit.kind as 'gateway' | 'provider' | 'model', id: unit.id },
      sentence: isOpen
        ? `${nameOf(unit.id)}: ${open} of ${unit.tracks.length} routes are taken out of rotation together.`
        : `${nameOf(unit.id)}: its routes are back in rotation.`,
      expiresAtMs: state.nowMs + 600_000,
      data: { state: isOpen ? 'down' : 'up', targetsOpen: open, targetsTotal: unit.tracks.length },
    });
  }
}

/** Everything, now and then: evidence grows old without anybody looking. */
export function publishAll(state: State, draft: Draft): void {
  for (const track of state.tracks.values()) {
    if (track.probe === 'completion') {
      if (track.looks.length > 0 || track.watched) refreshRoute(state, draft, track, null);
    } else refreshSingle(state, draft, track);
  }
  if (draft.routes.size > 0) publishGroups(state, draft);
  refreshComponents(state, draft, state.units.values());
  refreshOwn(state, draft);
  refreshGuard(state, draft);
  refreshChains(state, draft);
}

/** What moves by the second: retries, ramps, holds. */
export function publishMoving(state: State, draft: Draft): boolean {
  let isMoving = state.held.sinceMs !== null;
  if (isMoving) releaseIfSure(state, draft);
  if (isChainHeld(state)) {
    isMoving = true;
    refreshChains(state, draft);
  }
  for (const track of state.tracks.values()) {
    const circuit = track.route?.circuit;
    if (!circuit) continue;
    const isRamping = circuit.rampUntilMs !== null && state.nowMs < circuit.rampUntilMs + 10_000;
    if (circuit.state === 'closed' && !isRamping) continue;
    isMoving = true;
    if (isDueToMove(state, track, circuit)) refreshRoute(state, draft, track, null);
  }
  if (draft.routes.size > 0) {
    publishGroups(state, draft);
    refreshGuard(state, draft);
    refreshChains(state, draft);
    refreshComponents(
      state,
      draft,
      [...unitsOf(state, draft)].filter((unit) => isDueNow(state, unit)),
    );
  }
  return isMoving;
}

/** An open circuit stands until it may be tried again, as long as its latest look still says why it is open. */
function isDueToMove(state: State, track: Track, circuit: Circuit): boolean {
  if (circuit.state !== 'open') return true;
  const last = track.looks.at(-1);
  const isPlain = last?.weight === 'bad' && last.isCountable && !isHeld(state, track, last);
  if (!isPlain || last.endMs < state.nowMs - expiryMs(state, track)) return true;
  return !isDwelling(state, track.route!) && state.nowMs >= (circuit.retryAtMs ?? 0);
}

/** The pools of the routes that changed. */
function unitsOf(state: State, draft: Draft): Set<Unit> {
  const units = new Set<Unit>();
  for (const id of draft.routes.keys()) {
    for (const unit of state.units.get(`route:${id}`)?.tracks[0]?.units ?? []) units.add(unit);
  }
  return units;
}
