import type { OpsIo } from './ops-io.ts';

const weekMs = 7 * 86_400_000;

/** Rows nobody confirmed within a week go, and those that waited for an incident that is long over. */
export function sweepSubscriptions(io: Pick<OpsIo, 'store' | 'nowMs'>): number {
  let swept = 0;
  for (const receiver of io.store.people.receivers('public')) {
    const isForgotten = receiver.status === 'pending' && io.nowMs - receiver.createdAtMs > weekMs;
    if (!isForgotten && !isPointless(io, receiver.untilIncidentId)) continue;
    io.store.people.changeReceiver(receiver.id, 'delete');
    swept += 1;
  }
  return swept;
}

function isPointless(io: Pick<OpsIo, 'store' | 'nowMs'>, untilIncidentId: string | null): boolean {
  if (untilIncidentId === null) return false;
  const incident = io.store.incidents.get(untilIncidentId);
  return incident === null || (incident.resolvedAtMs !== null && io.nowMs - incident.resolvedAtMs > weekMs);
}
