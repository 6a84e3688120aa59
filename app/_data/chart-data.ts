import { classFacts } from '#lib/core/outcome-class.ts';
import type { Metric, SeriesPoint } from '#lib/store.ts';
import type { ViewContext } from './context.ts';
import { type Range, ranges } from './ranges.ts';
import { classOf } from './ticks.ts';

/** Numbers for one chart, columns rather than objects: they travel to the browser. */
export interface LineData {
  metric: Metric;
  unit: 'ms' | 'tokens/s';
  atMs: number[];
  n: number[];
  p50: (number | null)[];
  p95: (number | null)[];
  p99: (number | null)[];
}
export interface StackData {
  atMs: number[];
  total: number[];
  /** Failures by class, only the classes that occurred. */
  classes: { name: string; counts: number[] }[];
  limitedShare: (number | null)[];
}
export interface Charts {
  targetKey: string;
  range: Range;
  lines: LineData[];
  errors: StackData;
}

const shown: Metric[] = ['first_token', 'total', 'tokens_per_second'];

export function chartsOf(ctx: ViewContext, targetKey: string, range: Range): Charts {
  const { ms, points } = ranges[range];
  const span = { targetKey, fromMs: ctx.nowMs - ms, toMs: ctx.nowMs, points };
  return {
    targetKey,
    range,
    lines: shown.map((metric) => lineOf(metric, ctx.store.history.series({ ...span, metric }))),
    errors: stackOf(ctx.store.history.classes(span)),
  };
}

function lineOf(metric: Metric, series: SeriesPoint[]): LineData {
  const round = (value: number | null): number | null =>
    value === null ? null : Math.round(value * 10) / 10;
  return {
    metric,
    unit: metric === 'tokens_per_second' ? 'tokens/s' : 'ms',
    atMs: series.map((p) => p.atMs),
    n: series.map((p) => p.n),
    p50: series.map((p) => round(p.p50)),
    p95: series.map((p) => round(p.p95)),
    p99: series.map((p) => round(p.p99)),
  };
}

function stackOf(points: { atMs: number; counts: Record<string, number> }[]): StackData {
  const names = [...new Set(points.flatMap((p) => Object.keys(p.counts)))].sort();
  const isFailure = (name: string): boolean => classFacts[classOf(name)].weight === 'bad';
  const isLimited = (name: string): boolean => classFacts[classOf(name)].weight === 'limited';
  const totals = points.map((p) => Object.values(p.counts).reduce((a, b) => a + b, 0));
  const sumOf = (counts: Record<string, number>, test: (name: string) => boolean): number =>
    Object.entries(counts).reduce((sum, [name, n]) => (test(name) ? sum + n : sum), 0);
  return {
    atMs: points.map((p) => p.atMs),
    total: totals,
    classes: names
      .filter((name) => isFailure(name) || isLimited(name))
      .map((name) => ({ name, counts: points.map((p) => p.counts[name] ?? 0) })),
    limitedShare: points.map((p, i) => {
      const total = totals[i] ?? 0;
      return total === 0 ? null : Math.round((1_000 * sumOf(p.counts, isLimited)) / total) / 10;
    }),
  };
}
