import type { Incident, Scope } from '../core/plan.ts';
import { addressedBy, type Edited, editIncident, handEvent } from './edit-incident.ts';
import { type OpsIo, type Refusal, refuse } from './ops-io.ts';

/** Two incidents that are one fault: the second is told as part of the first from now on, by a person's word. */
export function mergeIncident(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { incidentId, intoId, by }: { incidentId: string; intoId: string; by: string },
): Edited {
  const part = io.store.incidents.get(incidentId);
  const whole = io.store.incidents.get(intoId);
  const refusal = refusalOf(part, whole);
  if (refusal || !part || !whole) return refusal ?? refuse('unknown_incident', 'There is no such incident.');
  const told = `"${part.title}" is part of this, says ${by}.`;
  return editIncident(io, {
    incidentId: intoId,
    by,
    kind: 'merged',
    text: told,
    isTold: true,
    change: (incident) => ({ ...incident, ...joined(incident, part) }),
    beside: (incident) => {
      const text = `Told as part of "${incident.title}" from now on, says ${by}.`;
      const ended: Incident = {
        ...part,
        status: 'resolved',
        resolvedAtMs: part.resolvedAtMs ?? Math.max(io.nowMs, part.startedAtMs),
        mergedInto: intoId,
        timeline: [...part.timeline, { atMs: io.nowMs, kind: 'merged', text, by }],
      };
      const event = handEvent(io, ended, { kind: 'merged', by, text, type: 'incident.resolved' });
      return { incident: ended, events: [event], deliveries: addressedBy(io, event, ended) };
    },
  });
}

function refusalOf(part: Incident | null, whole: Incident | null): Refusal | null {
  if (!part || !whole) return refuse('unknown_incident', 'There is no such incident.');
  if (part.id === whole.id) return refuse('same', 'An incident cannot be merged into itself.');
  if (part.mergedInto) return refuse('merged', 'It is told as part of another incident already.');
  if (whole.mergedInto) return refuse('merged', 'That one is told as part of another incident itself.');
  if (part.status === 'open' && whole.status !== 'open')
    return refuse('over', 'What still goes on cannot be part of what is over: merge the other way round.');
  if (part.isPublic !== whole.isPublic)
    return refuse('visibility', 'One of them is public and the other is not: publish or hide one first.');
  return null;
}

function joined(whole: Incident, part: Incident): Partial<Incident> {
  return {
    startedAtMs: Math.min(whole.startedAtMs, part.startedAtMs),
    affected: [...new Set([...whole.affected, ...part.affected])].sort(),
    absorbed: distinct([...(whole.absorbed ?? []), part.scope, ...(part.absorbed ?? [])]),
    // Whoever joined them has said whose fault it is: it is not refined away.
    pinned: [...new Set([...whole.pinned, 'scope' as const])],
  };
}

function distinct(scopes: Scope[]): Scope[] {
  const seen = new Map(scopes.map((scope) => [`${scope.kind}:${scope.id}`, scope]));
  return [...seen.values()];
}
