import { type Edited, editIncident } from './edit-incident.ts';
import { readAcknowledgeToken } from './links.ts';
import { type OpsIo, type Refusal, refuse } from './ops-io.ts';

/** Somebody has seen it: reminders and escalations end. A second one changes nothing. */
export function acknowledgeIncident(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { incidentId, by }: { incidentId: string; by: string },
): Edited {
  return editIncident(io, {
    incidentId,
    by,
    kind: 'acknowledged',
    text: `${by} is looking at it.`,
    isTold: true,
    change: (incident) => (incident.acknowledgedBy === null ? { ...incident, acknowledgedBy: by } : null),
  });
}

const invalid = () => refuse('invalid_link', 'This link is not valid, or it is older than a week.');

/** What the page says above its button; reading it changes nothing. */
export function peekAcknowledge(io: OpsIo, token: string): { ok: true; title: string } | Refusal {
  const found = readAcknowledgeToken(io.sealer, token, io.nowMs);
  const incident = found ? io.store.incidents.get(found.incidentId) : null;
  return incident ? { ok: true, title: incident.title } : invalid();
}

/** Through the link in a message. The page behind it has a button; only pressing it comes here. */
export function acknowledgeByLink(io: OpsIo, token: string): Edited {
  const found = readAcknowledgeToken(io.sealer, token, io.nowMs);
  if (!found) return invalid();
  const settings = io.store.people.receiver(found.receiverId)?.settings;
  const name = settings?.name ?? settings?.about;
  const by = typeof name === 'string' ? `somebody at ${name}` : 'somebody';
  return acknowledgeIncident(io, { incidentId: found.incidentId, by });
}
