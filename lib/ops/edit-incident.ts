import { sha256Hex } from '../core/message-id.ts';
import { plainLine } from '../core/message-text.ts';
import type { CoreEvent, DeliveryDraft, Incident, TimelineEntry } from '../core/plan.ts';
import { addressEvents } from '../core/routing.ts';
import type { Store } from '../store.ts';
import { type Refusal, refuse } from './ops-io.ts';

export type Edited = { ok: true; incident: Incident } | Refusal;

export interface Edit {
  incidentId: string;
  /** The person's name; it stands in the timeline. */
  by: string;
  kind: TimelineEntry['kind'];
  text: string;
  /** The changed incident, or a refusal; null: nothing to do, and nobody is told. */
  change(incident: Incident): Incident | Refusal | null;
  type?: CoreEvent['type'];
  /** A second incident that changes in the same transaction. */
  beside?(incident: Incident): { incident: Incident; events: CoreEvent[]; deliveries: DeliveryDraft[] };
  /** false: it is written down and shown, and nobody gets a message. */
  isTold: boolean;
}

/** A person's change of an incident: timeline, event and messages in one transaction, under an id that a repeat has too. */
export function editIncident(io: { store: Store; nowMs: number }, edit: Edit): Edited {
  let refusal: Refusal | null = null;
  let untouched: Incident | null = null;
  const edited = io.store.incidents.edit(edit.incidentId, (incident) => {
    const changed = edit.change(incident);
    if (changed === null) {
      untouched = incident;
      return null;
    }
    if ('ok' in changed) {
      refusal = changed;
      return null;
    }
    return written(io, edit, changed);
  });
  if (edited) return { ok: true, incident: edited };
  if (untouched) return { ok: true, incident: untouched };
  return refusal ?? refuse('unknown_incident', 'There is no such incident.');
}

function written(io: { store: Store; nowMs: number }, edit: Edit, changed: Incident) {
  const text = plainLine(edit.text).slice(0, 2_000);
  const incident = {
    ...changed,
    timeline: [...changed.timeline, { atMs: io.nowMs, kind: edit.kind, text, by: edit.by }],
  };
  const event = handEvent(io, incident, { ...edit, text });
  const beside = edit.beside?.(incident);
  return {
    incident,
    ...(beside ? { others: [beside.incident] } : {}),
    events: [event, ...(beside?.events ?? [])],
    deliveries: [...(edit.isTold ? addressedBy(io, event, incident) : []), ...(beside?.deliveries ?? [])],
  };
}

/** Who is told of a person's change. */
export function addressedBy(
  io: { store: Store; nowMs: number },
  event: CoreEvent,
  incident: Incident,
): DeliveryDraft[] {
  return addressEvents([event], io.store.people.receivers('operator'), {
    nowMs: io.nowMs,
    incident: () => incident,
  });
}

/** Its id follows from the change: made twice, it is still one event. */
export function handEvent(
  io: { nowMs: number },
  incident: Incident,
  edit: Pick<Edit, 'kind' | 'by' | 'text' | 'type'>,
): CoreEvent {
  const { kind, by, text, type = 'incident.changed' } = edit;
  return {
    id: `hand:${sha256Hex(`${incident.id}|${kind}|${by}|${text}|${io.nowMs}`).slice(0, 24)}`,
    type,
    atMs: io.nowMs,
    scope: incident.scope,
    impact: incident.impact,
    incidentId: incident.id,
    targetId: null,
    isPublic: incident.isPublic,
    sentence: text,
    reason: incident.reason,
    startedAtMs: incident.startedAtMs,
    expiresAtMs: null,
    data: { what: kind, by },
  };
}
