import type { People, Receiver } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { orm } from './drizzle.ts';
import { intents, receivers, tokens } from './schema.ts';

const { and, asc, eq } = orm;

/** A receiver as a plain row, for statements that are not drizzle's. */
export interface ReceiverRow {
  id: string;
  origin: string;
  channel: string;
  settings: string;
  scope: string;
  min_impact: string | null;
  kinds: string;
  until_incident_id: string | null;
  status: string;
  created_at_ms: number;
  is_muted_until_ms: number | null;
}

export function readReceiver(row: ReceiverRow): Receiver {
  return {
    id: row.id,
    origin: row.origin as Receiver['origin'],
    channel: row.channel,
    settings: JSON.parse(row.settings) as Record<string, unknown>,
    scope: JSON.parse(row.scope) as string[],
    minImpact: row.min_impact,
    kinds: JSON.parse(row.kinds) as string[],
    untilIncidentId: row.until_incident_id,
    status: row.status as Receiver['status'],
    createdAtMs: row.created_at_ms,
    isMutedUntilMs: row.is_muted_until_ms,
  };
}

export function peoplePort(db: Connection): People {
  return {
    receivers: (origin) =>
      db.orm
        .select()
        .from(receivers)
        .where(origin === undefined ? undefined : eq(receivers.origin, origin))
        .orderBy(asc(receivers.id))
        .all() as Receiver[],
    receiver: (id) =>
      (db.orm.select().from(receivers).where(eq(receivers.id, id)).get() as Receiver | undefined) ?? null,
    saveReceivers: (origin, wanted) => db.write(() => saveReceivers(db, origin, wanted)),
    addReceiver: (receiver) => db.write(() => void db.writer().insert(receivers).values(receiver).run()),
    changeReceiver: (id, change) =>
      db.write(() => {
        const isThis = eq(receivers.id, id);
        if (change === 'delete') return db.writer().delete(receivers).where(isThis).run().changes > 0;
        if (Object.keys(change).length === 0) return false;
        return db.writer().update(receivers).set(change).where(isThis).run().changes > 0;
      }),
    putToken: (token) =>
      db.write(
        () =>
          void db
            .writer()
            .insert(tokens)
            .values(token)
            .onConflictDoUpdate({ target: [tokens.hash, tokens.purpose], set: token })
            .run(),
      ),
    takeToken: (hash, purpose, nowMs, isConsumed) => takeToken(db, hash, purpose, nowMs, isConsumed),
    dropTokens: (purpose, subject) =>
      db.write(
        () =>
          db
            .writer()
            .delete(tokens)
            .where(and(eq(tokens.purpose, purpose), eq(tokens.subject, subject)))
            .run().changes,
      ),
    ask: (intent) =>
      db.write(() => void db.writer().insert(intents).values(intent).onConflictDoNothing().run()),
    claimIntents: (limit, nowMs) => db.write(() => claimIntents(db, limit, nowMs)),
  };
}

/** Replaces the operator's channels; how long somebody muted one survives a reload of the configuration. */
function saveReceivers(db: Connection, origin: 'operator', wanted: readonly Receiver[]): void {
  const muted = new Map(
    db
      .writer()
      .select({ id: receivers.id, until: receivers.isMutedUntilMs })
      .from(receivers)
      .where(eq(receivers.origin, origin))
      .all()
      .map((row) => [row.id, row.until]),
  );
  db.writer().delete(receivers).where(eq(receivers.origin, origin)).run();
  for (const receiver of wanted)
    db.writer()
      .insert(receivers)
      .values({
        ...receiver,
        origin,
        isMutedUntilMs: receiver.isMutedUntilMs ?? muted.get(receiver.id) ?? null,
      })
      .run();
}

function takeToken(
  db: Connection,
  hash: string,
  purpose: string,
  nowMs: number,
  isConsumed: boolean,
): { subject: string; scopes: string[] } | null {
  const isThis = and(eq(tokens.hash, hash), eq(tokens.purpose, purpose));
  const isLive = (token: { expiresAtMs: number | null }) =>
    token.expiresAtMs === null || token.expiresAtMs > nowMs;
  const seen = db.orm.select().from(tokens).where(isThis).get();
  if (!seen || !isLive(seen)) return null;
  // Read again under the lock: of two who come with the same token one is too late.
  const won = !isConsumed || db.write(() => db.writer().delete(tokens).where(isThis).run().changes > 0);
  return won ? { subject: seen.subject, scopes: seen.scopes } : null;
}

function claimIntents(db: Connection, limit: number, nowMs: number): ReturnType<People['claimIntents']> {
  const rows = db
    .change(
      `update intents set claimed_at_ms = ? where position in (select position from intents where claimed_at_ms is null order by position limit ?)
       returning position, id, kind, body, by, at_ms as atMs`,
    )
    .all(nowMs, limit) as {
    position: number;
    id: string;
    kind: string;
    body: string;
    by: string;
    atMs: number;
  }[];
  return rows
    .sort((a, b) => a.position - b.position)
    .map(({ position, ...row }) => ({ ...row, body: JSON.parse(row.body) as Record<string, unknown> }));
}
