import { addEncoded, addValue, emptyHistogram, type Histogram, quantile } from '../../lib/core/histogram.ts';
import { passivePrefix } from '../../lib/core/observation.ts';
import { classFacts } from '../../lib/core/outcome-class.ts';
import { type Metric, metrics, type TargetWindow } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { hourMs, rollKeySql } from './keys.ts';
import { metricOf, type RawLook, type RawReader } from './raw.ts';
import { type SketchRow, sketchColumns } from './sketch.ts';

/** Counts and quantiles of every target over the feed's windows. Long ones are made of whole hours. */

/** A window longer than this begins on the hour and is made of roll-ups. */
const longestRawMs = 2 * hourMs;

interface Sums {
  samples: number;
  passive: number;
  ok: number;
  lastAtMs: number | null;
  byClass: Record<string, number>;
  byMetric: Record<Metric, Histogram>;
}

const emptySums = (): Sums => ({
  samples: 0,
  passive: 0,
  ok: 0,
  lastAtMs: null,
  byClass: {},
  byMetric: {
    first_token: emptyHistogram(),
    total: emptyHistogram(),
    worst_gap: emptyHistogram(),
    tokens_per_second: emptyHistogram(),
  },
});

type ByTarget = Map<number, Sums>;

export function windowsReader(
  db: Connection,
  raw: RawReader,
): (query: { nowMs: number; windows: number[] }) => TargetWindow[] {
  const hours = hourCache(db);
  return ({ nowMs, windows }) => {
    const series = db.readRaw('select id, target_id, vantage from series').all() as [
      number,
      number,
      string,
    ][];
    const targetOf = new Map(series.map(([id, targetId]) => [id, targetId]));
    const passive = new Set(series.flatMap(([id, , by]) => (by.startsWith(passivePrefix) ? [id] : [])));
    const keys = new Map(db.readRaw('select id, key from targets').all() as [number, string][]);
    const sums = windows.map((windowMs) => ({ windowMs, byTarget: new Map() as ByTarget }));
    const short = sums.filter((one) => one.windowMs <= longestRawMs);
    const long = sums.filter((one) => one.windowMs > longestRawMs);
    const dueFrom = firstDueMs(db, nowMs);
    // One pass over the raw looks serves every window.
    const reach = Math.min(
      ...short.map((one) => nowMs - one.windowMs),
      ...(long.length > 0 ? [dueFrom] : [nowMs]),
    );
    raw.each('all', reach, nowMs + 1, (look) => {
      const targetId = targetOf.get(look.seriesId) ?? 0;
      for (const { windowMs, byTarget } of short)
        if (look.atMs > nowMs - windowMs)
          addLook(sumsOf(byTarget, targetId), look, passive.has(look.seriesId));
      if (look.atMs >= dueFrom)
        for (const { windowMs, byTarget } of long)
          if (look.atMs >= startHour(nowMs, windowMs) * hourMs)
            addLook(sumsOf(byTarget, targetId), look, passive.has(look.seriesId));
    });
    for (const { windowMs, byTarget } of long)
      for (const [seriesId, targetId] of targetOf)
        for (let hour = startHour(nowMs, windowMs); hour * hourMs < dueFrom; hour++)
          hours.add(seriesId, hour, { into: sumsOf(byTarget, targetId), isPassive: passive.has(seriesId) });
    return sums.flatMap(({ windowMs, byTarget }) =>
      [...byTarget]
        .filter(([, one]) => one.samples > 0)
        .map(([targetId, one]) => windowOf(keys.get(targetId) ?? '', windowMs, one)),
    );
  };
}

const startHour = (nowMs: number, windowMs: number) => Math.ceil((nowMs - windowMs) / hourMs);

/** Before this instant every hour has its roll-up; at most a day is read raw. */
function firstDueMs(db: Connection, nowMs: number): number {
  const row = db
    .readRaw('select min(at) from due_hours where at >= ?')
    .get(Math.floor(nowMs / hourMs) - 24) as [number | null] | undefined;
  return Math.min((row?.[0] ?? Math.floor(nowMs / hourMs)) * hourMs, Math.floor(nowMs / hourMs) * hourMs);
}

