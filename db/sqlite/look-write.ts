import type { Observation } from '../../lib/core/observation.ts';
import { targetKey } from '../../lib/core/target.ts';
import type { Connection } from './connection.ts';
import { dayMs, firstDay, hourMs, packed, packSql } from './keys.ts';
import { isPlain, type LookNumbers, lookNumbers, shapeFacts } from './look-row.ts';
import { defaultSlotMs, type Names } from './names.ts';

/** Writes looks, each with its counts, in the transaction that is open. */
export interface LookWriter {
  isKnown(o: Observation): boolean;
  write(o: Observation, outcome: string, slotMs?: number): void;
  /** Call once at the end of the transaction: when each target was last seen. */
  finish(): void;
}

export function lookWriter(db: Connection, names: Names): LookWriter {
  const lastSeen = new Map<number, number>();
  db.onRollback(() => {
    lastSeen.clear();
  });

  function tally(seriesId: number, outcomeId: number, atMs: number, slotS: number | null): void {
    const slots = slotS === null ? 0 : 1;
    for (const [table, ms] of [
      ['tally_hours', hourMs],
      ['tally_days', dayMs],
    ] as const)
      db.change(
        `insert into ${table} (series_id, at, outcome_id, looks, slots, slot_s) values (?,?,?,1,?,?)
         on conflict do update set looks = looks + 1, slots = slots + excluded.slots, slot_s = slot_s + excluded.slot_s`,
      ).run(seriesId, Math.floor(atMs / ms), outcomeId, slots, slotS ?? 0);
  }

  function markDue(seriesId: number, atMs: number): void {
    const hour = Math.floor(atMs / hourMs);
    db.change('insert or ignore into due_hours (at, series_id) values (?, ?)').run(hour, seriesId);
  }

  return {
    isKnown(o) {
      const series = names.series(o);
      const key = packed(series.id, Math.round(o.atMs));
      return (
        db.change(`select 1 from timed_looks where id = ${packSql}`).get(...key) !== undefined ||
        db.change(`select 1 from looks where id = ${packSql}`).get(...key) !== undefined
      );
    },
    write(o, outcome, knownSlotMs) {
      const atMs = Math.round(o.atMs);
      const series = names.series(o);
      const slotMs = knownSlotMs ?? names.slotMs(targetKey(o.probe, o.target));
      const outcomeId = names.outcome(outcome);
      const day = Math.floor(atMs / dayMs) - firstDay;
      const shapeId = names.shape({ outcomeId, why: o.why, slotMs, facts: shapeFacts(o), day });
      insertLook(db, packed(series.id, atMs), shapeId, slotOffset(o, atMs, slotMs), lookNumbers(o));
      tally(series.id, outcomeId, atMs, o.why === 'slot' ? (slotMs || defaultSlotMs) / 1000 : null);
      markDue(series.id, atMs);
      lastSeen.set(series.targetId, Math.max(lastSeen.get(series.targetId) ?? 0, atMs));
    },
    finish() {
      for (const [targetId, atMs] of lastSeen)
        db.change('update targets set last_seen_ms = max(coalesce(last_seen_ms, 0), ?) where id = ?').run(
          atMs,
          targetId,
        );
      lastSeen.clear();
    },
  };
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
