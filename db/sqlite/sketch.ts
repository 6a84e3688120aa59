import {
  addEncoded,
  addValue,
  emptyHistogram,
  encodeHistogram,
  type Histogram,
} from '../../lib/core/histogram.ts';
import { type Metric, metrics } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { rollKeySql } from './keys.ts';
import { metricOf, type RawLook } from './raw.ts';

/** Histograms of one series over a minute, an hour or a day: sums of looks, and sums of sums. */
export interface Sketch {
  costPusd: number;
  byMetric: Record<Metric, Histogram>;
}

export function emptySketch(): Sketch {
  return {
    costPusd: 0,
    byMetric: {
      first_token: emptyHistogram(),
      total: emptyHistogram(),
      worst_gap: emptyHistogram(),
      tokens_per_second: emptyHistogram(),
    },
  };
}

export function addLook(sketch: Sketch, look: RawLook): void {
  sketch.costPusd += look.costPusd ?? 0;
  for (const metric of metrics) {
    const value = metricOf(look, metric);
    if (value !== null) addValue(sketch.byMetric[metric], value);
  }
}

export type SketchRow = { costPusd: number } & Record<Metric, Uint8Array | null>;
export type SketchTable = 'sketch_minutes' | 'sketch_hours' | 'sketch_days';
export const sketchColumns = 'cost_pusd as costPusd, first_token, total, worst_gap, tokens_per_second';

export function addRow(sketch: Sketch, row: SketchRow): void {
  sketch.costPusd += row.costPusd;
  for (const metric of metrics) addEncoded(sketch.byMetric[metric], row[metric]);
}

export function rowOf(sketch: Sketch): SketchRow {
  const { first_token, total, worst_gap, tokens_per_second } = sketch.byMetric;
  return {
    costPusd: sketch.costPusd,
    first_token: encodeHistogram(first_token),
    total: encodeHistogram(total),
    worst_gap: encodeHistogram(worst_gap),
    tokens_per_second: encodeHistogram(tokens_per_second),
  };
}

/** The same looks always make the same bytes: writing twice changes nothing. */
export function putSketch(
  db: Connection,
  table: SketchTable,
  seriesId: number,
  at: number,
  sketch: Sketch,
): void {
  const row = rowOf(sketch);
  db.change(
    `insert or replace into ${table} (id, cost_pusd, first_token, total, worst_gap, tokens_per_second) values (${rollKeySql}, ?, ?, ?, ?, ?)`,
  ).run(seriesId, at, sketch.costPusd, ...metrics.map((metric) => row[metric]));
}
