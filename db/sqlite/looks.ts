import type { Watched } from '../../lib/core/fleet.ts';
import { endedAtMs, type Observation } from '../../lib/core/observation.ts';
import type { ComponentState, GuardState, Plan, RouteState } from '../../lib/core/plan.ts';
import { targetId } from '../../lib/core/target.ts';
import type { Looks, StoredLook } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { writeFound } from './found.ts';
import { aheadMs, dayMs } from './keys.ts';
import { type LookReader, lookReader } from './look-read.ts';
import { lookWriter } from './look-write.ts';
import { namesOn } from './names.ts';
import { stateWriter } from './state.ts';
import { targetByKey } from './targets.ts';

export function looksPort(db: Connection): Looks {
  const names = namesOn(db);
  const writer = lookWriter(db, names);
  const state = stateWriter(db);
  const read = lookReader(db);
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
    learn: (found, atMs) => db.write(() => found.forEach((one) => void writeFound(db, one, atMs))),
    recordMissed: (missed) => db.write(() => missed.forEach((one) => void writeMissed(db, one))),
    replaySince: (fromMs) => replaySince(read, fromMs),
    last: (key, limit) => lastLooks(db, read, key, limit),
    between: (query) => looksBetween(db, read, query),
    current: currentReader(db),
    saveFleet: (fleet, nowMs) =>
      db.write(() => {
        if (saveFleet(db, fleet, (one) => names.target(one.key, one.probe, one.target, nowMs)))
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
    // What a clock that ran ahead has dated in the future is not newer than what is said now.
    'insert into claims (page, at_ms, body) values (?,?,?) on conflict (page) do update set at_ms = excluded.at_ms, body = excluded.body where excluded.at_ms >= at_ms or at_ms > ?',
  ).run(page, Math.round(o.atMs), JSON.stringify(o.claims), db.nowMs() + aheadMs);
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

/** No look lasts longer; so much more is read than asked, because order of end is not order of beginning. */
const longestLookMs = 600_000;

function replaySince(read: LookReader, fromMs: number): Observation[] {
  return read
    .all(fromMs - longestLookMs, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    .map((look) => look.observation)
    .filter((o) => endedAtMs(o) >= fromMs)
    .sort((a, b) => endedAtMs(a) - endedAtMs(b) || a.atMs - b.atMs);
}

/** Walks back day by day: a look's key begins with its day. */
function lastLooks(db: Connection, read: LookReader, key: string, limit: number): StoredLook[] {
  const target = targetByKey(db, key);
  if (!target?.lastSeenMs) return [];
  const looks: StoredLook[] = [];
  const firstDay = Math.floor(target.firstSeenMs / dayMs);
  for (let day = Math.floor(target.lastSeenMs / dayMs); day >= firstDay && looks.length < limit; day--)
    looks.push(...read.newestOn(target.id, day, limit - looks.length));
  return looks;
}

function looksBetween(
  db: Connection,
  read: LookReader,
  { targetKey, fromMs, toMs, limit }: Parameters<Looks['between']>[0],
): StoredLook[] {
  if (targetKey === undefined) return read.all(fromMs, toMs, limit);
  const target = targetByKey(db, targetKey);
  return target ? read.ofTarget(target.id, fromMs, toMs, limit) : [];
}

/** Most bodies are those of the last time: what was parsed of them is given again. Nobody may change what he is given. */
function currentReader(db: Connection): Looks['current'] {
  const components = bodyReader<ComponentState>(db, 'select key, body from components order by key');
  const routes = bodyReader<RouteState>(db, 'select target_id, body from routes order by target_id');
  const fleet = bodyReader<Watched>(
    db,
    'select id, watched from targets where watched is not null order by position',
  );
  return () => {
    const guard = db.read('select body from guard').get() as { body: string } | undefined;
    return {
      components: components(),
      routes: routes(),
      guard: guard ? (JSON.parse(guard.body) as GuardState) : quietGuard,
      fleet: fleet(),
    };
  };
}

function bodyReader<T>(db: Connection, sql: string): () => T[] {
  let known = new Map<string | number, { body: string; value: T }>();
  return () => {
    const next: typeof known = new Map();
    const values: T[] = [];
    for (const [key, body] of db.readRaw(sql).all() as [string | number, string][]) {
      const old = known.get(key);
      const one = old?.body === body ? old : { body, value: JSON.parse(body) as T };
      next.set(key, one);
      values.push(one.value);
    }
    known = next;
    return values;
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

/** False when it is the fleet that is there: nothing is written then, and no reader woken. */
function saveFleet(db: Connection, fleet: readonly Watched[], idOf: (one: Watched) => number): boolean {
  const bodies = fleet.map((one) => JSON.stringify(one));
  const stored = db
    .readRaw('select watched from targets where watched is not null order by position')
    .all() as [string][];
  if (stored.length === bodies.length && stored.every(([body], i) => body === bodies[i])) return false;
  db.change('update targets set watched = null, position = null where watched is not null').run();
  for (const [position, one] of fleet.entries())
    db.change('update targets set watched = ?, position = ? where id = ?').run(
      bodies[position],
      position,
      idOf(one),
    );
  return true;
}
