import type { Connection } from './connection.ts';
import { dayMs, hourMs, minuteMs, packed, packSql, rollKeySql } from './keys.ts';
import { type RawLook, type RawReader, rawReader } from './raw.ts';
import {
  addLook,
  addRow,
  emptySketch,
  putSketch,
  rowOf,
  type Sketch,
  type SketchRow,
  type SketchTable,
  sketchColumns,
} from './sketch.ts';

/** Lines may come this late; an hour is rolled up when no more are expected, and again if one comes after all. */
const graceMs = 150_000;
/** A transaction measures itself and ends after this: whatever it has done by then is a whole number of hours. */
const sliceMs = 4;
/** More than fit into a slice. */
const hoursAtHand = 32;
/** More looks than minutes: then the minutes are worth a level of their own. */
export const minutesOfHour = 60;

/**
 * Hour by hour from the raw looks, then the hour's day from its hours. Whole rows are replaced, so that it does not
 * matter how often it is done. One call is one transaction of a few milliseconds; all zero when nothing is due.
 */
export function rollUp(db: Connection, nowMs: number): { minutes: number; hours: number; days: number } {
  const done = { minutes: 0, hours: 0, days: 0 };
  const raw = rawReader(db);
  const due = db
    .read(
      `select at, series_id as seriesId from due_hours where at <= ? order by at, series_id limit ${hoursAtHand}`,
    )
    .all(Math.floor((nowMs - graceMs) / hourMs) - 1) as { at: number; seriesId: number }[];
  if (due.length === 0) return done;
  db.writeLazily(() => {
    const startMs = performance.now();
    for (const one of due) {
      rollHour(db, raw, one, done);
      if (performance.now() - startMs > sliceMs) return;
    }
  });
  return done;
}

function rollHour(
  db: Connection,
  raw: RawReader,
  { at, seriesId }: { at: number; seriesId: number },
  done: { minutes: number; hours: number; days: number },
): void {
  db.change('delete from due_hours where at = ? and series_id = ?').run(at, seriesId);
  const looks: RawLook[] = [];
  raw.each({ seriesId }, at * hourMs, (at + 1) * hourMs, (look) => void looks.push(look));
  if (looks.length === 0) return;
  const day = Math.floor((at * hourMs) / dayMs);
  const sketch = sketchOf(looks);
  if (at * hourMs < keptFromMs(db)) {
    // Of an hour whose looks are gone only late ones can be read: they are added once, and go at once.
    addTo(db, 'sketch_hours', seriesId, at, sketch);
    addTo(db, 'sketch_days', seriesId, day, sketch);
    dropLooks(db, seriesId, at);
  } else {
    putSketch(db, 'sketch_hours', seriesId, at, sketch);
    if (looks.length > minutesOfHour) done.minutes += putMinutes(db, seriesId, looks);
    putSketch(db, 'sketch_days', seriesId, day, dayOfHours(db, seriesId, day));
  }
  done.hours++;
  done.days++;
}

function addTo(db: Connection, table: SketchTable, seriesId: number, at: number, late: Sketch): void {
  const old = db.change(`select ${sketchColumns} from ${table} where id = ${rollKeySql}`).get(seriesId, at) as
    | SketchRow
    | undefined;
  const sum = emptySketch();
  addRow(sum, rowOf(late));
  if (old) addRow(sum, old);
  putSketch(db, table, seriesId, at, sum);
}

function dropLooks(db: Connection, seriesId: number, hour: number): void {
  const range = [...packed(seriesId, hour * hourMs), ...packed(seriesId, (hour + 1) * hourMs - 1)];
  for (const table of ['looks', 'timed_looks'])
    db.change(`delete from ${table} where id between ${packSql} and ${packSql}`).run(...range);
}

/** Raw looks before this instant have been deleted. */
export function keptFromMs(db: Connection): number {
  const row = db.read("select value from notes where key = 'raw.kept_from'").get() as
    | { value: string }
    | undefined;
  return row ? Number(row.value) : 0;
}

export function sketchOf(looks: readonly RawLook[]): Sketch {
  const sketch = emptySketch();
  for (const look of looks) addLook(sketch, look);
  return sketch;
}

function putMinutes(db: Connection, seriesId: number, looks: readonly RawLook[]): number {
  const minutes = byMinute(looks);
  for (const [minute, list] of minutes) putSketch(db, 'sketch_minutes', seriesId, minute, sketchOf(list));
  return minutes.size;
}

export function byMinute(looks: readonly RawLook[]): Map<number, RawLook[]> {
  const minutes = new Map<number, RawLook[]>();
  for (const look of looks) {
    const minute = Math.floor(look.atMs / minuteMs);
    const list = minutes.get(minute);
    if (list) list.push(look);
    else minutes.set(minute, [look]);
  }
  return minutes;
}

/** An exact sum: buckets are added, quantiles never. */
export function dayOfHours(db: Connection, seriesId: number, day: number): Sketch {
  const sketch = emptySketch();
  const rows = db
    .change(`select ${sketchColumns} from sketch_hours where id between ${rollKeySql} and ${rollKeySql}`)
    .all(seriesId, day * 24, seriesId, day * 24 + 23) as SketchRow[];
  for (const row of rows) addRow(sketch, row);
  return sketch;
}
