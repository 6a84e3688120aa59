import type { CoreEvent, DeliveryDraft } from '../../lib/core/plan.ts';
import type { Events, FeedChange } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { writeDrafts } from './drafts.ts';

/** Feed changes and events share one numbering, so that a receiver can drop what is not newer. */

const feedKept = 5_000;

function nextSeq(db: Connection): number {
  const row = db.change('update numbering set seq = seq + 1 returning seq').get() as { seq: number };
  return row.seq;
}

export function writeFeedChange(db: Connection, change: Omit<FeedChange, 'seq'>): void {
  const seq = nextSeq(db);
  db.change('insert into feed_changes (seq, at_ms, kind, id, body) values (?,?,?,?,?)').run(
    seq,
    Math.round(change.atMs),
    change.kind,
    change.id,
    JSON.stringify(change.body),
  );
  db.change('delete from feed_changes where seq <= ?').run(seq - feedKept * 2);
}

/** An event that is already there is left alone: the same change has the same id after every restart. */
export function writeEvents(db: Connection, events: readonly CoreEvent[]): void {
  for (const event of events) {
    if (db.change('select 1 from events where id = ?').get(event.id)) continue;
    db.change('insert into events (seq, id, type, at_ms, incident_id, body) values (?,?,?,?,?,?)').run(
      nextSeq(db),
      event.id,
      event.type,
      Math.round(event.atMs),
      event.incidentId,
      JSON.stringify(event),
    );
  }
}

interface EventRow {
  seq: number;
  body: string;
}
export const readEvent = (row: { body: string }): CoreEvent => JSON.parse(row.body) as CoreEvent;

export function eventsPort(db: Connection): Events {
  return {
    after(seq, limit) {
      const rows = db
        .read('select seq, body from events where seq > ? order by seq limit ?')
        .all(seq, limit) as EventRow[];
      return rows.map((row) => ({ seq: row.seq, event: readEvent(row) }));
    },
    list({ types, beforeMs, limit }) {
      const rows = db
        .read(
          'select seq, body from events where (? is null or type in (select value from json_each(?))) and at_ms < ? order by at_ms desc, seq desc limit ?',
        )
        .all(
          types ? 1 : null,
          types ? JSON.stringify(types) : null,
          beforeMs ?? Number.MAX_SAFE_INTEGER,
          limit,
        ) as EventRow[];
      return rows.map(readEvent);
    },
    changesAfter: (seq, limit) => changesAfter(db, seq, limit),
    position() {
      return db.read('select epoch, seq from numbering').get() as { epoch: string; seq: number };
    },
    add: (events: CoreEvent[], deliveries: DeliveryDraft[] = []) =>
      db.write(() => {
        writeEvents(db, events);
        writeDrafts(db, deliveries, events[0]?.atMs ?? db.nowMs());
      }),
  };
}

/** 'gone': the reader is from another numbering, or so far behind that changes it needs were dropped. */
function changesAfter(db: Connection, seq: number, limit: number): FeedChange[] | 'gone' {
  const now = db.read('select seq from numbering').get() as { seq: number };
  if (seq > now.seq || seq < 0) return 'gone';
  const dropped = db.read("select value from notes where key = 'feed.dropped_to'").get() as
    | { value: string }
    | undefined;
  const floor = now.seq - feedKept * 2;
  if (seq < Math.max(floor, Number(dropped?.value ?? 0))) return 'gone';
  const rows = db
    .read('select seq, at_ms as atMs, kind, id, body from feed_changes where seq > ? order by seq limit ?')
    .all(seq, limit) as (Omit<FeedChange, 'body'> & { body: string })[];
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body) as unknown }));
}
