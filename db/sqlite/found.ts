import type { Found, NoticeFact } from '../../lib/core/plan.ts';
import type { Connection } from './connection.ts';
import { aheadMs } from './keys.ts';

/** What a look found beside its observation, as it is now; what changed is told by the plan's events. */
export function writeFound(db: Connection, found: Found, atMs: number): void {
  switch (found.kind) {
    case 'models':
      replaceAll(db, 'models', 'id', found.gateway, found.models, (m) => m.id, found.isComplete);
      return;
    case 'providers':
      replaceAll(db, 'providers', 'slug', found.gateway, found.providers, (p) => p.slug, true);
      return;
    case 'endpoints':
      writeEndpoints(db, found);
      putNote(db, readKey(found.gateway, found.model), String(Math.round(atMs)));
      return;
    case 'notices':
      for (const notice of found.notices) writeNotice(db, found.page, notice, atMs);
      return;
    case 'account':
      db.change(
        'insert into accounts (id, at_ms, body) values (?,?,?) on conflict (id) do update set at_ms = excluded.at_ms, body = excluded.body where excluded.at_ms >= at_ms or at_ms > ?',
      ).run(found.account, Math.round(atMs), JSON.stringify(found.facts), db.nowMs() + aheadMs);
      return;
    case 'certificate':
      writeCertificate(db, found, Math.round(atMs));
      return;
    case 'generation':
      db.change('insert or replace into generations (id, at_ms, body) values (?,?,?)').run(
        found.generationId,
        Math.round(found.lookAtMs),
        JSON.stringify(found),
      );
      return;
    case 'drift':
      putNote(
        db,
        driftKey(found.gateway, found.model),
        JSON.stringify({ atMs: Math.round(atMs), asked: found.asked }),
      );
      return;
    case 'limits': {
      const { kind, targetKey, ...limits } = found;
      putNote(db, limitsKey(targetKey), JSON.stringify(limits));
      return;
    }
    case 'quote':
      // Quoted by an incident: nothing of its own.
      return;
    default:
      found satisfies never;
  }
}

/** What changed is told by the events; this is what is known now. */
export const driftKey = (gateway: string, model: string): string => `drift|${gateway}|${model}`;

export const certificateKey = (name: string): string => `certificate|${name}`;

/** A handshake that fails because the date is past does not say the date: the one that was seen before stays. */
function writeCertificate(
  db: Connection,
  { name, facts }: Extract<Found, { kind: 'certificate' }>,
  atMs: number,
): void {
  const key = certificateKey(name);
  const row = db.read('select value from notes where key = ?').get(key) as { value: string } | undefined;
  const before = row ? (JSON.parse(row.value) as { fromMs: number | null; expiresAtMs: number }) : null;
  const { fromMs, expiresAtMs } =
    facts.expiresAtMs === null
      ? { fromMs: before?.fromMs ?? null, expiresAtMs: Math.min(before?.expiresAtMs ?? atMs, atMs) }
      : facts;
  putNote(db, key, JSON.stringify({ fromMs, expiresAtMs, atMs }));
}

export const limitsPrefix = 'limits|';
const limitsKey = (targetKey: string): string => `${limitsPrefix}${targetKey}`;

export const readPrefix = (gateway: string): string => `endpoints|${gateway}|`;
const readKey = (gateway: string, model: string): string => `${readPrefix(gateway)}${model}`;

function putNote(db: Connection, key: string, value: string): void {
  db.change(
    'insert into notes (key, value) values (?,?) on conflict (key) do update set value = excluded.value',
  ).run(key, value);
}

/** Rewrites only rows that differ: a catalogue of hundreds is read every minute and seldom changes. */
function replaceAll<T>(
  db: Connection,
  table: 'models' | 'providers',
  key: 'id' | 'slug',
  gateway: string,
  facts: readonly T[],
  keyOf: (fact: T) => string,
  isComplete: boolean,
): void {
  const put = db.change(
    `insert into ${table} (gateway, ${key}, body) values (?,?,?) on conflict do update set body = excluded.body where body <> excluded.body`,
  );
  for (const fact of facts) put.run(gateway, keyOf(fact), JSON.stringify(fact));
  if (!isComplete || facts.length === 0) return;
  db.change(`delete from ${table} where gateway = ? and ${key} not in (select value from json_each(?))`).run(
    gateway,
    JSON.stringify(facts.map(keyOf)),
  );
}

function writeEndpoints(db: Connection, found: Extract<Found, { kind: 'endpoints' }>): void {
  const put = db.change(
    'insert into endpoints (gateway, model, tag, body) values (?,?,?,?) on conflict do update set body = excluded.body where body <> excluded.body',
  );
  for (const endpoint of found.endpoints)
    put.run(found.gateway, found.model, endpoint.tag, JSON.stringify(endpoint));
  db.change(
    'delete from endpoints where gateway = ? and model = ? and tag not in (select value from json_each(?))',
  ).run(found.gateway, found.model, JSON.stringify(found.endpoints.map((e) => e.tag)));
}

function writeNotice(db: Connection, page: string, notice: NoticeFact, atMs: number): void {
  const isActive = notice.resolvedAtMs === null && notice.status !== 'resolved' ? 1 : 0;
  db.change(
    `insert into notices (page, id, is_active, first_seen_ms, sort_ms, body) values (?,?,?,?,?,?)
     on conflict do update set is_active = excluded.is_active, sort_ms = excluded.sort_ms, body = excluded.body where body <> excluded.body`,
  ).run(
    page,
    notice.id,
    isActive,
    Math.round(atMs),
    Math.round(notice.startedAtMs ?? notice.postedAtMs ?? atMs),
    JSON.stringify(notice),
  );
}
