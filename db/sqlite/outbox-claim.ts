import { type CoreEvent, everyPublicReceiver } from '../../lib/core/plan.ts';
import type { Delivery, Outbox } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { logDelivery } from './drafts.ts';
import { readEvent } from './events.ts';

/** Claiming: one conditional update per delivery, so that two senders never hold the same one. */

export interface DeliveryRow {
  id: string;
  eventId: string;
  receiverId: string;
  channel: string;
  incidentId: string | null;
  attempts: number;
  nextAtMs: number;
  notAfterMs: number | null;
  doneAtMs: number | null;
  deadReason: string | null;
}

export const deliveryColumns =
  'id, event_id as eventId, receiver_id as receiverId, channel, incident_id as incidentId, attempts, next_at_ms as nextAtMs, not_after_ms as notAfterMs, done_at_ms as doneAtMs, dead_reason as deadReason';
const isOpen = 'done_at_ms is null and dead_at_ms is null and superseded_at_ms is null';

export function readDelivery(db: Connection, row: DeliveryRow): Delivery {
  const thread = db
    .change('select body from threads where receiver_id = ? and incident_id = ?')
    .get(row.receiverId, row.incidentId) as { body: string } | undefined;
  return { ...row, thread: thread ? (JSON.parse(thread.body) as Record<string, unknown>) : null };
}

function lease(db: Connection, row: DeliveryRow, by: string, untilMs: number): Claimed | null {
  // A lease that ran out was an attempt that never reported back.
  const taken = db
    .change(
      `update deliveries set attempts = attempts + (lease_by is not null), lease_by = ?, lease_until_ms = ? where id = ? and ${isOpen} returning ${deliveryColumns}`,
    )
    .get(by, untilMs, row.id) as DeliveryRow | undefined;
  const event = db.change('select seq, body from events where id = ?').get(row.eventId) as
    | { seq: number; body: string }
    | undefined;
  if (!taken || !event) return null;
  return { delivery: readDelivery(db, taken), event: readEvent(event), seq: event.seq };
}

type Claimed = { delivery: Delivery; event: CoreEvent; seq: number };

function dueRows(db: Connection, nowMs: number): DeliveryRow[] {
  return db
    .change(
      `select ${deliveryColumns} from deliveries where ${isOpen} and next_at_ms <= ? and receiver_id <> ? and (lease_until_ms is null or lease_until_ms <= ?)
       order by next_at_ms, rowid limit 20000`,
    )
    .all(nowMs, everyPublicReceiver, nowMs) as DeliveryRow[];
}

function busyReceivers(db: Connection, nowMs: number): Set<string> {
  const rows = db
    .change('select receiver_id as id from deliveries where lease_by is not null and lease_until_ms > ?')
    .all(nowMs) as { id: string }[];
  return new Set(rows.map((row) => row.id));
}

/** What nobody needs to hear any more ends here, with its reason in the log. */
function isExpired(db: Connection, row: DeliveryRow, nowMs: number): boolean {
  if (row.notAfterMs === null || row.notAfterMs >= nowMs) return false;
  const reason = 'It could not be delivered before it expired.';
  db.change('update deliveries set dead_at_ms = ?, dead_reason = ?, lease_by = null where id = ?').run(
    nowMs,
    reason,
    row.id,
  );
  logDelivery(db, row, nowMs, 'dead', reason);
  return true;
}

export function claim(db: Connection, query: Parameters<Outbox['claim']>[0]): Claimed[] {
  const taken: Claimed[] = [];
  const busy = busyReceivers(db, query.nowMs);
  for (const id of query.exceptReceivers) busy.add(id);
  const channels = new Set(query.exceptChannels ?? []);
  for (const row of dueRows(db, query.nowMs)) {
    if (taken.length >= query.limit) break;
    if (busy.has(row.receiverId) || channels.has(row.channel)) continue;
    if (isExpired(db, row, query.nowMs)) continue;
    const one = lease(db, row, query.by, query.nowMs + query.leaseMs);
    if (one) taken.push(one);
    busy.add(row.receiverId);
  }
  return taken;
}

export function gather(db: Connection, query: Parameters<Outbox['gather']>[0]): Claimed[] {
  const rows = db
    .change(
      `select ${deliveryColumns} from deliveries where receiver_id = ? and ${isOpen} and next_at_ms <= ? and (lease_until_ms is null or lease_until_ms <= ?)
       order by next_at_ms, rowid limit ?`,
    )
    .all(query.receiverId, query.nowMs, query.nowMs, query.limit) as DeliveryRow[];
  return rows
    .filter((row) => !isExpired(db, row, query.nowMs))
    .map((row) => lease(db, row, query.by, query.nowMs + query.leaseMs))
    .filter((one) => one !== null);
}
