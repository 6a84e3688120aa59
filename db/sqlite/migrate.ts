import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from './connection.ts';
import { StoreProblem } from './problem.ts';

/** "SIGN": a file that bears another number is not ours. */
export const applicationId = 0x5349474e;

const ownFolder = join(import.meta.dirname, 'migrations');

function migrationFiles(folder = ownFolder): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}

export const latestVersion = (): number => migrationFiles().length;

export function readVersion(client: Client): { applicationId: number; version: number } {
  return {
    applicationId: client.pragma('application_id', { simple: true }) as number,
    version: client.pragma('user_version', { simple: true }) as number,
  };
}

/** Ours, and of a version this program knows; an empty memory or new file passes as version 0. */
export function checkVersion(client: Client, path: string): number {
  const found = readVersion(client);
  const isNew = found.applicationId === 0 && found.version === 0 && tableCount(client) === 0;
  if (found.applicationId !== applicationId && !isNew)
    throw new StoreProblem(
      'foreign_file',
      `The file ${path} is a database of another program. Nothing was changed; choose another data folder.`,
    );
  if (found.version > latestVersion())
    throw new StoreProblem(
      'newer_version',
      `The database ${path} was written by a newer Signalbox (version ${found.version}, this one knows ${latestVersion()}). Nothing was changed; install the newer Signalbox or restore a backup.`,
    );
  return found.version;
}

function tableCount(client: Client): number {
  const row = client.prepare('select count(*) as n from sqlite_schema').get() as { n: number };
  return row.n;
}

/** Applies what is missing: the file is copied beside itself first, then each migration is one immediate transaction. */
export function migrate(
  client: Client,
  path: string,
  nowMs: number,
  folder = ownFolder,
): { from: number; to: number } {
  const from = checkVersion(client, path);
  const files = migrationFiles(folder);
  if (from > 0 && from < files.length && path !== ':memory:') keepCopy(client, path, from);
  for (const [at, name] of files.entries()) {
    if (at < from) continue;
    const sql = readFileSync(join(folder, name), 'utf8');
    client.transaction(() => apply(client, sql, at + 1, nowMs)).immediate();
  }
  return { from, to: files.length };
}

function apply(client: Client, sql: string, version: number, nowMs: number): void {
  // Another worker may have been first while this one waited for the lock.
  if (readVersion(client).version >= version) return;
  client.exec(sql.replaceAll('--> statement-breakpoint', ''));
  makeViews(client);
  client
    .prepare('insert or ignore into numbering (id, epoch, seq, created_at_ms) values (1, ?, 0, ?)')
    .run(newEpoch(nowMs), nowMs);
  client.pragma(`application_id = ${applicationId}`);
  client.pragma(`user_version = ${version}`);
}

/** The views are code, not data: made anew with every migration. */
function makeViews(client: Client): void {
  client.exec(readFileSync(join(import.meta.dirname, 'views.sql'), 'utf8'));
}

function keepCopy(client: Client, path: string, version: number): void {
  client.pragma('wal_checkpoint(TRUNCATE)');
  copyFileSync(path, `${path}.before-${version + 1}`);
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Ten letters that grow with time: a restored database starts a later epoch. */
export function newEpoch(nowMs: number): string {
  let rest = Math.max(0, Math.floor(nowMs));
  let text = '';
  for (let i = 0; i < 10; i++) {
    text = letters[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
