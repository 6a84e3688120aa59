import { statSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { loadDriver, loadSqlite } from './drizzle.ts';
import { namedProblem, StoreProblem } from './problem.ts';
import * as schema from './schema.ts';
import { type Space, spaceBeside } from './space.ts';

export type Client = BetterSqlite3.Database;
export type Orm = BetterSQLite3Database<typeof schema>;
export type Statement = BetterSqlite3.Statement<unknown[], unknown>;

export interface Connection {
  path: string;
  nowMs: () => number;
  /** Reads; prepared once. A reader's own connection is read-only. */
  read(sql: string): Statement;
  /** The same with rows as lists: half the time where there are many. */
  readRaw(sql: string): Statement;
  /** Statement on the writing connection; only inside `write`. */
  change(sql: string): Statement;
  /** Drizzle over the reading and over the writing connection. */
  orm: Orm;
  writer(): Orm;
  /** One immediate transaction; the whole of it or nothing. */
  write<T>(work: () => T): T;
  /** The same without waiting for the disk: for what would only be done again after a power cut. */
  writeLazily<T>(work: () => T): T;
  client: Client;
  writeClient(): Client;
  /** Runs when a transaction was rolled back, so that what was remembered of it is forgotten. */
  onRollback(forget: () => void): void;
  forget(): void;
  space: Space;
  /** Throws `gone` when the open file is no longer the one at its path: what is written then outlives nobody. */
  mustBeInPlace(): void;
  close(): void;
}

/** Per connection, not per file: one place sets them. */
function tune(client: Client): Client {
  client.pragma('busy_timeout = 250');
  if (!client.readonly) {
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = FULL');
    client.pragma('wal_autocheckpoint = 1000');
    client.pragma('journal_size_limit = 67108864');
  }
  client.pragma('foreign_keys = ON');
  client.pragma('trusted_schema = OFF');
  client.pragma('cell_size_check = ON');
  client.pragma('cache_size = -16000');
  return client;
}

function cached(client: () => Client, path: string, isRaw = false): (sql: string) => Statement {
  const statements = new Map<string, Statement>();
  return (sql) => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = naming(client().prepare(sql) as Statement, path);
      statements.set(sql, isRaw ? statement.raw() : statement);
    }
    return statement;
  };
}

/** What fails in the middle of a file is named too, so that who reads can go on beside it. */
function naming(statement: Statement, path: string): Statement {
  for (const verb of ['all', 'get', 'run'] as const) {
    const plain = statement[verb].bind(statement) as (...given: unknown[]) => never;
    statement[verb] = (...given: unknown[]) => {
      try {
        return plain(...given);
      } catch (error) {
        throw namedProblem(error, path);
      }
    };
  }
  return statement;
}

/** 3.51.3: before it, two connections that write and checkpoint at once can damage the file. */
const oldestSqlite = [3, 51, 3] as const;

function checkEngine(client: Client): Client {
  const { v } = client.prepare('select sqlite_version() as v').get() as { v: string };
  const found = v.split('.').map(Number);
  const first = oldestSqlite.findIndex((part, i) => part !== (found[i] ?? 0));
  if (first < 0 || (found[first] ?? 0) > oldestSqlite[first]!) return client;
  client.close();
  throw new StoreProblem(
    'old_sqlite',
    `SQLite ${v} can damage its file; at least ${oldestSqlite.join('.')} is needed.`,
  );
}

export function openClient(path: string, isReadonly: boolean): Client {
  const Database = loadSqlite();
  try {
    return checkEngine(
      tune(new Database(path, { readonly: isReadonly, fileMustExist: isReadonly, timeout: 250 })),
    );
  } catch (error) {
    throw namedProblem(error, path);
  }
}

export function connect(options: {
  path: string;
  isReader: boolean;
  nowMs: () => number;
  reserveBytes: number;
}): Connection {
  const { path, nowMs } = options;
  const space = spaceBeside(path, options.isReader ? 0 : options.reserveBytes);
  let damage: StoreProblem | null = null;
  const place = path === ':memory:' ? null : () => statSync(path, { throwIfNoEntry: false })?.ino;
  const isSplit = options.isReader && path !== ':memory:';
  const client = openClient(path, isSplit);
  const opened = place?.();
  let second: Client | null = isSplit ? null : client;
  const writeClient = () => (second ??= openClient(path, false));
  const { drizzle } = loadDriver();
  const orm = drizzle(client, { schema }) as Orm;
  let writerOrm: Orm | null = isSplit ? null : orm;
  const forgets: (() => void)[] = [];
  const connection: Connection = {
    path,
    nowMs,
    client,
    orm,
    read: cached(() => client, path),
    readRaw: cached(() => client, path, true),
    change: cached(writeClient, path),
    writeClient,
    writer: () => (writerOrm ??= drizzle(writeClient(), { schema }) as Orm),
    space,
    forget: () => forgets.forEach((forget) => void forget()),
    onRollback: (forget) => void forgets.push(forget),
    write(work) {
      const target = writeClient();
      if (target.inTransaction) return work();
      // A damaged file is not written any further.
      if (damage) throw damage;
      try {
        return target.transaction(work).immediate();
      } catch (error) {
        for (const forget of forgets) forget();
        const problem = namedProblem(error, path);
        if (problem instanceof StoreProblem && problem.code === 'full') space.release();
        if (problem instanceof StoreProblem && problem.code === 'integrity') damage = problem;
        throw problem;
      }
    },
    writeLazily(work) {
      const target = writeClient();
      if (target.inTransaction) return work();
      // The log keeps its order: a later durable commit takes this one along.
      target.pragma('synchronous = NORMAL');
      try {
        return connection.write(work);
      } finally {
        target.pragma('synchronous = FULL');
      }
    },
    mustBeInPlace() {
      if (!place || place() === opened) return;
      throw new StoreProblem(
        'gone',
        `The database ${path} was taken away or replaced while it was in use: put it back, or restore a backup and start again.`,
      );
    },
    close() {
      if (second && second !== client) second.close();
      client.close();
    },
  };
  return connection;
}
