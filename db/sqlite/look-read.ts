import type { Observation } from '../../lib/core/observation.ts';
import type { TargetRef } from '../../lib/core/target.ts';
import type { StoredLook } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { lookAtSql, lookSeriesSql } from './keys.ts';
import { joinLook } from './look-row.ts';

/** Both tables of looks as one, with their dictionaries. `where` speaks of `l.id`, the packed key; `driver` is read first. */
export function lookSql(where: string, driver = ''): string {
  return `select ${lookAtSql('l.id')} as atMs, t.key, t.probe, t.gateway, t.provider, t.model, t.api, t.region, r.vantage,
      h.why, h.slot_ms as slotMs, h.counts_s as countsS, h.facts, o.class as outcome, l.slot_offset as slotOffset,
      l.dns_us as dnsUs, l.connect_us as connectUs, l.tls_us as tlsUs, l.headers_us as headersUs,
      l.first_byte_after_us as firstByteAfterUs, l.first_token_us as firstTokenUs, l.worst_gap_us as worstGapUs,
      l.total_us as totalUs, l.tokens, l.cost_pusd as costPusd, l.extra
    from (
      select l.* from ${driver} timed_looks l where ${where}
      union all
      select l.id, l.shape_id, l.slot_offset, null, null, null, null, null, null, null, l.total_us, null, null, null from ${driver} looks l where ${where}
    ) l
    cross join series r on r.id = ${lookSeriesSql('l.id')}
    cross join targets t on t.id = r.target_id
    cross join shapes h on h.id = l.shape_id
    cross join outcomes o on o.id = h.outcome_id`;
}

export interface LookRow {
  atMs: number;
  key: string;
  probe: string;
  gateway: string | null;
  provider: string | null;
  model: string | null;
  api: string | null;
  region: string | null;
  vantage: string;
  why: string;
  slotMs: number;
  countsS: number;
  facts: string;
  outcome: string;
  slotOffset: number | null;
  dnsUs: number | null;
  connectUs: number | null;
  tlsUs: number | null;
  headersUs: number | null;
  firstByteAfterUs: number | null;
  firstTokenUs: number | null;
  worstGapUs: number | null;
  totalUs: number | null;
  tokens: number | null;
  costPusd: number | null;
  extra: string | null;
}

function targetOf(row: LookRow): TargetRef {
  const target: TargetRef = { gateway: row.gateway, provider: row.provider, model: row.model };
  if (row.api !== null) target.api = row.api;
  if (row.region !== null) target.region = row.region;
  return target;
}

export function observationOf(row: LookRow): Observation {
  const slot =
    row.slotOffset === null
      ? null
      : row.slotOffset + (row.slotMs > 0 ? Math.floor(row.atMs / row.slotMs) : 0);
  const firstByteUs = row.firstByteAfterUs === null ? null : row.firstByteAfterUs + (row.headersUs ?? 0);
  return joinLook(
    {
      atMs: row.atMs,
      vantage: row.vantage,
      probe: row.probe as Observation['probe'],
      target: targetOf(row),
      why: row.why as Observation['why'],
    },
    JSON.parse(row.facts),
    { ...row, slot, firstByteUs },
  );
}

export function storedLookOf(row: LookRow): StoredLook {
  return {
    observation: observationOf(row),
    targetKey: row.key,
    outcome: row.outcome,
    slotMs: row.slotMs,
    countsS: row.countsS,
  };
}

export function seriesOfTarget(db: Connection, key: string): { id: number; vantage: string }[] {
  return db
    .read('select r.id, r.vantage from series r join targets t on t.id = r.target_id where t.key = ?')
    .all(key) as { id: number; vantage: string }[];
}
