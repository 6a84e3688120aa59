import type { Draft } from './draft.ts';
import {
  announce,
  attach,
  detach,
  isSameScope,
  newCase,
  noteReturn,
  type Opening,
  setImpact,
  setTexts,
  settledImpact,
  takeEvidence,
  write,
} from './incident-case.ts';
import { followHand, scopeMembers, toldIn } from './incident-hand.ts';
import { reweigh } from './incident-look.ts';
import { currentShare, impactOf } from './incident-share.ts';
import type { Incident } from './plan.ts';
import type { Case, State, Track } from './state.ts';
import { resetUnit } from './state-unit.ts';

export { isSameScope, type Opening } from './incident-case.ts';

/** The life of an incident: opened, changed, resolved, continued. One at most per culprit is open. */

export function openIncident(state: State, draft: Draft, opening: Opening): Case {
  const same = state.cases.findLast(
    (one) => one.incident.status === 'resolved' && isSameScope(one.incident.scope, opening.scope),
  );
  const before = same && toldIn(state, same);
  if (before?.incident.status === 'open') {
    attach(before, opening.members);
    return before;
  }
  if (before && state.nowMs - (before.incident.resolvedAtMs ?? 0) <= state.policy.continue_ms) {
    return reopen(state, draft, before, opening);
  }
  const one = newCase(state, opening);
  state.cases.push(one);
  attach(one, opening.members);
  weigh(state, one, opening);
  write(one, 'opened', state.nowMs);
  announce(state, draft, one, 'incident.opened', 'opened');
  return one;
}

/** First count of a case: what its members showed since it began. */
function weigh(state: State, one: Case, opening: Opening): void {
  const share = currentShare(state, one, one.incident.startedAtMs);
  one.bad = share.bad;
  one.looks = Math.max(share.bad, share.looks);
  takeEvidence(state, one, share);
  setImpact(one, opening.impact ?? settledImpact(state, one, share));
  setTexts(state, one, share, opening.reason);
  one.lastBadAtMs = state.nowMs;
}

function reopen(state: State, draft: Draft, one: Case, opening: Opening): Case {
  const { incident } = one;
  incident.status = 'open';
  incident.resolvedAtMs = null;
  incident.confidence = opening.confidence;
  one.nature = opening.nature;
  one.recovery = 0;
  one.tail = 0;
  one.firstGoodMs = null;
  one.goodSinceMs = null;
  one.lastBadAtMs = state.nowMs;
  one.lastBadBeganMs = state.nowMs;
  one.isPlaneOnly = one.isPlaneOnly && (opening.isPlaneOnly ?? false);
  one.waveFromMs = opening.startedAtMs;
  attach(one, [...one.members, ...opening.members]);
  const share = currentShare(state, one, opening.startedAtMs);
  takeEvidence(state, one, share);
  if (opening.impact) setImpact(one, opening.impact);
  else setImpact(one, impactOf(state, one, share, one.isPlaneOnly));
  setTexts(state, one, share, opening.reason);
  write(one, 'reopened', state.nowMs);
  announce(state, draft, one, 'incident.changed', 'reopened');
  noteReturn(state, draft, one);
  return one;
}

export function resolveIncident(state: State, draft: Draft, one: Case, text?: string): void {
  const { incident } = one;
  incident.status = 'resolved';
  incident.resolvedAtMs = Math.max(incident.startedAtMs, one.firstGoodMs ?? state.nowMs);
  if (incident.isUnstable) incident.isUnstable = false;
  write(one, 'resolved', state.nowMs);
  if (text) incident.timeline.at(-1)!.text = text;
  detach(one);
  for (const track of one.members) for (const unit of track.units) resetUnit(unit);
  announce(state, draft, one, 'incident.resolved', 'resolved');
}

/** The same incident under a better name: no second one is opened. */
export function refineIncident(state: State, draft: Draft, one: Case, opening: Opening): void {
  const { incident } = one;
  if (!incident.pinned.includes('scope')) incident.scope = opening.scope;
  incident.isPublic = incident.scope.kind !== 'account' && incident.scope.kind !== 'prober';
  incident.confidence = opening.confidence;
  incident.startedAtMs = Math.min(incident.startedAtMs, opening.startedAtMs);
  one.waveFromMs = Math.min(one.waveFromMs, opening.startedAtMs);
  incident.evidence.candidates = opening.candidates;
  one.nature = opening.nature;
  detach(one);
  one.members = new Set();
  one.isPlaneOnly = opening.isPlaneOnly ?? false;
  attach(one, opening.members);
  const share = currentShare(state, one, incident.startedAtMs);
  one.bad = share.bad;
  one.looks = Math.max(share.bad, share.looks);
  one.recovery = 0;
  one.tail = 0;
  takeEvidence(state, one, share);
  setImpact(one, opening.impact ?? impactOf(state, one, share, one.isPlaneOnly));
  setTexts(state, one, share, opening.reason);
  write(one, 'changed', state.nowMs);
  announce(state, draft, one, 'incident.changed', 'changed');
}

/** The gateway's lists failed before, now its calls do: the same incident, of more. */
export function widenIncident(state: State, draft: Draft, one: Case, members: Track[]): void {
  attach(one, members);
  one.isPlaneOnly = false;
  reweigh(state, draft, one);
}

/** An incident as stored, taken up again: its targets are found by its scope. */
export function resumeIncident(state: State, incident: Incident, members: Track[]): void {
  const one: Case = {
    ...newCase(state, {
      scope: incident.scope,
      nature: 'failing',
      members,
      startedAtMs: incident.startedAtMs,
      confidence: incident.confidence,
      candidates: incident.evidence.candidates,
    }),
    incident: structuredClone(incident),
    bad: Math.max(1, incident.evidence.failed),
    looks: Math.max(1, incident.evidence.total),
    lastBadAtMs: incident.resolvedAtMs ?? state.nowMs,
    changes: incident.timeline.length,
  };
  if (incident.impact === 'degraded' && incident.title.endsWith('is slow')) one.nature = 'slow';
  if (incident.impact === 'degraded' && incident.title.includes('(429)')) one.nature = 'limited';
  state.cases.push(one);
  if (incident.status === 'open') attach(one, members);
  else for (const track of members) one.members.add(track);
  followHand(state, one);
}

/** A person changed the incident in the store: what they set is theirs from now on. */
export function adoptIncident(state: State, incident: Incident): void {
  const one = state.cases.find((other) => other.incident.id === incident.id);
  if (!one) {
    // A part of another incident, made one of its own: from now on it is followed like any.
    if (incident.splitFrom && incident.status === 'open')
      resumeIncident(state, incident, scopeMembers(state, incident.scope));
    return;
  }
  const wasOpen = one.incident.status === 'open';
  one.incident = structuredClone(incident);
  followHand(state, one);
  if (wasOpen && incident.status === 'resolved') {
    detach(one);
    for (const track of one.members) for (const unit of track.units) resetUnit(unit);
  }
}
