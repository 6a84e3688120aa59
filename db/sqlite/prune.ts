import type { Upkeep } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs, firstDay, hourMs, minuteMs } from './keys.ts';

/** Retention in small slices: each a transaction of its own, all of one call together a few milliseconds. */

const callMs = 6;
/** A slice measures itself: the next one is smaller where it was slow, larger where it was quick. */
const sliceMs = { slow: 4, quick: 2 } as const;
const rows = { first: 100, least: 10, most: 500 } as const;

export interface Pace {
  rowsPerSlice: number;
  /** Where the last call stopped: on a slow machine the first kinds would else use up every call. */
  nextKind: number;
}
export const newPace = (): Pace => ({ rowsPerSlice: rows.first, nextKind: 0 });

function adjust(pace: Pace, tookMs: number): void {
  if (tookMs > sliceMs.slow) pace.rowsPerSlice = Math.max(rows.least, pace.rowsPerSlice >> 1);
  else if (tookMs < sliceMs.quick) pace.rowsPerSlice = Math.min(rows.most, pace.rowsPerSlice * 2);
}

/** How long the traces of what is over are kept. */
const keptDays = {
  log: 90,
  intents: 7,
  spends: 62,
  plainGenerations: 3,
  generations: 30,
  threads: 90,
} as const;

type Keep = Parameters<Upkeep['prune']>[1];
/** Deletes at most so many rows, and says how many it did. */
type Slice = (limit: number) => number;

export function prune(db: Connection, nowMs: number, keep: Keep, pace: Pace = newPace()): boolean {
  const startMs = performance.now();
  const slices = slicesOf(db, nowMs, keep);
  for (let slice = slices[pace.nextKind]; slice; slice = slices[pace.nextKind]) {
    const fromMs = performance.now();
    const limit = pace.rowsPerSlice;
    const deleted = db.writeLazily(() => slice(limit));
    if (deleted < limit) pace.nextKind++;
    const untilMs = performance.now();
    adjust(pace, untilMs - fromMs);
    if (untilMs - startMs > callMs && pace.nextKind < slices.length) return true;
  }
  pace.nextKind = 0;
  return false;
}

function slicesOf(db: Connection, nowMs: number, keep: Keep): Slice[] {
  const cutDay = rawCutDay(db, nowMs, keep.rawMs);
  const before =
    (table: string, column: string, atMs: number, also = ''): Slice =>
    (limit) =>
      db
        .change(
          `delete from ${table} where rowid in (select rowid from ${table} where ${column} < ? ${also} limit ?)`,
        )
        .run(Math.floor(atMs), limit).changes;
  const daysAgo = (days: number) => nowMs - days * dayMs;
  return [
    (limit) => cutRaw(db, 'timed_looks', cutDay, limit),
    (limit) => cutRaw(db, 'looks', cutDay, limit),
    (limit) => cutMissed(db, cutDay * dayMs, limit),
    (limit) => cutShapes(db, cutDay, limit),
    (limit) => cutRolled(db, 'sketch_minutes', Math.floor((nowMs - keep.minutesMs) / minuteMs), limit),
    (limit) => cutRolled(db, 'sketch_hours', Math.floor((nowMs - keep.hoursMs) / hourMs), limit),
    (limit) => cutTallies(db, 'tally_hours', Math.floor((nowMs - keep.hoursMs) / hourMs), limit),
    ...(keep.daysMs === null
      ? []
      : [
          (limit: number) => cutRolled(db, 'sketch_days', Math.floor((nowMs - keep.daysMs!) / dayMs), limit),
          (limit: number) => cutTallies(db, 'tally_days', Math.floor((nowMs - keep.daysMs!) / dayMs), limit),
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
    (limit) => cutGenerations(db, daysAgo(keptDays.plainGenerations), daysAgo(keptDays.generations), limit),
    (limit) =>
      db
        .change(
          'delete from threads where (receiver_id, incident_id) in (select receiver_id, incident_id from threads where at_ms < ? limit ?)',
        )
        .run(Math.floor(daysAgo(keptDays.threads)), limit).changes,
    (limit) =>
      db
        .change(
          'delete from tokens where (hash, purpose) in (select hash, purpose from tokens where expires_at_ms < ? limit ?)',
        )
        .run(Math.floor(daysAgo(1)), limit).changes,
  ];
}

/** Whole days only, and none of whose looks a roll-up still waits for. */
function rawCutDay(db: Connection, nowMs: number, rawMs: number): number {
  const due = db.read('select min(at) as at from due_hours').get() as { at: number | null };
  const wanted = Math.floor((nowMs - rawMs) / dayMs);
  return due.at === null ? wanted : Math.min(wanted, Math.floor(due.at / 24));
}

function cutRaw(db: Connection, table: 'looks' | 'timed_looks', cutDay: number, limit: number): number {
  const deleted = db
    .change(
      `delete from ${table} where id in (select id from ${table} where id < (? << 45) order by id limit ?)`,
    )
    .run(cutDay - firstDay, limit).changes;
  if (deleted > 0)
    db.change(
      `insert into notes (key, value) values ('raw.kept_from', :at) on conflict (key) do update set value = :at where cast(value as integer) < cast(:at as integer)`,
    ).run({ at: String(cutDay * dayMs) });
  return deleted;
}

function cutMissed(db: Connection, beforeMs: number, limit: number): number {
  return db
    .change(
      `delete from missed where (target_id, slot) in (select target_id, slot from missed where at_ms < ? limit ?)`,
    )
    .run(beforeMs, limit).changes;
}

/** A shape goes when no look of its day is left; who remembered its number must forget it. */
function cutShapes(db: Connection, cutDay: number, limit: number): number {
  const deleted = db
    .change('delete from shapes where id in (select id from shapes where last_used_day < ? limit ?)')
    .run(cutDay - firstDay - 1, limit).changes;
  if (deleted > 0) db.forget();
  return deleted;
}

/** The oldest stand in front. Those of calls that went well are of use for some days only, and there are many. */
function cutGenerations(db: Connection, plainBeforeMs: number, beforeMs: number, limit: number): number {
  return db
    .change(
      `delete from generations where rowid in (
         select rowid from (select rowid, at_ms, body from generations order by rowid limit ${10 * limit})
         where at_ms < :before or (at_ms < :plain and coalesce(body ->> 'isDoubtful', 0) = 0) limit ${limit})`,
    )
    .run({ before: Math.floor(beforeMs), plain: Math.floor(plainBeforeMs) }).changes;
}

function cutRolled(db: Connection, table: string, before: number, limit: number): number {
  return db
    .change(
      `delete from ${table} where id in (select s.id from series r cross join ${table} s on s.id between (r.id << 32) and (r.id << 32 | ?) limit ?)`,
    )
    .run(Math.max(0, before - 1), limit).changes;
}

function cutTallies(db: Connection, table: string, before: number, limit: number): number {
  return db
    .change(
      `delete from ${table} where (series_id, at, outcome_id) in (select y.series_id, y.at, y.outcome_id from series r cross join ${table} y on y.series_id = r.id and y.at < ? limit ?)`,
    )
    .run(before, limit).changes;
}