function sumsOf(byTarget: ByTarget, targetId: number): Sums {
  let sums = byTarget.get(targetId);
  if (!sums) byTarget.set(targetId, (sums = emptySums()));
  return sums;
}

function addLook(sums: Sums, look: RawLook, isPassive: boolean): void {
  sums.samples++;
  if (isPassive) sums.passive++;
  if (isTelling(look.shape.outcome))
    sums.lastAtMs = Math.max(sums.lastAtMs ?? 0, look.atMs + (look.totalUs ?? 0) / 1000);
  if (isOk(look.shape.outcome)) sums.ok++;
  sums.byClass[look.shape.outcome] = (sums.byClass[look.shape.outcome] ?? 0) + 1;
  for (const metric of metrics) {
    const value = metricOf(look, metric);
    if (value !== null) addValue(sums.byMetric[metric], value);
  }
}

/** Looks that say nothing, or only something of ourselves, are no sign of how it is. */
function isTelling(outcome: string): boolean {
  const facts = Object.hasOwn(classFacts, outcome) ? classFacts[outcome as keyof typeof classFacts] : null;
  return facts !== null && facts.weight !== 'neutral';
}

const isOk = (outcome: string) => outcome === 'ok' || outcome === 'ok_slow';

function windowOf(targetKey: string, windowMs: number, sums: Sums): TargetWindow {
  const pair = (metric: Metric) => {
    const histogram = sums.byMetric[metric];
    const p50 = quantile(histogram, 0.5);
    const p95 = quantile(histogram, 0.95);
    return p50 === null || p95 === null ? null : { p50, p95, n: histogram.n };
  };
  const speed = sums.byMetric.tokens_per_second;
  const [p50, p5] = [quantile(speed, 0.5), quantile(speed, 0.05)];
  return {
    targetKey,
    windowMs,
    samples: sums.samples,
    passive: sums.passive,
    ok: sums.ok,
    lastAtMs: windowMs > longestRawMs || sums.lastAtMs === null ? null : Math.round(sums.lastAtMs),
    byClass: sums.byClass,
    firstTokenMs: pair('first_token'),
    totalMs: pair('total'),
    worstGapMs: pair('worst_gap'),
    tokensPerSecond: p50 === null || p5 === null ? null : { p50, p5, n: speed.n },
  };
}

interface KeptHour {
  row: SketchRow | null;
  counts: { outcome: string; looks: number }[];
}

/** Hours that are over and rolled up do not change while they matter here; two days of them are kept. */
function hourCache(db: Connection): {
  add(seriesId: number, hour: number, to: { into: Sums; isPassive: boolean }): void;
} {
  const kept = new Map<number, Map<number, KeptHour>>();
  const read = (seriesId: number, hour: number): KeptHour => ({
    row:
      (db.read(`select ${sketchColumns} from sketch_hours where id = ${rollKeySql}`).get(seriesId, hour) as
        | SketchRow
        | undefined) ?? null,
    counts: db
      .read(
        'select o.class as outcome, y.looks from tally_hours y join outcomes o on o.id = y.outcome_id where y.series_id = ? and y.at = ?',
      )
      .all(seriesId, hour) as KeptHour['counts'],
  });
  return {
    add(seriesId, hour, { into, isPassive }) {
      let bySeries = kept.get(hour);
      if (!bySeries) {
        for (const old of kept.keys()) if (old < hour - 48) kept.delete(old);
        kept.set(hour, (bySeries = new Map()));
      }
      let one = bySeries.get(seriesId);
      if (!one) bySeries.set(seriesId, (one = read(seriesId, hour)));
      for (const { outcome, looks } of one.counts) {
        into.samples += looks;
        if (isPassive) into.passive += looks;
        if (isOk(outcome)) into.ok += looks;
        into.byClass[outcome] = (into.byClass[outcome] ?? 0) + looks;
      }
      if (one.row) for (const metric of metrics) addEncoded(into.byMetric[metric], one.row[metric]);
    },
  };
}
