import { feedIncident } from './feed-document.ts';
import { iso, isoOrNull, routingGuard, routingTarget } from './feed-routing.ts';
import type { Message } from './message.ts';
import { cutAt, cutAtBytes, plainLine } from './message-text.ts';
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

/** In bytes, so that the whole stays below the contract's 20 kB whatever it is written in. */
const mostDetail = 3_000;
const mostText = 2_000;
const mostIds = 4_000;
const mostId = 150;

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
              title: cutAtBytes(plainLine(incident.title), 600),
              affected: ids(incident.affected, 40),
              working: ids(incident.evidence.working, 12),
              acknowledged_by: incident.acknowledgedBy,
            },
          }
        : {}),
      text: cutAtBytes(cutAt(message.sentence ?? message.headline, 1_000), mostText),
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
  const reason = typeof event.data.reason === 'string' ? event.data.reason : event.reason;
  return cutAtBytes(cutAt(plainLine(reason), 500), mostText / 2);
}

/** Whole ids or none: a cut one would name something else. */
function ids(list: string[], most: number): string[] {
  const kept: string[] = [];
  let left = mostIds;
  for (const id of list) {
    const bytes = bytesOf(id);
    if (kept.length === most || bytes > mostId || bytes > left) continue;
    left -= bytes;
    kept.push(id);
  }
  return kept;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** What the incident says already is not said twice. */
function detailOf(event: CoreEvent): { detail?: Record<string, unknown> } {
  if (event.incidentId !== null && event.type.startsWith('incident.')) return {};
  const { receivers: _ours, confirm: _sealed, challenge: _said, ...detail } = event.data;
  if (Object.keys(detail).length === 0 || bytesOf(JSON.stringify(detail)) > mostDetail) return {};
  return { detail };
}
