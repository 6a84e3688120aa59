import type { Watched } from '../../lib/core/fleet.ts';
import { endedAtMs, type Observation } from '../../lib/core/observation.ts';
import type { ComponentState, GuardState, Plan, RouteState } from '../../lib/core/plan.ts';
import { targetId } from '../../lib/core/target.ts';
import type { Looks } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { writeFound } from './found.ts';
import { dayMs, packed, packSql } from './keys.ts';
import { type LookRow, lookSql, observationOf, seriesOfTarget, storedLookOf } from './look-read.ts';
import { lookWriter } from './look-write.ts';
import { namesOn } from './names.ts';
import { daySlices } from './raw.ts';
import { stateWriter } from './state.ts';
import { targetByKey } from './targets.ts';

export function looksPort(db: Connection): Looks {
  const names = namesOn(db);
  const writer = lookWriter(db, names);
  const state = stateWriter(db);
  return {
    record: (seen, decide) =>
      db.write(() => {
        const plans: Plan[] = [];
        for (const { observation, found } of seen) {
          if (writer.isKnown(observation)) continue;
          const { outcome, plan, slot } = decide(observation, found);
          const isMaintenance = state.verdictOf(targetId(observation.target)) === 'maintenance';
          if (!db.space.isShort()) {
            writer.write(observation, outcome, { isMaintenance, slot });
            for (const one of found) writeFound(db, one, observation.atMs);
            writeClaims(db, observation);
          }
          state.apply(plan, endedAtMs(observation));
          plans.push(plan);
        }
        writer.finish();
        return plans;
      }),
    advance: (nowMs, decide) =>
      db.write(() => {
        const plan = decide(nowMs);
        state.apply(plan, nowMs);
        return plan;
      }),
    recordMissed: (missed) => db.write(() => missed.forEach((one) => void writeMissed(db, one))),
    replaySince: (fromMs) => replaySince(db, fromMs),
    last: (key, limit) => lastLooks(db, key, limit),
    between: (query) => looksBetween(db, query),
    current: () => readCurrent(db),
    saveFleet: (fleet, nowMs) =>
      db.write(() => {
        saveFleet(db, fleet, (one) => names.target(one.key, one.probe, one.target, nowMs));
        names.forget();
      }),
    lastSeenAt() {
      const rows = db
        .read('select key, last_seen_ms as atMs from targets where last_seen_ms is not null')
        .all() as { key: string; atMs: number }[];
      return new Map(rows.map((row) => [row.key, row.atMs]));
    },
  };
}

function writeClaims(db: Connection, o: Observation): void {
  if (!o.claims) return;
  const page = pageOf(o);
  db.change(
    'insert into claims (page, at_ms, body) values (?,?,?) on conflict (page) do update set at_ms = excluded.at_ms, body = excluded.body where excluded.at_ms >= at_ms',
  ).run(page, Math.round(o.atMs), JSON.stringify(o.claims));
}

/** An official page goes by whom it speaks for; what a gateway reports of its providers is another page. */
function pageOf(o: Observation): string {
  const { gateway, provider } = o.target;
  const speaker = (gateway === 'direct' ? provider : (gateway ?? provider)) ?? 'none';
  return o.probe === 'official' ? speaker : `${o.probe}:${speaker}`;
}

function writeMissed(
  db: Connection,
  missed: { targetKey: string; slot: number; atMs: number; reason: string },
): void {
  db.change(
    'insert or ignore into missed (target_id, slot, at_ms, reason) select id, ?, ?, ? from targets where key = ?',
  ).run(missed.slot, Math.round(missed.atMs), missed.reason, missed.targetKey);
}

/** Ten minutes more than asked, because order of end is not order of beginning. */
const longestLookMs = 600_000;

function replaySince(db: Connection, fromMs: number): Observation[] {
  const rows = db
    .read(lookSql(`l.id >= ${packSql}`))
    .all(...packed(0, fromMs - longestLookMs), ...packed(0, fromMs - longestLookMs)) as LookRow[];
  return rows
    .map(observationOf)
    .filter((o) => endedAtMs(o) >= fromMs)
    .sort((a, b) => endedAtMs(a) - endedAtMs(b) || a.atMs - b.atMs);
}

/** Walks back day by day: a look's key begins with its day. */
function lastLooks(db: Connection, key: string, limit: number): ReturnType<Looks['last']> {
  const series = seriesOfTarget(db, key);
  const newest = db
    .read('select last_seen_ms as ms, first_seen_ms as first from targets where key = ?')
    .get(key) as { ms: number | null; first: number } | undefined;
  if (!newest?.ms) return [];
  const rows: LookRow[] = [];
  const query = db.read(`${lookSql(`l.id between ${packSql} and ${packSql}`)} order by l.id desc limit ?`);
  for (let day = Math.floor(newest.ms / dayMs); day >= Math.floor(newest.first / dayMs) - 1; day--) {
    for (const one of series) {
      const range = [...packed(one.id, day * dayMs), ...packed(one.id, (day + 1) * dayMs - 1)];
      rows.push(...(query.all(...range, ...range, limit) as LookRow[]));
    }
    if (rows.length >= limit) break;
  }
  return rows
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, limit)
    .map(storedLookOf);
}

const betweenSql = `${lookSql(
  '(:target is null or k.target_id = :target) and l.id between ((:day << 45) | (k.id << 27) | :from) and ((:day << 45) | (k.id << 27) | :to)',
  'series k cross join',
)} order by l.id & 134217727, t.key, r.vantage limit :limit`;

function looksBetween(db: Connection, query: Parameters<Looks['between']>[0]): ReturnType<Looks['between']> {
  const target = query.targetKey === undefined ? null : (targetByKey(db, query.targetKey)?.id ?? -1);
  const rows: LookRow[] = [];
  for (const slice of daySlices(query.fromMs, query.toMs)) {
    const limit = query.limit - rows.length;
    if (limit <= 0) break;
    rows.push(...(db.read(betweenSql).all({ ...slice, target, limit }) as LookRow[]));
  }
  return rows.map(storedLookOf);
}

function readCurrent(db: Connection): ReturnType<Looks['current']> {
  const bodies = (sql: string) =>
    (db.read(sql).all() as { body: string }[]).map((row) => JSON.parse(row.body));
  const guard = db.read('select body from guard').get() as { body: string } | undefined;
  return {
    components: bodies('select body from components order by key') as ComponentState[],
    routes: bodies('select body from routes order by target_id') as RouteState[],
    guard: guard ? (JSON.parse(guard.body) as GuardState) : quietGuard,
    fleet: bodies(
      'select watched as body from targets where watched is not null order by position',
    ) as Watched[],
  };
}

const quietGuard: GuardState = {
  state: 'normal',
  self: 'ok',
  openFraction: 0,
  maxOpenFraction: 0.5,
  reason: null,
  sinceMs: null,
};

function saveFleet(db: Connection, fleet: readonly Watched[], idOf: (one: Watched) => number): void {
  db.change('update targets set watched = null, position = null where watched is not null').run();
  for (const [position, one] of fleet.entries())
    db.change('update targets set watched = ?, position = ? where id = ?').run(
      JSON.stringify(one),
      position,
      idOf(one),
    );
}
