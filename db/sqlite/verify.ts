import { metrics } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs, hourMs, minuteMs, rollKeySql } from './keys.ts';
import { type RawLook, type RawReader, rawReader } from './raw.ts';
import { byMinute, dayOfHours, keptFromMs, minutesOfHour, sketchOf } from './roll-up.ts';
import { putSketch, rowOf, type Sketch, type SketchRow, type SketchTable, sketchColumns } from './sketch.ts';

/** Counts everything again from the raw looks, as far back as they go, and says where the roll-ups differ. */

export interface Difference {
  what: 'counts' | 'histograms';
  level: 'minute' | 'hour' | 'day';
  target: string;
  vantage: string;
  atMs: number;
}
export interface Verified {
  hours: number;
  days: number;
  looks: number;
  /** Hours with counts and no looks: counted elsewhere and taken over, so there is nothing to compare them with. */
  countedElsewhere: number;
  differences: Difference[];
}

interface SeriesRow {
  id: number;
  target: string;
  vantage: string;
}
type Counts = Map<number, { looks: number; slots: number; slotS: number }>;

export function verifyRollUps(db: Connection, options: { nowMs: number; isRepaired: boolean }): Verified {
  const result: Verified = { hours: 0, days: 0, looks: 0, countedElsewhere: 0, differences: [] };
  const raw = rawReader(db);
  const series = db
    .read(
      'select r.id, t.key as target, r.vantage from series r join targets t on t.id = r.target_id order by 1',
    )
    .all() as SeriesRow[];
  for (const day of wholeRawDays(db, options.nowMs))
    for (const one of series)
      atOneMoment(db, options.isRepaired, () => verifyDay(db, raw, one, day, options.isRepaired, result));
  return result;
}

/** Looks go on being recorded meanwhile: what is compared must be of one moment, or the present hour would always differ. */
function atOneMoment(db: Connection, isRepaired: boolean, work: () => void): void {
  if (isRepaired) db.write(work);
  else db.client.transaction(work).deferred();
}

