import { type Accounted, account, coverageOf, shareOf } from '../../lib/core/availability.ts';
import type { Convention } from '../../lib/core/words.ts';
import type { Availability } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { hourMs } from './keys.ts';
import type { RawReader } from './raw.ts';
import { secondsOf } from './seconds.ts';
import { type TargetRow, targetByKey, verdictKeyOf, watchedPeriod } from './targets.ts';
import { overlapS, verdictSpans } from './verdict-spans.ts';

interface Query {
  targetKeys: string[];
  fromMs: number;
  toMs: number;
  convention: Convention;
}

/** Seconds of several targets are added; percentages never are. */
export function availability(db: Connection, raw: RawReader, query: Query): Availability {
  const total: Accounted = { measuredS: 0, badS: 0, degradedS: 0, limitedS: 0, leftOutS: 0 };
  let elapsedS = 0;
  let series = 0;
  for (const key of new Set(query.targetKeys)) {
    const target = targetByKey(db, key);
    if (!target) continue;
    const seconds = secondsOf(db, raw, target.id, query.fromMs, query.toMs);
    const part = account(seconds.byClass, query.convention);
    for (const name of Object.keys(total) as (keyof Accounted)[]) total[name] += part[name];
    elapsedS += expectedS(db, target, seconds.seriesIds, query);
    series += Math.max(1, seconds.seriesIds.size);
  }
  return {
    fromMs: query.fromMs,
    toMs: query.toMs,
    convention: query.convention,
    share: shareOf(total),
    coverage: coverageOf(total, elapsedS),
    measuredS: total.measuredS,
    badS: total.badS,
    elapsedS,
    series,
  };
}

/** Seconds in which the target should have been looked at: watched, over, not in maintenance, and from every place. */
function expectedS(db: Connection, target: TargetRow, seriesIds: ReadonlySet<number>, query: Query): number {
  const period = watchedPeriod(target, query.fromMs, query.toMs, db.nowMs());
  const key = verdictKeyOf(target);
  const maintenance = verdictSpans(db, { ...period, key, verdict: 'maintenance' }).get(key) ?? [];
  const active = seriesIds.size > 1 ? activePeriods(db, seriesIds, period) : [period];
  return active.reduce((sum, one) => {
    const left = maintenance.reduce((s, span) => s + overlapS(span, one.fromMs, one.toMs), 0);
    return sum + Math.max(0, (one.toMs - one.fromMs) / 1000 - left);
  }, 0);
}

/** A place that joined later or left earlier than the others is not asked for the time without it. */
function activePeriods(
  db: Connection,
  seriesIds: ReadonlySet<number>,
  period: { fromMs: number; toMs: number },
): { fromMs: number; toMs: number }[] {
  const bounds = [...seriesIds].map((id) => {
    const edge = (order: 'asc' | 'desc') =>
      (
        db.readRaw(`select at from tally_hours where series_id = ? order by at ${order} limit 1`).get(id) as
          | [number]
          | undefined
      )?.[0];
    return { firstMs: (edge('asc') ?? 0) * hourMs, endMs: ((edge('desc') ?? 0) + 1) * hourMs };
  });
  const earliestMs = Math.min(...bounds.map((one) => one.firstMs));
  const latestMs = Math.max(...bounds.map((one) => one.endMs));
  return bounds.map(({ firstMs, endMs }) => ({
    fromMs: firstMs === earliestMs ? period.fromMs : Math.max(period.fromMs, firstMs),
    toMs: endMs === latestMs ? period.toMs : Math.min(period.toMs, endMs),
  }));
}

/** Calendar months, UTC, oldest first; a month outside the period is cut to it. */
export function months(db: Connection, raw: RawReader, query: Query): Availability[] {
  const list: Availability[] = [];
  let fromMs = query.fromMs;
  while (fromMs < query.toMs) {
    const at = new Date(fromMs);
    const nextMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
    const toMs = Math.min(nextMs, query.toMs);
    list.push(availability(db, raw, { ...query, fromMs, toMs }));
    fromMs = nextMs;
  }
  return list;
}
