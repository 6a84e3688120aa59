import { account } from '../../lib/core/availability.ts';
import { type Convention, type Verdict, verdictWords } from '../../lib/core/words.ts';
import type { DayBar } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs } from './keys.ts';
import { wholeDays } from './seconds.ts';
import { allTargets, type TargetRow, verdictKeyOf, watchedPeriod } from './targets.ts';
import { overlapS, type Span, sessionsIn, verdictSpans } from './verdict-spans.ts';

/** A day that has been over this long is read once and kept; later writes about it are announced in `day_revisions`. */
const settledMs = 600_000;
const daysKept = 1_500;

interface Kept {
  revision: number;
  bars: DayBar[];
}
interface Query {
  fromMs: number;
  toMs: number;
  convention: Convention;
}

export function barsReader(db: Connection): (query: Query) => DayBar[] {
  const kept = new Map<string, Kept>();
  return (query) => {
    const [fromDay, toDay] = wholeDays(query.fromMs, query.toMs);
    const revisions = readRevisions(db, fromDay, toDay);
    const settledBefore = Math.floor((db.nowMs() - settledMs) / dayMs);
    const isFresh = (day: number) =>
      day < settledBefore && kept.get(`${query.convention} ${day}`)?.revision === (revisions.get(day) ?? 0);
    const days = Array.from({ length: Math.max(0, toDay - fromDay) }, (_, i) => fromDay + i);
    const missing = days.filter((day) => !isFresh(day));
    const read = readDays(db, missing, query.convention);
    if (kept.size > daysKept) kept.clear();
    for (const [day, bars] of read)
      kept.set(`${query.convention} ${day}`, { revision: revisions.get(day) ?? 0, bars });
    // A thousand targets are ninety thousand bars: lists are joined as blocks, not one by one.
    const lists = days.map((day) => read.get(day) ?? kept.get(`${query.convention} ${day}`)?.bars ?? []);
    return ([] as DayBar[]).concat(...lists);
  };
}

function readRevisions(db: Connection, fromDay: number, toDay: number): Map<number, number> {
  const rows = db
    .read('select day, revision from day_revisions where day >= ? and day < ?')
    .all(fromDay, toDay) as { day: number; revision: number }[];
  return new Map(rows.map((row) => [row.day, row.revision]));
}

/** Days that follow one another are read together. */
function readDays(db: Connection, days: readonly number[], convention: Convention): Map<number, DayBar[]> {
  const read = new Map<number, DayBar[]>();
  for (const day of days) read.set(day, []);
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return read;
  const targets = allTargets(db);
  const spans = verdictSpans(db, { fromMs: first * dayMs, toMs: Math.min((last + 1) * dayMs, db.nowMs()) });
  addTargetBars(db, targets, spans, { first, last, convention }, read);
  addComponentBars(db, spans, read);
  return read;
}

type DaySums = Map<number, { seconds: Record<string, number>; series: Set<number> }>;

/** Day → what each series counted, per target. */
function readTallies(db: Connection, first: number, last: number): Map<number, DaySums> {
  const names = new Map(
    (db.readRaw('select id, class from outcomes').all() as [number, string][]).map(([id, name]) => [
      id,
      name,
    ]),
  );
  const rows = db
    .readRaw(
      `select r.target_id, y.at, y.outcome_id, y.slot_s, r.id from series r
       cross join tally_days y on y.series_id = r.id and y.at between ? and ? where y.slot_s > 0`,
    )
    .all(first, last) as [number, number, number, number, number][];
  const byTarget = new Map<number, DaySums>();
  for (const [targetId, day, outcomeId, s, seriesId] of rows) {
    let days = byTarget.get(targetId);
    if (!days) byTarget.set(targetId, (days = new Map()));
    let sums = days.get(day);
    if (!sums) days.set(day, (sums = { seconds: {}, series: new Set() }));
    const name = names.get(outcomeId) ?? 'unknown_error';
    sums.seconds[name] = (sums.seconds[name] ?? 0) + s;
    sums.series.add(seriesId);
  }
  return byTarget;
}

