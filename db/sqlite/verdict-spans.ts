import type { Connection } from './connection.ts';

/** For how long a component or a route had which verdict. */
export interface Span {
  fromMs: number;
  toMs: number;
  verdict: string;
}

interface Change {
  key: string;
  atMs: number;
  verdict: string;
}

/** Spans inside [fromMs, toMs), of one key or of all; before its first verdict a key has none. */
export function verdictSpans(
  db: Connection,
  query: { fromMs: number; toMs: number; key?: string; verdict?: string },
): Map<string, Span[]> {
  const rows = db
    .read(
      `select k.key, v.at_ms as atMs, v.verdict from (${query.key === undefined ? keysSql : 'select :key as key'}) k
       cross join verdict_changes v on v.key = k.key
         and v.at_ms >= coalesce((select max(at_ms) from verdict_changes p where p.key = k.key and p.at_ms <= :from), :from)
         and v.at_ms < :to
       order by k.key, v.at_ms`,
    )
    .all({
      from: query.fromMs,
      to: query.toMs,
      ...(query.key === undefined ? {} : { key: query.key }),
    }) as Change[];
  return spansOf(rows, query);
}

/** Every key there is, one look-up each: removed routes have a past too. */
const keysSql = `with recursive k(key) as (
    select min(key) from verdict_changes
    union all
    select (select min(key) from verdict_changes where key > k.key) from k where k.key is not null
  ) select key from k where key is not null`;

function spansOf(
  changes: readonly Change[],
  query: { fromMs: number; toMs: number; verdict?: string },
): Map<string, Span[]> {
  const byKey = new Map<string, Span[]>();
  for (const [i, change] of changes.entries()) {
    const next = changes[i + 1];
    const toMs = next?.key === change.key ? next.atMs : query.toMs;
    if (query.verdict !== undefined && change.verdict !== query.verdict) continue;
    const span = { fromMs: Math.max(change.atMs, query.fromMs), toMs, verdict: change.verdict };
    const list = byKey.get(change.key);
    if (list) list.push(span);
    else byKey.set(change.key, [span]);
  }
  return byKey;
}

/** Seconds of a span that lie in [fromMs, toMs). */
export function overlapS(span: { fromMs: number; toMs: number }, fromMs: number, toMs: number): number {
  return Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs)) / 1000;
}

/** Times in which a worker was alive; outside of them no verdict means anything. */
export function sessionsIn(db: Connection, fromMs: number, toMs: number): { fromMs: number; toMs: number }[] {
  const rows = db
    .read(
      'select from_ms as fromMs, until_ms as toMs from sessions where until_ms >= ? and from_ms < ? order by from_ms',
    )
    .all(fromMs, toMs) as { fromMs: number; toMs: number }[];
  // A clock that was set back lives through a time twice: it counts once.
  const merged: typeof rows = [];
  for (const row of rows) {
    const last = merged.at(-1);
    if (last && row.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, row.toMs);
    else merged.push(row);
  }
  return merged;
}
