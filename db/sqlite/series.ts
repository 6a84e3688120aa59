import {
  addBucket,
  addEncoded,
  bucketOf,
  emptyHistogram,
  encodedBreakHex,
  type Histogram,
  isMeasurable,
  quantile,
  quantilesOfFew,
} from '../../lib/core/histogram.ts';
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

/** What a point is made of: sums of looks, and the buckets of looks that are in no sum yet. */
interface Parts {
  sums: Map<number, Histogram>;
  looks: Map<number, number[]>;
}

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
  const parts: Parts = { sums: new Map(), looks: new Map() };
  const as = { ...query, step };
  if (step < hourMs && isRawGone) addSketches(db, 'sketch_minutes', minuteMs, target.id, as, parts);
  else if (step < hourMs) addRaw(raw, target.id, as, parts);
  else addRolled(db, raw, target.id, as, parts);
  return [...new Set([...parts.sums.keys(), ...parts.looks.keys()])]
    .sort((a, b) => a - b)
    .map((atMs) => pointOf(atMs, parts.sums.get(atMs), parts.looks.get(atMs) ?? []));
}

/** As asked, with the width of a point. */
type Stepped = Query & { step: number };

function pointOf(atMs: number, sum: Histogram | undefined, looks: readonly number[]): SeriesPoint {
  for (const bucket of sum ? looks : []) addBucket(sum!, bucket);
  const n = sum?.n ?? looks.length;
  const [p50, p95, p99] = sum
    ? [0.5, 0.95, 0.99].map((q) => quantile(sum, q))
    : quantilesOfFew(looks, [0.5, 0.95, 0.99]);
  return {
    atMs,
    n,
    p50: p50 ?? null,
    p95: n >= leastForP95 ? (p95 ?? null) : null,
    p99: n >= leastForP99 ? (p99 ?? null) : null,
  };
}

function addRaw(raw: RawReader, targetId: number, query: Stepped, { looks }: Parts): void {
  raw.each({ targetId }, query.fromMs, query.toMs, (look) => {
    const value = metricOf(look, query.metric);
    if (value === null || !isMeasurable(value)) return;
    const atMs = Math.floor(look.atMs / query.step) * query.step;
    const list = looks.get(atMs);
    if (list) list.push(bucketOf(value));
    else looks.set(atMs, [bucketOf(value)]);
  });
}

/** Days or hours from the roll-ups; hours that are still due, and those of days with such, from where they are exact. */
function addRolled(db: Connection, raw: RawReader, targetId: number, query: Stepped, parts: Parts): void {
  const due = dueHours(db, targetId, query.fromMs, query.toMs);
  if (query.step >= dayMs) {
    const days = [...new Set(due.map((hour) => Math.floor(hour / 24)))];
    addSketches(db, 'sketch_days', dayMs, targetId, query, parts, days);
    for (const day of days) {
      const ofDay = { ...query, fromMs: day * dayMs, toMs: (day + 1) * dayMs };
      addSketches(db, 'sketch_hours', hourMs, targetId, ofDay, parts, due);
    }
  } else addSketches(db, 'sketch_hours', hourMs, targetId, query, parts, due);
  for (const hour of due)
    addRaw(raw, targetId, { ...query, fromMs: hour * hourMs, toMs: (hour + 1) * hourMs }, parts);
}

function dueHours(db: Connection, targetId: number, fromMs: number, toMs: number): number[] {
  const rows = db
    .readRaw(
      `select distinct d.at from due_hours d join series r on r.id = d.series_id where r.target_id = ? and d.at >= ? and d.at < ?`,
    )
    .all(targetId, Math.floor(fromMs / hourMs), Math.ceil(toMs / hourMs)) as [number][];
  return rows.map(([at]) => at);
}

/** All of a point in one row: thousands of small ones cost more than what is in them. Numbers are bound as floats, hence the casts. */
function addSketches(
  db: Connection,
  table: 'sketch_minutes' | 'sketch_hours' | 'sketch_days',
  unitMs: number,
  targetId: number,
  query: Stepped,
  { sums }: Parts,
  except: readonly number[] = [],
): void {
  const rows = db
    .readRaw(
      `select (s.id & 4294967295) * cast(:unit as integer) / cast(:step as integer), group_concat(hex(s.${query.metric}), '${encodedBreakHex}') from series r
       cross join ${table} s on s.id between (r.id << 32 | :from) and (r.id << 32 | :to)
       where r.target_id = :target and s.${query.metric} is not null
         and s.id & 4294967295 not in (select value from json_each(:except)) group by 1`,
    )
    .all({
      unit: unitMs,
      step: query.step,
      from: Math.floor(query.fromMs / unitMs),
      to: Math.ceil(query.toMs / unitMs) - 1,
      target: targetId,
      except: JSON.stringify(except),
    }) as [number, string][];
  for (const [at, text] of rows) {
    const atMs = at * query.step;
    let sum = sums.get(atMs);
    if (!sum) sums.set(atMs, (sum = emptyHistogram()));
    addEncoded(sum, Buffer.from(text, 'hex'));
  }
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
