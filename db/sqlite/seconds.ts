import type { SecondsByClass } from '../../lib/core/availability.ts';
import type { Connection } from './connection.ts';
import { dayMs, hourMs } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { RawReader } from './raw.ts';
import { keptFromMs } from './roll-up.ts';

/** Seconds per outcome class of one target in any period: whole days, whole hours, and looks at the ragged ends. */

export interface Seconds {
  byClass: SecondsByClass;
  /** Places that looked: their seconds are added, so what is expected of them is too. */
  seriesIds: Set<number>;
}

export function secondsOf(
  db: Connection,
  raw: RawReader,
  targetId: number,
  fromMs: number,
  toMs: number,
): Seconds {
  const seconds: Seconds = { byClass: {}, seriesIds: new Set() };
  addPeriod(db, raw, targetId, fromMs, toMs, seconds);
  return seconds;
}

/** [fromMs, toMs) as days in the middle, hours around them and looks at the ends. */
function addPeriod(
  db: Connection,
  raw: RawReader,
  targetId: number,
  fromMs: number,
  toMs: number,
  into: Seconds,
): void {
  const fromHour = Math.ceil(fromMs / hourMs);
  const toHour = Math.floor(toMs / hourMs);
  if (toHour <= fromHour) {
    addEdge(db, raw, targetId, fromMs, fromHour * hourMs < toMs ? fromHour * hourMs : toMs, into);
    addEdge(db, raw, targetId, Math.max(fromMs, fromHour * hourMs), toMs, into);
    return;
  }
  addEdge(db, raw, targetId, fromMs, fromHour * hourMs, into);
  addEdge(db, raw, targetId, toHour * hourMs, toMs, into);
  const fromDay = Math.ceil(fromHour / 24);
  const toDay = Math.floor(toHour / 24);
  if (toDay <= fromDay) {
    addTallies(db, 'tally_hours', targetId, fromHour, toHour, into);
    return;
  }
  addTallies(db, 'tally_hours', targetId, fromHour, fromDay * 24, into);
  addTallies(db, 'tally_days', targetId, fromDay, toDay, into);
  addTallies(db, 'tally_hours', targetId, toDay * 24, toHour, into);
}

/** Part of one hour: from its looks, or its share of the hour where those are gone. */
function addEdge(
  db: Connection,
  raw: RawReader,
  targetId: number,
  fromMs: number,
  toMs: number,
  into: Seconds,
): void {
  if (toMs <= fromMs) return;
  if (fromMs >= keptFromMs(db) && areReadable(raw, targetId, fromMs, toMs, into)) return;
  const hour = Math.floor(fromMs / hourMs);
  addTallies(db, 'tally_hours', targetId, hour, hour + 1, into, (toMs - fromMs) / hourMs);
}

/** A damaged page takes its looks along, not the figure: the hour's counts stand elsewhere. */
function areReadable(raw: RawReader, targetId: number, fromMs: number, toMs: number, into: Seconds): boolean {
  const found: Seconds = { byClass: {}, seriesIds: new Set() };
  try {
    addLooks(raw, targetId, fromMs, toMs, found);
  } catch (error) {
    if (error instanceof StoreProblem && error.code === 'integrity') return false;
    throw error;
  }
  for (const [name, s] of Object.entries(found.byClass))
    into.byClass[name] = (into.byClass[name] ?? 0) + (s ?? 0);
  for (const id of found.seriesIds) into.seriesIds.add(id);
  return true;
}

function addLooks(raw: RawReader, targetId: number, fromMs: number, toMs: number, into: Seconds): void {
  raw.each({ targetId }, fromMs, toMs, ({ shape, seriesId }) => {
    if (shape.countsS > 0) add(into, seriesId, shape.outcome, shape.countsS);
  });
}

function addTallies(
  db: Connection,
  table: 'tally_hours' | 'tally_days',
  targetId: number,
  from: number,
  to: number,
  into: Seconds,
  share = 1,
): void {
  if (to <= from) return;
  const rows = db
    .read(
      `select y.series_id as seriesId, o.class as outcome, sum(y.slot_s) as s from series r
       cross join ${table} y on y.series_id = r.id and y.at >= ? and y.at < ?
       cross join outcomes o on o.id = y.outcome_id
       where r.target_id = ? and y.slot_s > 0 group by 1, 2`,
    )
    .all(from, to, targetId) as { seriesId: number; outcome: string; s: number }[];
  for (const row of rows) add(into, row.seriesId, row.outcome, row.s * share);
}

function add(into: Seconds, seriesId: number, outcome: string, s: number): void {
  into.seriesIds.add(seriesId);
  into.byClass[outcome] = (into.byClass[outcome] ?? 0) + s;
}

export const wholeDays = (fromMs: number, toMs: number): [number, number] => [
  Math.floor(fromMs / dayMs),
  Math.ceil(toMs / dayMs),
];
