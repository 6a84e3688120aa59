import { addValue, type Histogram } from '../../lib/core/histogram.ts';
import { blankObservation } from '../../lib/core/observation.ts';
import type { Past, PastHour, PastSeries } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs, hourMs } from './keys.ts';
import { reviseDay } from './look-write.ts';
import { type Names, namesOn } from './names.ts';
import { dayOfHours } from './roll-up.ts';
import { emptySketch, putSketch } from './sketch.ts';

/** Whole hours counted elsewhere, as if they had been rolled up here. Returns how many hours were written. */
export function importPast(db: Connection, past: Past): number {
  const names = namesOn(db);
  return db.write(() => {
    let written = 0;
    for (const series of past.series) written += importSeries(db, names, series);
    for (const { key, atMs, verdict } of past.verdicts) {
      db.change('insert or replace into verdict_changes (key, at_ms, verdict) values (?, ?, ?)').run(
        key,
        Math.round(atMs),
        verdict,
      );
    }
    for (const { vantage, fromMs, toMs } of past.watched) {
      db.change(
        "insert into sessions (started_at_ms, from_ms, until_ms, vantage, facts) values (?, ?, ?, ?, '{}')",
      ).run(fromMs, fromMs, toMs, vantage);
    }
    return written;
  });
}

function importSeries(db: Connection, names: Names, series: PastSeries): number {
  const first = series.hours[0];
  if (!first) return 0;
  const { probe, target, vantage } = series;
  const { id, targetId } = names.series(blankObservation({ atMs: first.hourMs, vantage, probe, target }));
  db.change('update targets set first_seen_ms = min(first_seen_ms, ?) where id = ?').run(
    first.hourMs,
    targetId,
  );
  const days = new Set<number>();
  for (const hour of series.hours) {
    putHour(db, names, id, series.slotMs, hour);
    days.add(Math.floor(hour.hourMs / dayMs));
  }
  const last = series.hours.at(-1)?.hourMs ?? first.hourMs;
  db.change('update targets set last_seen_ms = max(coalesce(last_seen_ms, 0), ?) where id = ?').run(
    last,
    targetId,
  );
  for (const day of days) putDay(db, id, day);
  return series.hours.length;
}

function putHour(db: Connection, names: Names, seriesId: number, slotMs: number, hour: PastHour): void {
  const at = Math.floor(hour.hourMs / hourMs);
  db.change('delete from tally_hours where series_id = ? and at = ?').run(seriesId, at);
  for (const [outcome, slots] of Object.entries(hour.classes)) {
    if (slots <= 0) continue;
    db.change(
      'insert into tally_hours (series_id, at, outcome_id, looks, slots, slot_s) values (?, ?, ?, ?, ?, ?)',
    ).run(seriesId, at, names.outcome(outcome), slots, slots, (slots * slotMs) / 1000);
  }
  const sketch = emptySketch();
  sketch.costPusd = Math.round(hour.costUsd * 1e12);
  addAll(sketch.byMetric.first_token, hour.firstTokenMs);
  addAll(sketch.byMetric.total, hour.totalMs);
  addAll(sketch.byMetric.worst_gap, hour.worstGapMs);
  addAll(sketch.byMetric.tokens_per_second, hour.tokensPerSecond);
  putSketch(db, 'sketch_hours', seriesId, at, sketch);
}

function addAll(histogram: Histogram, values: readonly number[]): void {
  for (const value of values) addValue(histogram, value);
}

/** A day is the exact sum of its hours. */
function putDay(db: Connection, seriesId: number, day: number): void {
  db.change('delete from tally_days where series_id = ? and at = ?').run(seriesId, day);
  db.change(
    `insert into tally_days (series_id, at, outcome_id, looks, slots, slot_s)
     select series_id, ?, outcome_id, sum(looks), sum(slots), sum(slot_s) from tally_hours
     where series_id = ? and at between ? and ? group by outcome_id`,
  ).run(day, seriesId, day * 24, day * 24 + 23);
  putSketch(db, 'sketch_days', seriesId, day, dayOfHours(db, seriesId, day));
  reviseDay(db, day * dayMs);
}
