import { membersOf } from './culprit.ts';
import { attach } from './incident-case.ts';
import { isReleased } from './incident-scope.ts';
import type { Incident, Scope } from './plan.ts';
import type { Case, State, Track } from './state.ts';

/** What people made of incidents: one told as part of another, a part told as one of its own. */

/** Opened by a person without a single look behind it: it ends when that person says so. */
export function isOpenedByHand(incident: Incident): boolean {
  return (
    incident.evidence.total === 0 &&
    incident.timeline[0] !== undefined &&
    incident.timeline[0].by !== 'machine'
  );
}

/** Takes in what a person merged into it, and lets go of what was split off. */
export function followHand(state: State, one: Case): void {
  const { absorbed = [], status } = one.incident;
  if (status === 'open')
    attach(
      one,
      absorbed.flatMap((scope) => scopeMembers(state, scope)),
    );
  const gone = [...one.members].filter((track) => isReleased(one.incident, track));
  if (gone.length === 0) return;
  for (const track of gone) {
    one.members.delete(track);
    track.cases = track.cases.filter((other) => other !== one);
  }
}

export function scopeMembers(state: State, scope: Scope): Track[] {
  if (scope.kind !== 'account') return membersOf(state, scope);
  return state.accounts.get(scope.id)?.tracks.filter((track) => !track.isRemoved) ?? [];
}

/** Where a fault is told now, when a person told it as part of another. */
export function toldIn(state: State, one: Case): Case {
  const into = one.incident.mergedInto;
  return state.cases.find((other) => into !== undefined && other.incident.id === into) ?? one;
}
