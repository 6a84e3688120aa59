import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { incident } from '#db/contract/samples.contract.ts';
import { migrateStore, openStore } from '#db/open.ts';
import { blankObservation, noTiming, type Observation } from '#lib/core/observation.ts';
import { emptyPlan, type RouteState, type Seen } from '#lib/core/plan.ts';
import { type TargetRef, targetId, targetKey } from '#lib/core/target.ts';
import type { Store } from '#lib/store.ts';

/** Databases to measure: small ones through the ports, big ones straight in SQL, in the same shape. */

export const dayMs = 86_400_000;
export const minuteMs = 60_000;
export const start = Date.UTC(2026, 0, 5);

export interface Made {
  dataDir: string;
  clock: { nowMs: number };
  store: Store;
  open(isReader: boolean): Store;
  drop(): void;
}

export function makeStore(startMs: number, fill?: (client: BetterSqlite3.Database) => void): Made {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const clock = { nowMs: startMs };
  const nowMs = () => clock.nowMs;
  migrateStore({ dataDir, nowMs });
  if (fill) {
    const client = openRaw(dataDir);
    client.pragma('synchronous = OFF');
    fill(client);
    client.pragma('wal_checkpoint(TRUNCATE)');
    client.close();
  }
  const open = (isReader: boolean) => openStore({ dataDir, isReader, nowMs, reserveBytes: 0 });
  const store = open(false);
  return {
    dataDir,
    clock,
    store,
    open,
    drop() {
      store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function openRaw(dataDir: string): BetterSqlite3.Database {
  const Database = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
  return new Database(join(dataDir, 'signalbox.db'));
}

/** Whole pages of these tables and indexes. */
export function tableBytes(dataDir: string, names: string[]): number {
  const client = openRaw(dataDir);
  const row = client
    .prepare('select sum(pgsize) as bytes from dbstat where name in (select value from json_each(?))')
    .get(JSON.stringify(names)) as { bytes: number };
  client.close();
  return row.bytes;
}

/** Among the first hundred one is called directly and two are left to the gateway's choice: what the quoted numbers need. */
const special: Record<number, TargetRef> = {
  97: { gateway: 'direct', provider: 'provider-1', model: 'model-1' },
  98: { gateway: 'openrouter', provider: 'any', model: 'vendor/model-2' },
  99: { gateway: 'openrouter', provider: 'any', model: 'vendor/model-3' },
};

export function routeTarget(i: number): TargetRef {
  const found = special[i];
  if (found) return found;
  return { gateway: 'openrouter', provider: `provider-${i}`, model: `vendor/model-${i % 12}` };
}
export const routeKey = (i: number) => targetKey('completion', routeTarget(i));

const tenth = (ms: number) => Math.round(ms * 10) / 10;
const between = (low: number, high: number) => tenth(low + Math.random() * (high - low));

/** A streamed completion with the eight timings every one has, as a gateway answers it. */
export function completionLook(i: number, atMs: number): Observation {
  const target = routeTarget(i);
  const headersMs = between(150, 400);
  return blankObservation({
    atMs,
    vantage: 'local',
    probe: 'completion',
    target,
    reached: 'done',
    status: 200,
    timing: {
      dnsMs: between(1, 5),
      connectMs: between(5, 20),
      tlsMs: between(10, 30),
      headersMs,
      firstByteMs: tenth(headersMs + between(0.1, 1.5)),
      firstReasoningMs: null,
      firstTokenMs: between(400, 1200),
      worstGapMs: between(20, 120),
      totalMs: between(1200, 2500),
    },
    output: {
      tokens: 5 + Math.floor(Math.random() * 12),
      reasoningTokens: 0,
      finish: 'stop',
      done: true,
      answer: 'match',
    },
    served: { provider: target.provider, model: target.model },
    slot: Math.floor(atMs / minuteMs),
    endpoint: target.provider,
    family: 4,
    edge: { cache: 'MISS', ageS: null, site: 'FRA' },
    costUsd: Math.round(Math.random() * 20_000) / 1e9,
  });
}

export function httpLook(i: number, atMs: number, isPhased: boolean): Observation {
  const headersMs = between(80, 200);
  const phases = isPhased
    ? {
        dnsMs: between(1, 5),
        connectMs: between(5, 20),
        tlsMs: between(10, 30),
        headersMs,
        firstByteMs: tenth(headersMs + 0.6),
      }
    : {};
  return blankObservation({
    atMs,
    vantage: 'local',
    probe: 'http',
    target: { gateway: null, provider: `site-${i}`, model: null },
    reached: 'done',
    status: 200,
    timing: { ...noTiming, ...phases, totalMs: between(100, 300) },
    slot: Math.floor(atMs / minuteMs),
  });
}

export function record(store: Store, looks: Observation[]): void {
  const seen: Seen[] = looks.map((observation) => ({ observation, found: [] }));
  store.looks.record(seen, () => ({ outcome: Math.random() < 0.01 ? 'http_5xx' : 'ok', plan: emptyPlan }));
}

const watchedSql = `json_object('key', :key, 'probe', 'completion', 'everyMs', 60000,
  'target', json_object('gateway', :gateway, 'provider', :provider, 'model', :model))`;

/** As long as a real one, because the overview reads them all. */
function routeState(i: number): RouteState {
  const target = routeTarget(i);
  return {
    targetId: targetId(target),
    target,
    endpoint: target.provider,
    state: 'up',
    verdict: 'operational',
    stateSinceMs: start,
    reason: '60 of 60 checks worked in 60 min',
    circuit: {
      state: 'closed',
      sinceMs: start,
      reason: null,
      openedAtMs: [],
      retryAtMs: null,
      rampUntilMs: null,
      source: 'auto',
      backoff: 0,
    },
    advice: { action: 'use', weight: 100 },
    limited: false,
    confidence: {
      level: 'high',
      samples: 60,
      pUp: 0.99,
      vantages: 1,
      agreeingVantages: 1,
      lastSampleAtMs: start,
    },
    observedAtMs: start,
    affectedBy: null,
    incidentId: null,
    removed: false,
  };
}

/** Targets, their series, a good and a bad shape and one outcome each. */
export function fillTargets(client: BetterSqlite3.Database, count: number, firstMs: number): void {
  client.exec("insert into outcomes (id, class) values (1, 'ok'), (2, 'http_5xx')");
  client.exec(
    `insert into shapes (id, digest, outcome_id, why, slot_ms, counts_s, is_measure, facts, last_used_day)
     values (1, 1, 1, 'slot', 60000, 60, 1, '{"reached":"done","status":200}', 9000), (2, 2, 2, 'slot', 60000, 60, 0, '{"reached":"headers","status":502}', 9000)`,
  );
  const target = client.prepare(
    `insert into targets (id, key, probe, gateway, provider, model, first_seen_ms, last_seen_ms, watched, position)
     values (:id, :key, 'completion', :gateway, :provider, :model, :first, :first, ${watchedSql}, :id)`,
  );
  const series = client.prepare("insert into series (id, target_id, vantage) values (?, ?, 'local')");
  const route = client.prepare('insert into routes (target_id, body) values (?, ?)');
  client.transaction(() => {
    for (let i = 0; i < count; i++) {
      target.run({ id: i + 1, key: routeKey(i), first: firstMs, ...routeTarget(i) });
      series.run(i + 1, i + 1);
      route.run(targetId(routeTarget(i)), JSON.stringify(routeState(i)));
    }
  })();
}

/** One look a minute of every target, one in a hundred failed; a day a statement. */
export function fillDay(client: BetterSqlite3.Database, targets: number, day: number): void {
  client
    .prepare(
      `with recursive minutes(m) as (select 0 union all select m + 1 from minutes where m < 1439)
       insert into timed_looks (id, shape_id, slot_offset, dns_us, connect_us, tls_us, headers_us, first_byte_after_us, first_token_us, worst_gap_us, total_us, tokens, cost_pusd)
       select ((:day - 19723) << 45) | (s.id << 27) | (m * 60000 + s.id * 100 % 60000), 1 + (abs(random()) % 100 = 0), 0,
         1000 + abs(random()) % 4000, 5000 + abs(random()) % 9000, 9000 + abs(random()) % 20000, 150000 + abs(random()) % 200000,
         abs(random()) % 1500, 400000 + abs(random()) % 900000, 20000 + abs(random()) % 90000, 1200000 + abs(random()) % 900000,
         5 + abs(random()) % 12, 1000000 + abs(random()) % 12000000
       from series s, minutes where s.id <= :targets`,
    )
    .run({ day, targets });
  client
    .prepare(
      `with recursive hours(h) as (select 0 union all select h + 1 from hours where h < 23)
       insert into due_hours (at, series_id) select :day * 24 + h, s.id from hours, series s`,
    )
    .run({ day });
  client
    .prepare(
      `with recursive hours(h) as (select 0 union all select h + 1 from hours where h < 23)
       insert into missed (target_id, slot, at_ms, reason) select s.target_id, (:day * 24 + h) * 60, (:day * 24 + h) * 3600000, 'limited' from hours, series s`,
    )
    .run({ day });
  fillTallies(client, day, 1);
  client
    .prepare(
      `with recursive hours(h) as (select 0 union all select h + 1 from hours where h < 23)
       insert into tally_hours (series_id, at, outcome_id, looks, slots, slot_s)
       select s.id, :day * 24 + h, o.id, case o.id when 1 then 59 else 1 end, case o.id when 1 then 59 else 1 end, case o.id when 1 then 3540 else 60 end
       from series s, hours, outcomes o`,
    )
    .run({ day });
}

/** Evenly over a period, each half an hour long. */
export function fillIncidents(
  made: Made,
  count: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): void {
  const client = openRaw(made.dataDir);
  const insert = client.prepare(
    "insert into incidents (id, scope_key, status, is_public, started_at_ms, resolved_at_ms, body) values (?, ?, 'resolved', 1, ?, ?, ?)",
  );
  client.transaction(() => {
    for (let i = 0; i < count; i++) {
      const startedAtMs = Math.floor(fromMs + ((toMs - fromMs) * i) / count);
      const scope = { kind: 'provider', id: `provider-${i % 100}` } as const;
      const one = incident({
        id: `b${i}`,
        scope,
        startedAtMs,
        status: 'resolved',
        resolvedAtMs: startedAtMs + 1_800_000,
      });
      insert.run(one.id, `provider:${scope.id}`, startedAtMs, one.resolvedAtMs, JSON.stringify(one));
    }
  })();
  client.close();
}

/** What a day leaves for the bars. */
export function fillTallies(client: BetterSqlite3.Database, day: number, days: number): void {
  client
    .prepare(
      `with recursive d(day) as (select :day union all select day + 1 from d where day < :day + :days - 1)
       insert into tally_days (series_id, at, outcome_id, looks, slots, slot_s)
       select s.id, d.day, o.id, case o.id when 1 then 1426 else 14 end, case o.id when 1 then 1426 else 14 end, case o.id when 1 then 85560 else 840 end
       from series s, d, outcomes o`,
    )
    .run({ day, days });
}

export function timesOf(runs: number, work: (i: number) => void): number[] {
  return Array.from({ length: runs }, (_, i) => {
    const from = performance.now();
    work(i);
    return performance.now() - from;
  });
}
