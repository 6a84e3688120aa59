import { type Accounted, account, coverageOf, shareOf } from '../../lib/core/availability.ts';
import type { Convention } from '../../lib/core/words.ts';
import type { Availability } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
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
  for (const key of new Set(query.targetKeys)) {
    const target = targetByKey(db, key);
    if (!target) continue;
    const seconds = secondsOf(db, raw, target.id, query.fromMs, query.toMs);
    const part = account(seconds.byClass, query.convention);
    for (const name of Object.keys(total) as (keyof Accounted)[]) total[name] += part[name];
    elapsedS += expectedS(db, target, query) * Math.max(1, seconds.seriesIds.size);
  }
  return {
    fromMs: query.fromMs,
    toMs: query.toMs,
    convention: query.convention,
    share: shareOf(total),
    coverage: coverageOf(total, elapsedS),
    measuredS: total.measuredS,
    badS: total.badS,
  };
}

/** Seconds in which the target should have been looked at: watched, over, and not in maintenance. */
function expectedS(db: Connection, target: TargetRow, query: Query): number {
  const period = watchedPeriod(target, query.fromMs, query.toMs, db.nowMs());
  const key = verdictKeyOf(target);
  const spans = verdictSpans(db, { ...period, key, verdict: 'maintenance' }).get(key) ?? [];
  const maintenanceS = spans.reduce((sum, span) => sum + overlapS(span, period.fromMs, period.toMs), 0);
  return Math.max(0, (period.toMs - period.fromMs) / 1000 - maintenanceS);
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
