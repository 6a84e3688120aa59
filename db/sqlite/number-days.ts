import {
  addEncoded,
  addValue,
  bucketValue,
  emptyHistogram,
  encodeHistogram,
} from '../../lib/core/histogram.ts';
import type { Connection } from './connection.ts';
import { dayMs } from './keys.ts';
import { type NumberParts, partsOf } from './number-parts.ts';
import type { RawReader } from './raw.ts';
import { keptFromMs } from './roll-up.ts';

/** The parts of each day, kept for ever as sums that can be added: the raw looks they come from are deleted one day. */

/** Late looks of a day are in by then; what comes later still is counted again. */
const settledMs = 10 * 60_000;
const noteOf = (day: number) => `numbers.${new Date(day * dayMs).toISOString().slice(0, 10)}`;

interface KeptDay {
  v: 2;
  revision: number;
  overhead: (Omit<NumberParts['overhead'][number], 'headersMs' | 'firstTokenMs'> & {
    headersMs: Signed;
    firstTokenMs: Signed;
  })[];
  failover: (Omit<NumberParts['failover'][number], 'paidMs'> & { paidMs: Signed })[];
  markup: NumberParts['markup'];
}
/** Values below nothing and above it, each a histogram of sizes. */
type Signed = [below: string, above: string];

function packValues(values: readonly number[]): Signed {
  const text = (list: readonly number[]) => {
    const histogram = emptyHistogram();
    for (const value of list) addValue(histogram, Math.abs(value));
    return Buffer.from(encodeHistogram(histogram) ?? []).toString('base64');
  };
  return [text(values.filter((value) => value < 0)), text(values.filter((value) => value >= 0))];
}

function unpackValues([below, above]: Signed): number[] {
  return [...sizesIn(below).map((size) => -size), ...sizesIn(above)];
}

function sizesIn(text: string): number[] {
  const histogram = emptyHistogram();
  addEncoded(histogram, Buffer.from(text, 'base64'));
  const sizes: number[] = [];
  for (const [bucket, count] of histogram.counts.entries())
    for (let i = 0; i < count; i++) sizes.push(bucketValue(bucket));
  return sizes;
}

function packDay(parts: NumberParts, revision: number): KeptDay {
  return {
    v: 2,
    revision,
    overhead: parts.overhead.map((one) => ({
      ...one,
      headersMs: packValues(one.headersMs),
      firstTokenMs: packValues(one.firstTokenMs),
    })),
    failover: parts.failover.map((one) => ({ ...one, paidMs: packValues(one.paidMs) })),
    markup: parts.markup,
  };
}

function unpackDay(day: KeptDay): NumberParts {
  return {
    overhead: day.overhead.map((one) => ({
      ...one,
      headersMs: unpackValues(one.headersMs),
      firstTokenMs: unpackValues(one.firstTokenMs),
    })),
    failover: day.failover.map((one) => ({ ...one, paidMs: unpackValues(one.paidMs) })),
    markup: day.markup,
  };
}

/** Days that are over, have all their looks, and are not summed up as they are now; oldest first. */
export function numberDaysDue(
  db: Connection,
  raw: RawReader,
  { nowMs, limit }: { nowMs: number; limit: number },
): { note: string; text: string }[] {
  const first = db.read('select min(first_seen_ms) as atMs from targets').get() as { atMs: number | null };
  if (first.atMs === null) return [];
  const fromDay = Math.ceil(Math.max(keptFromMs(db), nowMs - 400 * dayMs) / dayMs);
  const toDay = Math.floor((nowMs - settledMs) / dayMs);
  const kept = revisionsKept(db);
  const made: { note: string; text: string }[] = [];
  for (
    let day = Math.max(fromDay, Math.floor(first.atMs / dayMs));
    day < toDay && made.length < limit;
    day++
  ) {
    const revision = revisionOf(db, day);
    if (kept.get(noteOf(day)) === revision) continue;
    const parts = partsOf(db, raw, { fromMs: day * dayMs, toMs: (day + 1) * dayMs });
    made.push({ note: noteOf(day), text: JSON.stringify(packDay(parts, revision)) });
  }
  return made;
}

const betweenNotes = "key > 'numbers.' and key < 'numbers/'";

function revisionsKept(db: Connection): Map<string, number> {
  const rows = db
    .readRaw(`select key, value ->> 'revision' from notes where ${betweenNotes} and value ->> 'v' = 2`)
    .all();
  return new Map(rows as [string, number][]);
}

function revisionOf(db: Connection, day: number): number {
  const row = db.read('select revision from day_revisions where day = ?').get(day) as
    | { revision: number }
    | undefined;
  return row?.revision ?? 0;
}

/** What is known of a period, oldest first: whole days from their sums where those are up to date or all there is. */
export function partsIn(
  db: Connection,
  raw: RawReader,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): { parts: NumberParts[]; fromMs: number } {
  const keptFrom = keptFromMs(db);
  const parts: NumberParts[] = [];
  let knownFromMs: number | null = null;
  for (let atMs = fromMs; atMs < toMs; ) {
    const day = Math.floor(atMs / dayMs);
    const endMs = Math.min(toMs, (day + 1) * dayMs);
    const isWhole = atMs === day * dayMs && endMs === (day + 1) * dayMs;
    const isRawGone = atMs < keptFrom;
    const sums = isWhole ? keptDay(db, day) : null;
    if (sums && (isRawGone || sums.revision === revisionOf(db, day))) parts.push(unpackDay(sums));
    else if (!isRawGone) parts.push(partsOf(db, raw, { fromMs: atMs, toMs: endMs }));
    const isKnown = !isRawGone || sums !== null;
    if (isKnown) knownFromMs ??= atMs;
    atMs = endMs;
  }
  return { parts, fromMs: knownFromMs ?? Math.min(toMs, Math.max(fromMs, keptFrom)) };
}

function keptDay(db: Connection, day: number): KeptDay | null {
  const row = db.read('select value from notes where key = ?').get(noteOf(day)) as
    | { value: string }
    | undefined;
  const kept = row ? (JSON.parse(row.value) as KeptDay) : null;
  return kept?.v === 2 ? kept : null;
}
