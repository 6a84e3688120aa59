import type { ClassPoint } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs, hourMs } from './keys.ts';
import type { RawReader } from './raw.ts';
import { keptFromMs } from './roll-up.ts';
import { stepFor } from './series.ts';
import { targetByKey } from './targets.ts';

/** How often each outcome was seen over time; every look counts, whatever it was for. */
export function outcomeClassesOver(
  db: Connection,
  raw: RawReader,
  query: { targetKey: string; fromMs: number; toMs: number; points: number },
): ClassPoint[] {
  const target = targetByKey(db, query.targetKey);
  if (!target || query.toMs <= query.fromMs) return [];
  const wanted = stepFor(query.toMs - query.fromMs, query.points);
  const step = query.fromMs < keptFromMs(db) ? Math.max(hourMs, wanted) : wanted;
  const points = new Map<number, Record<string, number>>();
  const add = (atMs: number, outcome: string, looks: number) => {
    const at = Math.floor(atMs / step) * step;
    const counts = points.get(at) ?? {};
    counts[outcome] = (counts[outcome] ?? 0) + looks;
    points.set(at, counts);
  };
  if (step < hourMs)
    raw.each({ targetId: target.id }, query.fromMs, query.toMs, (l) => add(l.atMs, l.shape.outcome, 1));
  else addTallies(db, target.id, step, query, add);
  return [...points].sort(([a], [b]) => a - b).map(([atMs, counts]) => ({ atMs, counts }));
}

function addTallies(
  db: Connection,
  targetId: number,
  step: number,
  query: { fromMs: number; toMs: number },
  add: (atMs: number, outcome: string, looks: number) => void,
): void {
  const [table, unitMs] = step >= dayMs ? ['tally_days', dayMs] : ['tally_hours', hourMs];
  const rows = db
    .readRaw(
      `select y.at, o.class, y.looks from series r cross join ${table} y on y.series_id = r.id and y.at >= ? and y.at < ?
       cross join outcomes o on o.id = y.outcome_id where r.target_id = ?`,
    )
    .all(Math.floor(query.fromMs / unitMs), Math.ceil(query.toMs / unitMs), targetId) as [
    number,
    string,
    number,
  ][];
  for (const [at, outcome, looks] of rows) add(at * unitMs, outcome, looks);
}

const limited = new Set(['limited_key', 'limited_upstream', 'limited_shared']);
/** 1970-01-01 was a Thursday: the week's first hour is Monday 00:00. */
const thursdayHours = 72;

export function limitedByHour(
  db: Connection,
  query: { targetKey: string; fromMs: number; toMs: number },
): { hour: number; total: number; limited: number }[] {
  const target = targetByKey(db, query.targetKey);
  const week = Array.from({ length: 168 }, (_, hour) => ({ hour, total: 0, limited: 0 }));
  if (!target) return [];
  addTallies(db, target.id, hourMs, query, (atMs, outcome, looks) => {
    const one = week[(atMs / hourMs + thursdayHours) % 168];
    if (!one) return;
    one.total += looks;
    if (limited.has(outcome)) one.limited += looks;
  });
  return week.filter((one) => one.total > 0);
}
