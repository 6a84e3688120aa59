import { countedAs } from '../../lib/core/availability.ts';
import type { Observation } from '../../lib/core/observation.ts';
import { targetKey } from '../../lib/core/target.ts';
import type { Connection } from './connection.ts';
import { dayMs, firstDay, hourMs, packed, packSql } from './keys.ts';
import { isPlain, type LookNumbers, lookNumbers, shapeFacts } from './look-row.ts';
import { defaultSlotMs, type Names } from './names.ts';

/** Writes looks, each with its counts, in the transaction that is open. */
export interface LookWriter {
  isKnown(o: Observation): boolean;
  write(
    o: Observation,
    outcome: string,
    as: { isMaintenance: boolean; slot?: { ms: number; countsS: number } | undefined },
  ): void;
  /** Call once at the end of the transaction: when each target was last seen. */
  finish(): void;
}

export function lookWriter(db: Connection, names: Names): LookWriter {
  const seen = new Map<number, { firstMs: number; lastMs: number }>();
  db.onRollback(() => {
    seen.clear();
  });

  return {
    isKnown(o) {
      const series = names.series(o);
      const key = packed(series.id, Math.round(o.atMs));
      return (
        db.change(`select 1 from timed_looks where id = ${packSql}`).get(...key) !== undefined ||
        db.change(`select 1 from looks where id = ${packSql}`).get(...key) !== undefined
      );
    },
    write(o, outcome, as) {
      const atMs = Math.round(o.atMs);
      const series = names.series(o);
      const slotMs = as.slot?.ms ?? names.slotMs(targetKey(o.probe, o.target));
      const outcomeId = names.outcome(outcome);
      const countsS =
        as.slot?.countsS ?? (o.why === 'slot' && !as.isMaintenance ? (slotMs || defaultSlotMs) / 1000 : 0);
      const shapeId = names.shape({
        outcomeId,
        why: o.why,
        slotMs,
        countsS,
        isMeasure: isMeasure(o, outcome),
        facts: shapeFacts(o),
        day: Math.floor(atMs / dayMs) - firstDay,
      });
      insertLook(db, packed(series.id, atMs), shapeId, slotOffset(o, atMs, slotMs), lookNumbers(o));
      addTally(db, series.id, outcomeId, atMs, countsS);
      db.change('insert or ignore into due_hours (at, series_id) values (?, ?)').run(
        Math.floor(atMs / hourMs),
        series.id,
      );
      reviseDay(db, atMs);
      const known = seen.get(series.targetId) ?? { firstMs: atMs, lastMs: atMs };
      seen.set(series.targetId, {
        firstMs: Math.min(known.firstMs, atMs),
        lastMs: Math.max(known.lastMs, atMs),
      });
    },
    finish() {
      for (const [targetId, { firstMs, lastMs }] of seen)
        db.change(
          'update targets set first_seen_ms = min(first_seen_ms, ?), last_seen_ms = max(coalesce(last_seen_ms, 0), ?) where id = ?',
        ).run(firstMs, lastMs, targetId);
      seen.clear();
    },
  };
}

function addTally(db: Connection, seriesId: number, outcomeId: number, atMs: number, countsS: number): void {
  for (const [table, ms] of tallies)
    db.change(
      `insert into ${table} (series_id, at, outcome_id, looks, slots, slot_s) values (?,?,?,1,?,?)
       on conflict do update set looks = looks + 1, slots = slots + excluded.slots, slot_s = slot_s + excluded.slot_s`,
    ).run(seriesId, Math.floor(atMs / ms), outcomeId, countsS > 0 ? 1 : 0, countsS);
}

const tallies = [
  ['tally_hours', hourMs],
  ['tally_days', dayMs],
] as const;

/** A stall of our own longer than this much of the look makes its timings worthless. */
const stallShare = 0.05;
const stallMs = 25;

/** Only a slot that worked says how long it takes: failures are shown beside it, not in it. */
function isMeasure(o: Observation, outcome: string): boolean {
  const counted = countedAs(outcome, 'openrouter');
  return (
    o.why === 'slot' &&
    !o.tainted &&
    o.stallMs <= Math.max(stallMs, stallShare * (o.timing.totalMs ?? 0)) &&
    (counted === 'good' || counted === 'degraded')
  );
}

/** Readers keep a day that has been over for ten minutes; what is written later about it they must hear of. */
export function reviseDay(db: Connection, atMs: number): void {
  const day = Math.floor(atMs / dayMs);
  if (db.nowMs() < (day + 1) * dayMs + 60_000) return;
  db.change(
    'insert into day_revisions (day, revision) values (?, 1) on conflict do update set revision = revision + 1',
  ).run(day);
}

/** A slot's number against the one its time suggests: nearly always the same small number, which costs no byte. */
export function slotOffset(o: Observation, atMs: number, slotMs: number): number | null {
  if (o.slot === null || !Number.isFinite(o.slot)) return null;
  return Math.round(o.slot) - (slotMs > 0 ? Math.floor(atMs / slotMs) : 0);
}

function insertLook(
  db: Connection,
  key: [number, number, number],
  shapeId: number,
  offset: number | null,
  n: LookNumbers,
): void {
  if (isPlain(n)) {
    db.change(`insert into looks (id, shape_id, slot_offset, total_us) values (${packSql}, ?, ?, ?)`).run(
      ...key,
      shapeId,
      offset,
      n.totalUs,
    );
    return;
  }
  const after = n.firstByteUs === null ? null : n.firstByteUs - (n.headersUs ?? 0);
  db.change(
    `insert into timed_looks (id, shape_id, slot_offset, dns_us, connect_us, tls_us, headers_us, first_byte_after_us, first_token_us, worst_gap_us, total_us, tokens, cost_pusd, extra)
     values (${packSql}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...key,
    shapeId,
    offset,
    n.dnsUs,
    n.connectUs,
    n.tlsUs,
    n.headersUs,
    after,
    n.firstTokenUs,
    n.worstGapUs,
    n.totalUs,
    n.tokens,
    n.costPusd,
    n.extra,
  );
}