function addTargetBars(
  db: Connection,
  targets: readonly TargetRow[],
  spans: Map<string, Span[]>,
  { first, last, convention }: { first: number; last: number; convention: Convention },
  into: Map<number, DayBar[]>,
): void {
  const tallies = readTallies(db, first, last);
  for (const target of targets) {
    const days = tallies.get(target.id);
    if (!days) continue;
    const verdicts = spans.get(verdictKeyOf(target)) ?? [];
    for (const [day, { seconds, series }] of days) {
      const bars = into.get(day);
      if (!bars) continue;
      const period = watchedPeriod(target, day * dayMs, (day + 1) * dayMs, db.nowMs());
      const ours = verdicts.filter((span) => overlapS(span, period.fromMs, period.toMs) > 0);
      const maintenanceS = secondsIn(ours, period, (verdict) => verdict === 'maintenance');
      const sums = account(seconds, convention);
      // Several places that looked: their mean, so that a day has no more seconds than a day.
      const share = 1 / Math.max(1, series.size);
      const measuredS = sums.measuredS * share;
      const limitedS = sums.limitedS * share;
      const elapsedS = (period.toMs - period.fromMs) / 1000 - maintenanceS;
      bars.push({
        targetKey: target.key,
        dayMs: day * dayMs,
        measuredS,
        badS: sums.badS * share,
        degradedS: sums.degradedS * share,
        limitedS,
        unknownS: Math.max(0, elapsedS - measuredS - limitedS),
        worst: worstOf(ours),
      });
    }
  }
}

function secondsIn(
  spans: readonly Span[],
  period: { fromMs: number; toMs: number },
  isWanted: (verdict: string) => boolean,
): number {
  let sum = 0;
  for (const span of spans) if (isWanted(span.verdict)) sum += overlapS(span, period.fromMs, period.toMs);
  return sum;
}

function worstOf(spans: readonly Span[]): Verdict | null {
  let worst: Verdict | null = null;
  for (const { verdict } of spans) {
    const known = verdict as Verdict;
    if (worst === null || verdictWords[known].severity > verdictWords[worst].severity) worst = known;
  }
  return worst;
}

/** Components are judged, not counted: their seconds are those of their verdicts while a worker was alive. */
function addComponentBars(db: Connection, spans: Map<string, Span[]>, into: Map<number, DayBar[]>): void {
  const keys = (db.readRaw('select key from components').all() as [string][]).map(([key]) => key);
  for (const [day, bars] of into) {
    const alive = sessionsIn(db, day * dayMs, (day + 1) * dayMs);
    if (alive.length === 0) continue;
    for (const key of keys) {
      const bar = componentBar(key, day, spans.get(key) ?? [], alive, db.nowMs());
      if (bar) bars.push(bar);
    }
  }
}

function componentBar(
  key: string,
  day: number,
  spans: readonly Span[],
  alive: readonly { fromMs: number; toMs: number }[],
  nowMs: number,
): DayBar | null {
  const period = { fromMs: day * dayMs, toMs: Math.min((day + 1) * dayMs, nowMs) };
  const ours = spans.filter((span) => overlapS(span, period.fromMs, period.toMs) > 0);
  if (ours.length === 0) return null;
  const seconds = (isWanted: (verdict: string) => boolean) =>
    alive.reduce(
      (sum, one) =>
        sum +
        secondsIn(
          ours,
          { fromMs: Math.max(period.fromMs, one.fromMs), toMs: Math.min(period.toMs, one.toMs) },
          isWanted,
        ),
      0,
    );
  const badS = seconds((v) => v === 'partial_outage' || v === 'major_outage');
  const degradedS = seconds((v) => v === 'degraded');
  const goodS = seconds((v) => v === 'operational');
  const maintenanceS = seconds((v) => v === 'maintenance');
  const measuredS = goodS + badS + degradedS;
  const elapsedS = (period.toMs - period.fromMs) / 1000 - maintenanceS;
  return {
    targetKey: key,
    dayMs: day * dayMs,
    measuredS,
    badS,
    degradedS,
    limitedS: 0,
    unknownS: Math.max(0, elapsedS - measuredS),
    worst: worstOf(ours),
  };
}
