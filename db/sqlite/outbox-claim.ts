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

function busyReceivers(db: Connection, nowMs: number): Set<string> {
  const rows = db
    .read('select receiver_id as id from deliveries where lease_by is not null and lease_until_ms > ?')
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

/** Read without a lock and only as far as needed: most rounds find nothing, and five thousand due rows are not all wanted. */
function candidates(db: Connection, query: Parameters<Outbox['claim']>[0]): string[] {
  const busy = busyReceivers(db, query.nowMs);
  for (const id of query.exceptReceivers) busy.add(id);
  const room = new Map(Object.entries(query.channelRoom ?? {}));
  const full = [
    ...(query.exceptChannels ?? []),
    ...[...room].filter(([, left]) => left <= 0).map(([one]) => one),
  ];
  const rows = db
    .read(
      `select id, receiver_id as receiverId, channel from deliveries where ${isOpen} and next_at_ms <= ? and receiver_id <> ?
         and (lease_until_ms is null or lease_until_ms <= ?) and channel not in (select value from json_each(?)) order by next_at_ms, rowid`,
    )
    .iterate(query.nowMs, everyPublicReceiver, query.nowMs, JSON.stringify(full)) as Iterable<
    Pick<DeliveryRow, 'id' | 'receiverId' | 'channel'>
  >;
  const found: string[] = [];
  for (const row of rows) {
    if (found.length >= query.limit) break;
    const left = room.get(row.channel) ?? Number.POSITIVE_INFINITY;
    if (busy.has(row.receiverId) || left <= 0) continue;
    room.set(row.channel, left - 1);
    busy.add(row.receiverId);
    found.push(row.id);
  }
  return found;
}

const dueRow = `select ${deliveryColumns} from deliveries where id = ? and ${isOpen} and (lease_until_ms is null or lease_until_ms <= ?)`;

export function claim(db: Connection, query: Parameters<Outbox['claim']>[0]): Claimed[] {
  const found = candidates(db, query);
  return found.length === 0 ? [] : db.write(() => take(db, found, query));
}

/** What was found is looked at again under the lock. */
function take(
  db: Connection,
  ids: string[],
  query: { by: string; nowMs: number; leaseMs: number },
): Claimed[] {
  return ids
    .map((id) => db.change(dueRow).get(id, query.nowMs) as DeliveryRow | undefined)
    .filter((row) => row !== undefined && !isExpired(db, row, query.nowMs))
    .map((row) => lease(db, row as DeliveryRow, query.by, query.nowMs + query.leaseMs))
    .filter((one) => one !== null);
}

export function gather(db: Connection, query: Parameters<Outbox['gather']>[0]): Claimed[] {
  const rows = db
    .read(
      `select id from deliveries where receiver_id = ? and ${isOpen} and next_at_ms <= ? and (lease_until_ms is null or lease_until_ms <= ?)
       order by next_at_ms, rowid limit ?`,
    )
    .all(query.receiverId, query.nowMs, query.nowMs, query.limit) as { id: string }[];
  if (rows.length === 0) return [];
  return db.write(() =>
    take(
      db,
      rows.map((row) => row.id),
      query,
    ),
  );
}
