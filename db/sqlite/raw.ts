import type { Metric } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs, firstDay } from './keys.ts';

/** Raw looks for figures: numbers only, the shape's part from memory. */

export interface ShapeFacts {
  outcome: string;
  outcomeId: number;
  countsS: number;
  isMeasure: boolean;
}

export interface RawLook {
  seriesId: number;
  atMs: number;
  shape: ShapeFacts;
  headersUs: number | null;
  firstTokenUs: number | null;
  worstGapUs: number | null;
  totalUs: number | null;
  tokens: number | null;
  costPusd: number | null;
}

const shapesKept = 50_000;

function shapesOn(db: Connection): (id: number) => ShapeFacts {
  const known = new Map<number, ShapeFacts>();
  return (id) => {
    let shape = known.get(id);
    if (!shape) {
      if (known.size >= shapesKept) known.clear();
      known.set(id, (shape = readShape(db, id)));
    }
    return shape;
  };
}

function readShape(db: Connection, id: number): ShapeFacts {
  const row = db
    .read(
      'select o.class as outcome, h.outcome_id as outcomeId, h.counts_s as countsS, h.is_measure as isMeasure from shapes h join outcomes o on o.id = h.outcome_id where h.id = ?',
    )
    .get(id) as (Omit<ShapeFacts, 'isMeasure'> & { isMeasure: number }) | undefined;
  if (!row) return { outcome: 'unknown_error', outcomeId: 0, countsS: 0, isMeasure: false };
  return { ...row, isMeasure: row.isMeasure === 1 };
}

/** Each alone: SQLite looks a lone min or max up in the index, and reads the whole table for both. */
const boundsSql = ['timed_looks', 'looks']
  .map((table) => `select (select min(id) from ${table}) >> 45, (select max(id) from ${table}) >> 45`)
  .join(' union all ');

function daysWithLooks(db: Connection): { first: number; last: number } | null {
  const rows = db.readRaw(boundsSql).all() as [number | null, number | null][];
  const firsts = rows.flatMap(([first]) => (first === null ? [] : [first]));
  const lasts = rows.flatMap(([, last]) => (last === null ? [] : [last]));
  return firsts.length === 0 ? null : { first: Math.min(...firsts), last: Math.max(...lasts) };
}

/** The part of each UTC day with looks that lies in [fromMs, toMs): a look's key begins with its day. */
export function daySlices(
  db: Connection,
  query: { fromMs: number; toMs: number },
): { day: number; from: number; to: number }[] {
  const found = daysWithLooks(db);
  if (!found) return [];
  const fromMs = Math.max(query.fromMs, (found.first + firstDay) * dayMs);
  const toMs = Math.min(query.toMs, (found.last + firstDay + 1) * dayMs);
  const slices: { day: number; from: number; to: number }[] = [];
  for (let day = Math.floor(fromMs / dayMs); day * dayMs < toMs; day++)
    slices.push({
      day: day - firstDay,
      from: Math.max(0, Math.ceil(fromMs - day * dayMs)),
      to: Math.min(dayMs, Math.ceil(toMs - day * dayMs)) - 1,
    });
  return slices;
}

const range = 'l.id between ((:day << 45) | (r.id << 27) | :from) and ((:day << 45) | (r.id << 27) | :to)';
/** CROSS JOIN fixes the order: every series, then its stretch of the day. */
function rawSql(which: string): string {
  return `select r.id, l.id & 134217727, l.shape_id, l.headers_us, l.first_token_us, l.worst_gap_us, l.total_us, l.tokens, l.cost_pusd
      from series r cross join timed_looks l on ${range} where ${which}
    union all
    select r.id, l.id & 134217727, l.shape_id, null, null, null, l.total_us, null, null
      from series r cross join looks l on ${range} where ${which}`;
}
const ofTarget = rawSql('r.target_id = :of');
const ofSeries = rawSql('r.id = :of');
const ofAll = rawSql(':of is null');

type RawRow = [
  number,
  number,
  number,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
];

export interface RawReader {
  /** In no particular order. */
  each(
    of: { targetId: number } | { seriesId: number } | 'all',
    fromMs: number,
    toMs: number,
    take: (look: RawLook) => void,
  ): void;
}

export function rawReader(db: Connection): RawReader {
  const shapeOf = shapesOn(db);
  return {
    each(of, fromMs, toMs, take) {
      const sql = of === 'all' ? ofAll : 'targetId' in of ? ofTarget : ofSeries;
      const id = of === 'all' ? null : 'targetId' in of ? of.targetId : of.seriesId;
      for (const slice of daySlices(db, { fromMs, toMs })) {
        const start = (slice.day + firstDay) * dayMs;
        for (const row of db.readRaw(sql).all({ ...slice, of: id }) as RawRow[])
          take({
            seriesId: row[0],
            atMs: start + row[1],
            shape: shapeOf(row[2]),
            headersUs: row[3],
            firstTokenUs: row[4],
            worstGapUs: row[5],
            totalUs: row[6],
            tokens: row[7],
            costPusd: row[8],
          });
      }
    },
  };
}

/** Fewer tokens say nothing about speed. */
const leastTokens = 2;

/** The value of one metric, in milliseconds or tokens per second; null where the look has none. */
export function metricOf(look: RawLook, metric: Metric): number | null {
  if (!look.shape.isMeasure) return null;
  switch (metric) {
    case 'first_token':
      return look.firstTokenUs === null ? null : look.firstTokenUs / 1000;
    case 'total':
      return look.totalUs === null ? null : look.totalUs / 1000;
    case 'worst_gap':
      return look.worstGapUs === null ? null : look.worstGapUs / 1000;
    case 'tokens_per_second':
      return speedOf(look);
    default:
      return metric satisfies never;
  }
}

function speedOf({ tokens, totalUs, firstTokenUs }: RawLook): number | null {
  if (tokens === null || tokens < leastTokens || totalUs === null || firstTokenUs === null) return null;
  const writingUs = totalUs - firstTokenUs;
  return writingUs > 0 ? ((tokens - 1) * 1e6) / writingUs : null;
}
