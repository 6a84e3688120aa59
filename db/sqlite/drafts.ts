import type { DeliveryDraft } from '../../lib/core/plan.ts';
import type { DeliveryLine } from '../../lib/store.ts';
import type { Connection } from './connection.ts';

/** What was decided about telling people, written with the events it is about. */

export function writeDrafts(db: Connection, drafts: readonly DeliveryDraft[], nowMs: number): void {
  for (const draft of drafts) writeDraft(db, draft, nowMs);
}

function writeDraft(db: Connection, draft: DeliveryDraft, nowMs: number): void {
  if (db.change('select 1 from deliveries where id = ?').get(draft.id)) return;
  if (draft.isSent && draft.onlyIfTold && !wasTold(db, draft)) {
    logDelivery(db, draft, nowMs, 'not_sent', 'It was never told that this began.');
    return;
  }
  if (!draft.isSent) {
    logDelivery(db, draft, nowMs, 'not_sent', draft.reason);
    return;
  }
  insertDelivery(db, draft, nowMs);
  logDelivery(db, draft, nowMs, 'queued', draft.reason);
}

function insertDelivery(db: Connection, draft: DeliveryDraft, nowMs: number): void {
  db.change(
    `insert into deliveries (id, event_id, receiver_id, channel, incident_id, attempts, next_at_ms, not_after_ms, only_if_told, created_at_ms)
     values (?,?,?,?,?,0,?,?,?,?)`,
  ).run(
    draft.id,
    draft.eventId,
    draft.receiverId,
    draft.channel,
    draft.incidentId,
    Math.round(draft.nextAtMs),
    draft.notAfterMs === null ? null : Math.round(draft.notAfterMs),
    draft.onlyIfTold ? 1 : 0,
    Math.round(nowMs),
  );
}

/** Alive or sent: somebody who was, or will be, told. */
export function wasTold(db: Connection, about: { receiverId: string; incidentId: string | null }): boolean {
  if (about.incidentId === null) return false;
  return (
    db
      .change(
        'select 1 from deliveries where receiver_id = ? and incident_id = ? and dead_at_ms is null and (done_at_ms is not null or superseded_at_ms is null)',
      )
      .get(about.receiverId, about.incidentId) !== undefined
  );
}

export function logDelivery(
  db: Connection,
  about: { id: string | null; eventId: string; receiverId: string; incidentId: string | null },
  atMs: number,
  what: DeliveryLine['what'],
  text: string,
): void {
  db.change(
    'insert into delivery_log (at_ms, delivery_id, event_id, receiver_id, incident_id, what, text) values (?,?,?,?,?,?,?)',
  ).run(Math.round(atMs), about.id, about.eventId, about.receiverId, about.incidentId, what, text);
}