/** From the first day that has all its looks. */
function wholeRawDays(db: Connection, nowMs: number): number[] {
  const first = db
    .read(
      'select min(day) as day from (select min(id) >> 45 as day from timed_looks union all select min(id) >> 45 from looks)',
    )
    .get() as { day: number | null };
  if (first.day === null) return [];
  const from = Math.max(first.day + 19_723, Math.ceil(keptFromMs(db) / dayMs));
  const to = Math.floor(nowMs / dayMs);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

interface DayCheck {
  db: Connection;
  series: SeriesRow;
  day: number;
  isRepaired: boolean;
  result: Verified;
}

function verifyDay(
  db: Connection,
  raw: RawReader,
  series: SeriesRow,
  day: number,
  isRepaired: boolean,
  result: Verified,
): void {
  const byHour = looksByHour(raw, series.id, day);
  if (byHour.size === 0) return;
  const check = { db, series, day, isRepaired, result };
  const due = dueHours(db, series.id, day);
  const dayCounts: Counts = new Map();
  for (const [hour, looks] of byHour) {
    const counts = countsOf(looks);
    addCounts(dayCounts, counts);
    checkCounts(check, 'hour', hour, counts);
    if (!due.has(hour)) {
      checkSketch(check, 'hour', hour, sketchOf(looks));
      checkMinutes(check, looks);
    }
    result.hours++;
    result.looks += looks.length;
  }
  result.countedElsewhere += addImported(db, series.id, day, byHour, dayCounts);
  checkCounts(check, 'day', day, dayCounts);
  if (due.size < byHour.size) checkSketch(check, 'day', day, dayOfHours(db, series.id, day));
  result.days++;
}

function looksByHour(raw: RawReader, seriesId: number, day: number): Map<number, RawLook[]> {
  const byHour = new Map<number, RawLook[]>();
  raw.each({ seriesId }, day * dayMs, (day + 1) * dayMs, (look) => {
    const hour = Math.floor(look.atMs / hourMs);
    const list = byHour.get(hour);
    if (list) list.push(look);
    else byHour.set(hour, [look]);
  });
  return byHour;
}

function checkCounts(check: DayCheck, level: Difference['level'], at: number, counts: Counts): void {
  const { db, series } = check;
  const table = level === 'hour' ? 'tally_hours' : 'tally_days';
  if (isSameCounts(counts, readCounts(db, table, series.id, at))) return;
  differ(check, 'counts', level, at, () => putCounts(db, table, series.id, at, counts));
}

const sketchTables = { minute: 'sketch_minutes', hour: 'sketch_hours', day: 'sketch_days' } as const;
const levelMs = { minute: minuteMs, hour: hourMs, day: dayMs } as const;

/** Minutes are kept for a shorter time than hours, and only where there are more looks than minutes: those that are there are checked. */
function checkMinutes(check: DayCheck, looks: readonly RawLook[]): void {
  if (looks.length <= minutesOfHour) return;
  for (const [minute, list] of byMinute(looks))
    if (hasMinute(check.db, check.series.id, minute)) checkSketch(check, 'minute', minute, sketchOf(list));
}

function hasMinute(db: Connection, seriesId: number, minute: number): boolean {
  return db.read(`select 1 from sketch_minutes where id = ${rollKeySql}`).get(seriesId, minute) !== undefined;
}

function checkSketch(check: DayCheck, level: Difference['level'], at: number, sketch: Sketch): void {
  const { db, series } = check;
  const table = sketchTables[level];
  if (isStored(db, table, series.id, at, sketch)) return;
  differ(check, 'histograms', level, at, () => putSketch(db, table, series.id, at, sketch));
}

function differ(
  { db, series, isRepaired, result }: DayCheck,
  what: Difference['what'],
  level: Difference['level'],
  at: number,
  repair: () => void,
): void {
  const atMs = at * levelMs[level];
  result.differences.push({ what, level, target: series.target, vantage: series.vantage, atMs });
  if (isRepaired) db.write(repair);
}

/** Hours that were counted elsewhere have no looks here; their day contains them all the same. */
function addImported(
  db: Connection,
  seriesId: number,
  day: number,
  byHour: Map<number, RawLook[]>,
  into: Counts,
): number {
  let hours = 0;
  for (let hour = day * 24; hour < day * 24 + 24; hour++) {
    if (byHour.has(hour)) continue;
    const counts = readCounts(db, 'tally_hours', seriesId, hour);
    if (counts.size > 0) hours++;
    addCounts(into, counts);
  }
  return hours;
}

function dueHours(db: Connection, seriesId: number, day: number): Set<number> {
  const rows = db
    .readRaw('select at from due_hours where series_id = ? and at >= ? and at < ?')
    .all(seriesId, day * 24, day * 24 + 24) as [number][];
  return new Set(rows.map(([at]) => at));
}

function countsOf(looks: readonly RawLook[]): Counts {
  const counts: Counts = new Map();
  for (const { shape } of looks)
    addCounts(
      counts,
      new Map([[shape.outcomeId, { looks: 1, slots: shape.countsS > 0 ? 1 : 0, slotS: shape.countsS }]]),
    );
  return counts;
}

function addCounts(into: Counts, more: Counts): void {
  for (const [outcomeId, { looks, slots, slotS }] of more) {
    const sum = into.get(outcomeId) ?? { looks: 0, slots: 0, slotS: 0 };
    into.set(outcomeId, { looks: sum.looks + looks, slots: sum.slots + slots, slotS: sum.slotS + slotS });
  }
}

type TallyTable = 'tally_hours' | 'tally_days';

function readCounts(db: Connection, table: TallyTable, seriesId: number, at: number): Counts {
  const rows = db
    .readRaw(`select outcome_id, looks, slots, slot_s from ${table} where series_id = ? and at = ?`)
    .all(seriesId, at) as [number, number, number, number][];
  return new Map(rows.map(([outcomeId, looks, slots, slotS]) => [outcomeId, { looks, slots, slotS }]));
}

function isSameCounts(a: Counts, b: Counts): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([outcomeId, one]) => {
    const other = b.get(outcomeId);
    return (
      other !== undefined &&
      one.looks === other.looks &&
      one.slots === other.slots &&
      Math.abs(one.slotS - other.slotS) < 1e-3
    );
  });
}

function putCounts(db: Connection, table: TallyTable, seriesId: number, at: number, counts: Counts): void {
  db.change(`delete from ${table} where series_id = ? and at = ?`).run(seriesId, at);
  for (const [outcomeId, { looks, slots, slotS }] of counts)
    db.change(
      `insert into ${table} (series_id, at, outcome_id, looks, slots, slot_s) values (?,?,?,?,?,?)`,
    ).run(seriesId, at, outcomeId, looks, slots, slotS);
}

/** Byte for byte: the same looks always make the same bytes. */
function isStored(db: Connection, table: SketchTable, seriesId: number, at: number, sketch: Sketch): boolean {
  const row = db.read(`select ${sketchColumns} from ${table} where id = ${rollKeySql}`).get(seriesId, at) as
    | SketchRow
    | undefined;
  const made = rowOf(sketch);
  if (!row) return metrics.every((metric) => made[metric] === null) && made.costPusd === 0;
  return (
    row.costPusd === made.costPusd &&
    metrics.every((metric) => Buffer.compare(row[metric] ?? nothing, made[metric] ?? nothing) === 0)
  );
}

const nothing = new Uint8Array();
