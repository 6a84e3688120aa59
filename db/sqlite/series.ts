import { addEncoded, addValue, emptyHistogram, type Histogram, quantile } from '../../lib/core/histogram.ts';
import type { Metric, SeriesPoint } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs, hourMs, minuteMs, rollKeySql } from './keys.ts';
import { metricOf, type RawReader } from './raw.ts';
import { keptFromMs } from './roll-up.ts';
import { targetByKey } from './targets.ts';

/** Percentiles over time. Every point is made from a histogram of its own, never from other percentiles. */

const steps = [
  10_000,
  30_000,
  ...[1, 2, 5, 10, 15, 30].map((m) => m * minuteMs),
  ...[1, 2, 3, 6, 12].map((h) => h * hourMs),
  ...[1, 2, 7, 14, 30].map((d) => d * dayMs),
];

/** The smallest round step that makes no more points than asked for. */
export function stepFor(spanMs: number, points: number): number {
  const wanted = spanMs / Math.max(1, points);
  return steps.find((step) => step >= wanted) ?? Math.ceil(wanted / dayMs) * dayMs;
}

/** Below these many values a percentile would be a value, not a share. */
const leastForP95 = 20;
const leastForP99 = 200;

type Buckets = Map<number, Histogram>;

interface Query {
  targetKey: string;
  fromMs: number;
  toMs: number;
  metric: Metric;
  points: number;
}

export function percentileSeries(db: Connection, raw: RawReader, query: Query): SeriesPoint[] {
  const target = targetByKey(db, query.targetKey);
  if (!target || query.toMs <= query.fromMs) return [];
  const isRawGone = query.fromMs < keptFromMs(db);
  const wanted = stepFor(query.toMs - query.fromMs, query.points);
  const step = isRawGone && wanted < hourMs && !hasMinutes(db, target.id, query) ? hourMs : wanted;
  const buckets: Buckets = new Map();
  const into = (atMs: number) => bucket(buckets, Math.floor(atMs / step) * step);
  if (step < hourMs && isRawGone) addSketches(db, 'sketch_minutes', minuteMs, target.id, query, into);
  else if (step < hourMs) addRaw(raw, target.id, query.fromMs, query.toMs, query.metric, into);
  else addRolled(db, raw, target.id, step, query, into);
  return [...buckets].sort(([a], [b]) => a - b).map(([atMs, histogram]) => pointOf(atMs, histogram));
}

function bucket(buckets: Buckets, atMs: number): Histogram {
  let histogram = buckets.get(atMs);
  if (!histogram) buckets.set(atMs, (histogram = emptyHistogram()));
  return histogram;
}

function pointOf(atMs: number, histogram: Histogram): SeriesPoint {
  return {
    atMs,
    n: histogram.n,
    p50: quantile(histogram, 0.5),
    p95: histogram.n >= leastForP95 ? quantile(histogram, 0.95) : null,
    p99: histogram.n >= leastForP99 ? quantile(histogram, 0.99) : null,
  };
}

function addRaw(
  raw: RawReader,
  targetId: number,
  fromMs: number,
  toMs: number,
  metric: Metric,
  into: (atMs: number) => Histogram,
): void {
  raw.each({ targetId }, fromMs, toMs, (look) => {
    const value = metricOf(look, metric);
    if (value !== null) addValue(into(look.atMs), value);
  });
}

/** Days or hours from the roll-ups; hours that are still due, and those of days with such, from where they are exact. */
function addRolled(
  db: Connection,
  raw: RawReader,
  targetId: number,
  step: number,
  query: Query,
  into: (atMs: number) => Histogram,
): void {
  const due = dueHours(db, targetId, query.fromMs, query.toMs);
  const isDaily = step >= dayMs;
  const skipDays = new Set(due.map((hour) => Math.floor(hour / 24)));
  const skipHours = new Set(due);
  if (isDaily) {
    addSketches(db, 'sketch_days', dayMs, targetId, query, into, skipDays);
    for (const day of skipDays)
      addSketches(
        db,
        'sketch_hours',
        hourMs,
        targetId,
        { ...query, fromMs: day * dayMs, toMs: (day + 1) * dayMs },
        into,
        skipHours,
      );
  } else addSketches(db, 'sketch_hours', hourMs, targetId, query, into, skipHours);
  for (const hour of due) addRaw(raw, targetId, hour * hourMs, (hour + 1) * hourMs, query.metric, into);
}

function dueHours(db: Connection, targetId: number, fromMs: number, toMs: number): number[] {
  const rows = db
    .readRaw(
      `select distinct d.at from due_hours d join series r on r.id = d.series_id where r.target_id = ? and d.at >= ? and d.at < ?`,
    )
    .all(targetId, Math.floor(fromMs / hourMs), Math.ceil(toMs / hourMs)) as [number][];
  return rows.map(([at]) => at);
}

function addSketches(
  db: Connection,
  table: 'sketch_minutes' | 'sketch_hours' | 'sketch_days',
  unitMs: number,
  targetId: number,
  query: Query,
  into: (atMs: number) => Histogram,
  except: Set<number> = new Set(),
): void {
  const rows = db
    .readRaw(
      `select s.id & 4294967295, s.${query.metric} from series r
       cross join ${table} s on s.id between (r.id << 32 | ?) and (r.id << 32 | ?) where r.target_id = ?`,
    )
    .all(Math.floor(query.fromMs / unitMs), Math.ceil(query.toMs / unitMs) - 1, targetId) as [
    number,
    Uint8Array | null,
  ][];
  for (const [at, bytes] of rows) if (bytes !== null && !except.has(at)) addEncoded(into(at * unitMs), bytes);
}

function hasMinutes(db: Connection, targetId: number, query: Query): boolean {
  const from = Math.floor(query.fromMs / minuteMs);
  const row = db
    .read(
      `select 1 from series r cross join sketch_minutes s on s.id between ${rollKeySql.replace('?', 'r.id')} and ${rollKeySql.replace('?', 'r.id')} where r.target_id = ? limit 1`,
    )
    .get(from, from + 60, targetId);
  return row !== undefined;
}
