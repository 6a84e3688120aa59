import type { Observation } from '../../lib/core/observation.ts';
import type { TargetRef } from '../../lib/core/target.ts';
import type { StoredLook } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs, firstDay } from './keys.ts';
import { type Facts, joinLook, type LookNumbers } from './look-row.ts';
import { daySlices } from './raw.ts';

/** Whole looks, put together again from rows without joins: what many have in common is read and parsed once. */

interface SeriesFacts {
  targetId: number;
  key: string;
  probe: Observation['probe'];
  target: TargetRef;
  vantage: string;
}
interface WholeShape {
  outcome: string;
  why: Observation['why'];
  slotMs: number;
  countsS: number;
  facts: Facts;
}

export interface LookReader {
  /** Everything that began in [fromMs, toMs), oldest first. */
  all(fromMs: number, toMs: number, limit: number): StoredLook[];
  ofTarget(targetId: number, fromMs: number, toMs: number, limit: number): StoredLook[];
  /** The newest of one target on one UTC day, newest first. */
  newestOn(targetId: number, day: number, limit: number): StoredLook[];
}

const timed =
  'l.id >> 27 & 262143, l.id & 134217727, l.shape_id, l.slot_offset, l.dns_us, l.connect_us, l.tls_us, l.headers_us, l.first_byte_after_us, l.first_token_us, l.worst_gap_us, l.total_us, l.tokens, l.cost_pusd, l.extra';
const plain =
  'l.id >> 27 & 262143, l.id & 134217727, l.shape_id, l.slot_offset, null, null, null, null, null, null, null, l.total_us, null, null, null';
const range = 'l.id between ((:day << 45) | (r.id << 27) | :from) and ((:day << 45) | (r.id << 27) | :to)';

type Row = [
  seriesId: number,
  ms: number,
  shapeId: number,
  slotOffset: number | null,
  ...timings: (number | null)[],
  extra: string | null,
];

export function lookReader(db: Connection): LookReader {
  const seriesOf = seriesBook(db);
  const shapeOf = shapeBook(db);
  const read = (which: string, order: string, parameters: Record<string, number>): Row[] =>
    [
      [timed, 'timed_looks'],
      [plain, 'looks'],
    ].flatMap(
      ([columns, table]) =>
        db
          .readRaw(
            `select ${columns} from series r cross join ${table} l on ${range} where ${which} ${order}`,
          )
          .all(parameters) as Row[],
    );
  const whole = (day: number, row: Row) =>
    lookOf(seriesOf(row[0]), shapeOf(row[2]), (day + firstDay) * dayMs + row[1], row);

  const between = (
    which: string,
    more: Record<string, number>,
    fromMs: number,
    toMs: number,
    limit: number,
  ) => {
    const looks: StoredLook[] = [];
    for (const slice of daySlices(db, { fromMs, toMs })) {
      if (looks.length >= limit) break;
      const rows = read(which, '', { ...slice, ...more }).map((row) => whole(slice.day, row));
      for (const look of rows.sort(byTime).slice(0, limit - looks.length)) looks.push(look);
    }
    return looks;
  };
  return {
    all: (fromMs, toMs, limit) => between('true', {}, fromMs, toMs, limit),
    ofTarget: (target, fromMs, toMs, limit) =>
      between('r.target_id = :target', { target }, fromMs, toMs, limit),
    newestOn(target, day, limit) {
      const parameters = { day: day - firstDay, from: 0, to: dayMs - 1, target, limit };
      return read('r.target_id = :target', 'order by l.id desc limit :limit', parameters)
        .map((row) => whole(day - firstDay, row))
        .sort((a, b) => byTime(b, a))
        .slice(0, limit);
    },
  };
}

/** By time, and where that is the same in an order that does not depend on this database. */
function byTime(a: StoredLook, b: StoredLook): number {
  const [x, y] = [a.observation, b.observation];
  if (x.atMs !== y.atMs) return x.atMs - y.atMs;
  const [i, j] = [`${a.targetKey} ${x.vantage}`, `${b.targetKey} ${y.vantage}`];
  return i < j ? -1 : i > j ? 1 : 0;
}

function lookOf(series: SeriesFacts, shape: WholeShape, atMs: number, row: Row): StoredLook {
  const [
    ,
    ,
    ,
    offset,
    dnsUs,
    connectUs,
    tlsUs,
    headersUs,
    after,
    firstTokenUs,
    worstGapUs,
    totalUs,
    tokens,
    costPusd,
  ] = row as [number, number, number, ...(number | null)[]];
  const numbers = {
    slot: offset == null ? null : offset + (shape.slotMs > 0 ? Math.floor(atMs / shape.slotMs) : 0),
    dnsUs,
    connectUs,
    tlsUs,
    headersUs,
    firstByteUs: after == null ? null : after + (headersUs ?? 0),
    firstTokenUs,
    worstGapUs,
    totalUs,
    tokens,
    costPusd,
    extra: row[14] as string | null,
  } as LookNumbers;
  const { vantage, probe, target, key } = series;
  return {
    observation: joinLook(
      { atMs, vantage, probe, target: { ...target }, why: shape.why },
      shape.facts,
      numbers,
    ),
    targetKey: key,
    outcome: shape.outcome,
    slotMs: shape.slotMs,
    countsS: shape.countsS,
  };
}

function seriesBook(db: Connection): (id: number) => SeriesFacts {
  const known = new Map<number, SeriesFacts>();
  db.onRollback(() => known.clear());
  return (id) => {
    let series = known.get(id);
    if (!series) known.set(id, (series = readSeries(db, id)));
    return series;
  };
}

function readSeries(db: Connection, id: number): SeriesFacts {
  const row = db
    .read(
      'select t.id as targetId, t.key, t.probe, t.gateway, t.provider, t.model, t.api, t.region, r.vantage from series r join targets t on t.id = r.target_id where r.id = ?',
    )
    .get(id) as TargetRef & { targetId: number; key: string; probe: Observation['probe']; vantage: string };
  const target: TargetRef = { gateway: row.gateway, provider: row.provider, model: row.model };
  if (row.api !== null && row.api !== undefined) target.api = row.api;
  if (row.region !== null && row.region !== undefined) target.region = row.region;
  return { targetId: row.targetId, key: row.key, probe: row.probe, target, vantage: row.vantage };
}

const shapesKept = 20_000;

function shapeBook(db: Connection): (id: number) => WholeShape {
  const known = new Map<number, WholeShape>();
  db.onRollback(() => known.clear());
  return (id) => {
    let shape = known.get(id);
    if (!shape) {
      if (known.size >= shapesKept) known.clear();
      known.set(id, (shape = readShape(db, id)));
    }
    return shape;
  };
}

function readShape(db: Connection, id: number): WholeShape {
  const row = db
    .read(
      'select o.class as outcome, h.why, h.slot_ms as slotMs, h.counts_s as countsS, h.facts from shapes h join outcomes o on o.id = h.outcome_id where h.id = ?',
    )
    .get(id) as Omit<WholeShape, 'facts'> & { facts: string };
  return { ...row, facts: JSON.parse(row.facts) as Facts };
}
