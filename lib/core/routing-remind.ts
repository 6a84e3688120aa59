import type { CoreEvent, Incident } from './plan.ts';
import type { Addressee } from './routing.ts';
import { quietUntil, rulesOf } from './routing-rules.ts';
import { incidentSentence } from './sentence.ts';

/** Reminders that are due now: an open incident nobody has acknowledged, said again to whoever asked for that. */
export function remindersDue(
  incidents: Incident[],
  receivers: readonly Addressee[],
  wasTold: (receiverId: string, incidentId: string) => boolean,
  nowMs: number,
): CoreEvent[] {
  return incidents
    .filter((incident) => incident.status === 'open' && incident.acknowledgedBy === null)
    .flatMap((incident) =>
      receivers
        .filter((one) => isDue(one, incident, nowMs) && wasTold(one.id, incident.id))
        .map((one) => reminder(incident, one, nowMs)),
    );
}

function isDue(receiver: Addressee, incident: Incident, nowMs: number): boolean {
  const { remindMs, quiet } = rulesOf(receiver.settings);
  if (remindMs === null || receiver.status !== 'active' || nowMs - incident.openedAtMs < remindMs)
    return false;
  if (receiver.isMutedUntilMs !== null && receiver.isMutedUntilMs > nowMs) return false;
  const isPage = incident.impact === 'major_outage' && incident.scope.kind !== 'route';
  return quiet === null || isPage || quietUntil(quiet, nowMs) === null;
}

/** The count is part of the id: asked ten times in one period it is one reminder. */
function reminder(incident: Incident, receiver: Addressee, nowMs: number): CoreEvent {
  const every = rulesOf(receiver.settings).remindMs ?? 1;
  const count = Math.floor((nowMs - incident.openedAtMs) / every);
  return {
    id: `reminder:${incident.id}:${receiver.id}:${count}`,
    type: 'incident.reminder',
    atMs: nowMs,
    scope: incident.scope,
    impact: incident.impact,
    incidentId: incident.id,
    targetId: null,
    isPublic: false,
    sentence: `Still: ${incidentSentence(incident, nowMs)}`,
    reason: 'nobody has acknowledged it',
    startedAtMs: incident.startedAtMs,
    expiresAtMs: nowMs + every,
    data: { receivers: [receiver.id], count },
  };
}
