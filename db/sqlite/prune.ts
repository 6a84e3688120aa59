import type { Upkeep } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs, firstDay, hourMs, minuteMs } from './keys.ts';

/** Retention in small slices: each a transaction of its own, all of one call together a few milliseconds. */

const rowsPerSlice = 500;
const callMs = 8;
/** How long the traces of what is over are kept. */
const keptDays = { log: 90, intents: 7, spends: 62, generations: 30, threads: 90 } as const;

type Keep = Parameters<Upkeep['prune']>[1];
type Slice = () => number;

export function prune(db: Connection, nowMs: number, keep: Keep): boolean {
  const startMs = performance.now();
  for (const slice of slicesOf(db, nowMs, keep)) {
    let deleted = rowsPerSlice;
    while (deleted >= rowsPerSlice) {
      if (performance.now() - startMs > callMs) return true;
      deleted = db.writeLazily(slice);
    }
  }
  return false;
}

function slicesOf(db: Connection, nowMs: number, keep: Keep): Slice[] {
  const cutDay = rawCutDay(db, nowMs, keep.rawMs);
  const before =
    (table: string, column: string, atMs: number, also = '') =>
    () =>
      db
        .change(
          `delete from ${table} where rowid in (select rowid from ${table} where ${column} < ? ${also} limit ${rowsPerSlice})`,
        )
        .run(Math.floor(atMs)).changes;
  const daysAgo = (days: number) => nowMs - days * dayMs;
  return [
    () => cutRaw(db, 'timed_looks', cutDay),
    () => cutRaw(db, 'looks', cutDay),
    () => cutMissed(db, cutDay * dayMs),
    () => cutShapes(db, cutDay),
    () => cutRolled(db, 'sketch_minutes', Math.floor((nowMs - keep.minutesMs) / minuteMs)),
    () => cutRolled(db, 'sketch_hours', Math.floor((nowMs - keep.hoursMs) / hourMs)),
    () => cutTallies(db, 'tally_hours', Math.floor((nowMs - keep.hoursMs) / hourMs)),
    ...(keep.daysMs === null
      ? []
      : [
          () => cutRolled(db, 'sketch_days', Math.floor((nowMs - keep.daysMs!) / dayMs)),
          () => cutTallies(db, 'tally_days', Math.floor((nowMs - keep.daysMs!) / dayMs)),
        ]),
    before('delivery_log', 'at_ms', daysAgo(keptDays.log)),
    before(
      'deliveries',
      'created_at_ms',
      daysAgo(keptDays.log),
      'and (done_at_ms is not null or dead_at_ms is not null or superseded_at_ms is not null)',
    ),
    before('intents', 'claimed_at_ms', daysAgo(keptDays.intents)),
    before('spends', 'at_ms', daysAgo(keptDays.spends)),
    before('generations', 'at_ms', daysAgo(keptDays.generations)),
    () => db.change('delete from threads where at_ms < ?').run(Math.floor(daysAgo(keptDays.threads))).changes,
    () => db.change('delete from tokens where expires_at_ms < ?').run(Math.floor(daysAgo(1))).changes,
  ];
}

/** Whole days only, and none of whose looks a roll-up still waits for. */
function rawCutDay(db: Connection, nowMs: number, rawMs: number): number {
  const due = db.read('select min(at) as at from due_hours').get() as { at: number | null };
  const wanted = Math.floor((nowMs - rawMs) / dayMs);
  return due.at === null ? wanted : Math.min(wanted, Math.floor(due.at / 24));
}

function cutRaw(db: Connection, table: 'looks' | 'timed_looks', cutDay: number): number {
  const limit = `(? << 45)`;
  const deleted = db
    .change(
      `delete from ${table} where id in (select id from ${table} where id < ${limit} order by id limit ${rowsPerSlice})`,
    )
    .run(cutDay - firstDay).changes;
  if (deleted > 0)
    db.change(
      `insert into notes (key, value) values ('raw.kept_from', :at) on conflict (key) do update set value = :at where cast(value as integer) < cast(:at as integer)`,
    ).run({ at: String(cutDay * dayMs) });
  return deleted;
}

function cutMissed(db: Connection, beforeMs: number): number {
  return db
    .change(
      `delete from missed where (target_id, slot) in (select target_id, slot from missed where at_ms < ? limit ${rowsPerSlice})`,
    )
    .run(beforeMs).changes;
}

/** A shape goes when no look of its day is left; who remembered its number must forget it. */
function cutShapes(db: Connection, cutDay: number): number {
  const deleted = db
    .change(
      `delete from shapes where id in (select id from shapes where last_used_day < ? limit ${rowsPerSlice})`,
    )
    .run(cutDay - firstDay - 1).changes;
  if (deleted > 0) db.forget();
  return deleted;
}

function cutRolled(db: Connection, table: string, before: number): number {
  return db
    .change(
      `delete from ${table} where id in (select s.id from series r cross join ${table} s on s.id between (r.id << 32) and (r.id << 32 | ?) limit ${rowsPerSlice})`,
    )
    .run(Math.max(0, before - 1)).changes;
}

function cutTallies(db: Connection, table: string, before: number): number {
  return db
    .change(
      `delete from ${table} where (series_id, at, outcome_id) in (select y.series_id, y.at, y.outcome_id from series r cross join ${table} y on y.series_id = r.id and y.at < ? limit ${rowsPerSlice})`,
    )
    .run(before).changes;
}
