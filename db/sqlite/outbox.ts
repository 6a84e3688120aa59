import { everyPublicReceiver } from '../../lib/core/plan.ts';
import type { Delivery, DeliveryLine, Outbox } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { logDelivery } from './drafts.ts';
import { expand } from './expand.ts';
import { claim, type DeliveryRow, deliveryColumns, gather, readDelivery } from './outbox-claim.ts';

const open = 'done_at_ms is null and dead_at_ms is null and superseded_at_ms is null';

export function outboxPort(db: Connection): Outbox {
  return {
    claim: (query) => claim(db, query),
    gather: (query) => gather(db, query),
    markDone: (id, by, nowMs, note) => db.write(() => endDone(db, id, by, nowMs, note)),
    markAllDone: (done, by, nowMs) =>
      db.write(() => done.filter(({ id, note }) => endDone(db, id, by, nowMs, note)).length),
    markDead: (id, by, nowMs, reason) =>
      db.write(() => end(db, id, by, nowMs, { what: 'dead', text: reason, column: 'dead_at_ms' })),
    markSuperseded: (id, by, nowMs, reason) =>
      db.write(() =>
        end(db, id, by, nowMs, { what: 'superseded', text: reason, column: 'superseded_at_ms' }),
      ),
    markRetry: (id, by, nextAtMs, error) => giveBack(db, id, by, nextAtMs, error, 1),
    postpone: (id, by, nextAtMs, reason) => giveBack(db, id, by, nextAtMs, reason, 0),
    expand: (query) => (hasUnexpanded(db) ? db.write(() => expand(db, query)) : 0),
    release: (by) =>
      db.write(() => {
        db.change('update deliveries set lease_by = null, lease_until_ms = null where lease_by = ?').run(by);
      }),
    log: (query) => readLog(db, query),
    supersede: (query) => db.write(() => supersede(db, query)),
    wasTold: (about) => wasSent(db, about),
    tally: (query) => tally(db, query),
    pending: (nowMs) => pending(db, nowMs),
  };
}

/** Asked every second, so without a lock. */
function hasUnexpanded(db: Connection): boolean {
  return (
    db
      .read(`select 1 from deliveries where +receiver_id = ? and ${open} limit 1`)
      .get(everyPublicReceiver) !== undefined
  );
}

/** The lease must still be ours: otherwise another sender has it, and what we did is a repeat with the same id. */
function held(db: Connection, id: string, by: string): Delivery | null {
  const row = db
    .change(`select ${deliveryColumns} from deliveries where id = ? and lease_by = ? and ${open}`)
    .get(id, by) as DeliveryRow | undefined;
  return row ? readDelivery(db, row) : null;
}

function endDone(
  db: Connection,
  id: string,
  by: string,
  nowMs: number,
  note: { thread?: Record<string, unknown>; text?: string },
): boolean {
  return end(
    db,
    id,
    by,
    nowMs,
    { what: 'sent', text: note.text ?? 'Sent.', column: 'done_at_ms' },
    note.thread,
  );
}

/** Inside a transaction. */
function end(
  db: Connection,
  id: string,
  by: string,
  nowMs: number,
  as: { what: DeliveryLine['what']; text: string; column: string },
  thread?: Record<string, unknown>,
): boolean {
  const delivery = held(db, id, by);
  if (!delivery) return false;
  db.change(
    `update deliveries set ${as.column} = ?, dead_reason = ?, lease_by = null, lease_until_ms = null, attempts = attempts + ? where id = ?`,
  ).run(nowMs, as.what === 'dead' ? as.text : null, as.what === 'superseded' ? 0 : 1, id);
  if (thread && delivery.incidentId !== null)
    db.change(
      'insert into threads (receiver_id, incident_id, body, at_ms) values (?,?,?,?) on conflict do update set body = excluded.body, at_ms = excluded.at_ms',
    ).run(delivery.receiverId, delivery.incidentId, JSON.stringify(thread), nowMs);
  logDelivery(db, delivery, nowMs, as.what, as.text);
  return true;
}

function giveBack(
  db: Connection,
  id: string,
  by: string,
  nextAtMs: number,
  reason: string,
  attempts: number,
): boolean {
  return db.write(() => {
    const delivery = held(db, id, by);
    if (!delivery) return false;
    db.change(
      'update deliveries set next_at_ms = ?, attempts = attempts + ?, lease_by = null, lease_until_ms = null where id = ?',
    ).run(Math.round(nextAtMs), attempts, id);
    if (reason !== '') logDelivery(db, delivery, db.nowMs(), attempts > 0 ? 'retry' : 'queued', reason);
    return true;
  });
}

function supersede(db: Connection, query: Parameters<Outbox['supersede']>[0]): number {
  const rows = db
    .change(
      `select ${deliveryColumns} from deliveries where receiver_id = ? and incident_id = ? and ${open} and (lease_until_ms is null or lease_until_ms <= ?)`,
    )
    .all(query.receiverId, query.incidentId, query.nowMs) as DeliveryRow[];
  for (const row of rows) {
    db.change('update deliveries set superseded_at_ms = ? where id = ?').run(query.nowMs, row.id);
    logDelivery(db, row, query.nowMs, 'superseded', query.reason);
  }
  return rows.length;
}

function readLog(db: Connection, query: Parameters<Outbox['log']>[0]): DeliveryLine[] {
  return db
    .read(
      `select at_ms as atMs, delivery_id as deliveryId, event_id as eventId, receiver_id as receiverId, what, text from delivery_log
       where (:receiver is null or receiver_id = :receiver) and (:incident is null or incident_id = :incident) order by id desc limit :limit`,
    )
    .all({
      receiver: query.receiverId ?? null,
      incident: query.incidentId ?? null,
      limit: query.limit,
    }) as DeliveryLine[];
}

/** Said, not merely meant to be said: what is still waiting was not heard. */
function wasSent(db: Connection, about: { receiverId: string; incidentId: string }): boolean {
  return (
    db
      .read(
        'select 1 from deliveries where receiver_id = ? and incident_id = ? and done_at_ms is not null limit 1',
      )
      .get(about.receiverId, about.incidentId) !== undefined
  );
}

function tally(db: Connection, query: { receiverId: string; sinceMs: number }): ReturnType<Outbox['tally']> {
  const sent = db
    .read(
      "select count(distinct at_ms) as n, min(at_ms) as oldest from delivery_log where receiver_id = ? and what = 'sent' and at_ms >= ?",
    )
    .get(query.receiverId, query.sinceMs) as { n: number; oldest: number | null };
  const failing = db
    .read(
      `select min(at_ms) as atMs from delivery_log where receiver_id = :receiver and what in ('retry','dead')
         and id > coalesce((select max(id) from delivery_log where receiver_id = :receiver and what = 'sent'), 0)`,
    )
    .get({ receiver: query.receiverId }) as { atMs: number | null };
  return { sent: sent.n, oldestSentAtMs: sent.oldest, failingSinceMs: failing.atMs };
}

function pending(db: Connection, nowMs: number): ReturnType<Outbox['pending']> {
  const due = db
    .read(
      `select count(*) as due, min(next_at_ms) as oldest from deliveries where ${open} and next_at_ms <= ? and receiver_id <> ?`,
    )
    .get(nowMs, everyPublicReceiver) as { due: number; oldest: number | null };
  const dead = db.read('select count(*) as n from deliveries where dead_at_ms is not null').get() as {
    n: number;
  };
  return { due: due.due, oldestDueAtMs: due.oldest, dead: dead.n };
}
