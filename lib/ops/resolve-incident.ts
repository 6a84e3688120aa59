import { type Edited, editIncident } from './edit-incident.ts';
import type { OpsIo } from './ops-io.ts';

/** Over, because a person says so. It comes back only with a new failure. */
export function resolveIncident(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { incidentId, by }: { incidentId: string; by: string },
): Edited {
  return editIncident(io, {
    incidentId,
    by,
    kind: 'resolved',
    text: `${by} says that this is over.`,
    type: 'incident.resolved',
    isTold: true,
    change: (incident) =>
      incident.status === 'resolved'
        ? null
        : { ...incident, status: 'resolved', resolvedAtMs: Math.max(io.nowMs, incident.startedAtMs) },
  });
}
