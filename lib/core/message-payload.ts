import { feedIncident } from './feed-document.ts';
import { iso, isoOrNull, routingGuard, routingTarget } from './feed-routing.ts';
import type { Message } from './message.ts';
import { cutAt, plainLine } from './message-text.ts';
import type { CoreEvent, EventType, GuardState, RouteState } from './plan.ts';

/** What machines get beside the message: the state as it is now, so that the order of arrival does not matter. */
export interface PayloadFacts {
  epoch: string;
  seq: number;
  route: RouteState | null;
  guard: GuardState | null;
  baseUrl: string | null;
}

/** The feed contract's names where they differ from ours. */
const outsideNames: Partial<Record<EventType, string>> = {
  'incident.changed': 'incident.updated',
  'guard.changed': 'feed.guard_changed',
  'subscription.mail': 'endpoint.challenge',
};

export function outsideName(type: EventType): string {
  return outsideNames[type] ?? type;
}

export interface WebhookBody {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

const mostDetail = 3_000;

export function webhookBody(message: Message, facts: PayloadFacts): WebhookBody {
  const { event, incident } = message;
  return {
    type: outsideName(event.type),
    timestamp: iso(event.atMs),
    data: {
      epoch: facts.epoch,
      seq: facts.seq,
      expires_at: isoOrNull(event.expiresAtMs),
      ...(event.scope ? { scope: event.scope } : {}),
      ...(facts.route ? { target: routingTarget(facts.route) } : {}),
      ...(event.type === 'guard.changed' && facts.guard ? { guard: routingGuard(facts.guard) } : {}),
      ...(incident
        ? {
            incident: {
              ...feedIncident(incident, facts.baseUrl?.replace(/\/+$/, '') ?? null),
              cause: incident.scope,
              confidence: incident.confidence,
              is_unstable: incident.isUnstable,
              title: cutAt(plainLine(incident.title), 300),
              affected: ids(incident.affected, 40),
              working: ids(incident.evidence.working, 12),
              acknowledged_by: incident.acknowledgedBy,
            },
          }
        : {}),
      text: cutAt(message.sentence ?? message.headline, 1_000),
      fix: message.fix,
      reason: reasonOf(event),
      incident_id: event.incidentId,
      ...(typeof event.data.challenge === 'string' ? { challenge: event.data.challenge } : {}),
      ...detailOf(event),
    },
  };
}

/** Circuit news carry their error class as the reason, as the contract says; others their sentence of why. */
function reasonOf(event: CoreEvent): string {
  return cutAt(plainLine(typeof event.data.reason === 'string' ? event.data.reason : event.reason), 500);
}

/** Whole ids or none: a cut one would name something else. */
function ids(list: string[], most: number): string[] {
  return list.filter((id) => id.length <= 150).slice(0, most);
}

/** What the incident says already is not said twice. */
function detailOf(event: CoreEvent): { detail?: Record<string, unknown> } {
  if (event.incidentId !== null && event.type.startsWith('incident.')) return {};
  const { receivers: _ours, confirm: _sealed, challenge: _said, ...detail } = event.data;
  if (Object.keys(detail).length === 0 || JSON.stringify(detail).length > mostDetail) return {};
  return { detail };
}
