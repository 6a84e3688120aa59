import { everyPublicReceiver } from '../../lib/core/plan.ts';
import { addressOne } from '../../lib/core/routing.ts';
import { kindOfEvent } from '../../lib/core/routing-match.ts';
import type { Connection } from './connection.ts';
import { writeDrafts } from './drafts.ts';
import { readEvent } from './events.ts';
import { readIncident } from './incidents.ts';
import { type ReceiverRow, readReceiver } from './people.ts';

/** One delivery "to everybody" becomes one for each who asked, a slice at a time. */
export function expand(db: Connection, query: { nowMs: number; limit: number }): number {
  const open = db
    .change(
      `select id, event_id as eventId, expanded_to as reached from deliveries
       where +receiver_id = ? and done_at_ms is null and dead_at_ms is null and superseded_at_ms is null order by next_at_ms, rowid limit 1`,
    )
    .get(everyPublicReceiver) as { id: string; eventId: string; reached: string | null } | undefined;
  if (!open) return 0;
  const stored = db.change('select body from events where id = ?').get(open.eventId) as
    | { body: string }
    | undefined;
  const event = stored ? readEvent(stored) : null;
  // Who did not ask for this kind of news is not even read: five thousand people times every circuit would be a flood.
  const receivers = db
    .change(
      `select * from receivers where origin = 'public' and id > ? and exists (select 1 from json_each(receivers.kinds) where value = ?)
       order by id limit ?`,
    )
    .all(open.reached ?? '', event ? kindOfEvent[event.type] : '', query.limit) as ReceiverRow[];
  if (event) {
    const context = { nowMs: query.nowMs, incident: (id: string) => readIncident(db, id) };
    const drafts = receivers.map((row) => addressOne(event, readReceiver(row), context));
    writeDrafts(db, drafts, query.nowMs);
  }
  const last = receivers.at(-1);
  if (receivers.length < query.limit || !last)
    db.change('update deliveries set done_at_ms = ? where id = ?').run(query.nowMs, open.id);
  else db.change('update deliveries set expanded_to = ? where id = ?').run(last.id, open.id);
  return Math.max(1, receivers.length);
}
