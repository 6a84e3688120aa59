import type { Claim } from '../../lib/core/observation.ts';
import type {
  AccountFound,
  EndpointFact,
  LimitsKnown,
  ModelFact,
  NoticeFact,
  ProviderFact,
} from '../../lib/core/plan.ts';
import type { Catalog, Generation } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { orm } from './drizzle.ts';
import { certificateKey, driftKey, limitsPrefix, readPrefix } from './found.ts';
import { accounts, claims, endpoints, models, notices, providers } from './schema.ts';

const { and, asc, desc, eq } = orm;

/** By what stands behind the prefix; of one name only where it is given. */
function notesUnder(db: Connection, prefix: string, only?: string): Map<string, string> {
  if (only !== undefined) {
    const row = db.read('select value from notes where key = ?').get(prefix + only) as
      | { value: string }
      | undefined;
    return new Map(row ? [[only, row.value]] : []);
  }
  const rows = db
    .read('select key, value from notes where key >= ? and key < ?')
    .all(prefix, `${prefix}\uffff`) as { key: string; value: string }[];
  return new Map(rows.map(({ key, value }) => [key.slice(prefix.length), value]));
}

/** They lie in the order in which they came: about half a day of the default fleet is looked through. */
const lookedThrough = 10_000;

export function catalogPort(db: Connection): Catalog {
  return {
    endpoints({ gateway, model }): EndpointFact[] {
      const isWanted = model
        ? and(eq(endpoints.gateway, gateway), eq(endpoints.model, model))
        : eq(endpoints.gateway, gateway);
      const rows = db.orm.select({ body: endpoints.body }).from(endpoints).where(isWanted);
      const readAt = notesUnder(db, readPrefix(gateway), model);
      return rows
        .orderBy(asc(endpoints.model), asc(endpoints.tag))
        .all()
        .map(({ body }) => ({ ...body, readAtMs: Number(readAt.get(body.model) ?? 0) || null }));
    },
    models: (gateway): ModelFact[] =>
      db.orm
        .select({ body: models.body })
        .from(models)
        .where(eq(models.gateway, gateway))
        .orderBy(asc(models.id))
        .all()
        .map((row) => row.body),
    providers: (gateway): ProviderFact[] =>
      db.orm
        .select({ body: providers.body })
        .from(providers)
        .where(eq(providers.gateway, gateway))
        .orderBy(asc(providers.slug))
        .all()
        .map((row) => row.body),
    notices({ page, activeOnly, limit }): (NoticeFact & { page: string })[] {
      const isWanted = and(
        page === undefined ? undefined : eq(notices.page, page),
        activeOnly ? eq(notices.isActive, 1) : undefined,
      );
      return db.orm
        .select({ page: notices.page, body: notices.body })
        .from(notices)
        .where(isWanted)
        .orderBy(desc(notices.sortMs), asc(notices.id))
        .limit(limit)
        .all()
        .map((row) => ({ ...row.body, page: row.page }));
    },
    claims(): { page: string; atMs: number; claims: Claim[] }[] {
      return db.orm
        .select({ page: claims.page, atMs: claims.atMs, claims: claims.body })
        .from(claims)
        .orderBy(asc(claims.page))
        .all();
    },
    account(id): (AccountFound & { atMs: number }) | null {
      const row = db.orm.select().from(accounts).where(eq(accounts.id, id)).get();
      return row ? { ...row.body, atMs: row.atMs } : null;
    },
    certificate(name) {
      const row = db.read('select value from notes where key = ?').get(certificateKey(name)) as
        | { value: string }
        | undefined;
      return row ? JSON.parse(row.value) : null;
    },
    drift({ gateway, model }) {
      const row = db.read('select value from notes where key = ?').get(driftKey(gateway, model)) as
        | { value: string }
        | undefined;
      return row ? JSON.parse(row.value) : null;
    },
    limits: () =>
      new Map(
        [...notesUnder(db, limitsPrefix)].map(([key, value]) => [key, JSON.parse(value) as LimitsKnown]),
      ),
    generations({ targetKeys, fromMs, toMs, limit }): Generation[] {
      const rows = db
        .read(
          `select body from (select rowid, at_ms, body from generations order by rowid desc limit ${lookedThrough})
           where at_ms >= :from and at_ms < :to and body ->> 'targetKey' in (select value from json_each(:keys))
           order by at_ms desc limit :limit`,
        )
        .all({ from: fromMs, to: toMs, keys: JSON.stringify(targetKeys), limit }) as { body: string }[];
      return rows.map(({ body }) => JSON.parse(body) as Generation);
    },
  };
}
