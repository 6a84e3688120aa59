import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../lib/store.ts';
import { catalogPort } from './catalog.ts';
import { type Connection, connect, openClient } from './connection.ts';
import { eventsPort } from './events.ts';
import { checkFile } from './files.ts';
import { historyPort } from './history.ts';
import { incidentsPort } from './incidents.ts';
import { ledgerPort } from './ledger.ts';
import { looksPort } from './looks.ts';
import { checkVersion, latestVersion, migrate } from './migrate.ts';
import { outboxPort } from './outbox.ts';
import { peoplePort } from './people.ts';
import { namedProblem, StoreProblem } from './problem.ts';
import { upkeepPort } from './upkeep.ts';
import { type Verified, verifyRollUps } from './verify.ts';

export const fileName = 'signalbox.db';

export function storeOn(connection: Connection): Store {
  return {
    looks: looksPort(connection),
    history: historyPort(connection),
    incidents: incidentsPort(connection),
    events: eventsPort(connection),
    outbox: outboxPort(connection),
    ledger: ledgerPort(connection),
    people: peoplePort(connection),
    catalog: catalogPort(connection),
    upkeep: upkeepPort(connection),
    close: () => connection.close(),
  };
}

/** Opening for writing already writes; what is not ours must be known before. */
function peek(path: string): void {
  const client = openClient(path, true);
  try {
    checkVersion(client, path);
  } catch (error) {
    throw namedProblem(error, path);
  } finally {
    client.close();
  }
}

export function migrateFile(dataDir: string, nowMs: () => number): { from: number; to: number } {
  const path = join(dataDir, fileName);
  const { isThere } = checkFile(path, false);
  if (isThere) peek(path);
  const client = openClient(path, false);
  try {
    // The log and its index take their mode from the file.
    if (!isThere) chmodSync(path, 0o600);
    return migrate(client, path, nowMs());
  } catch (error) {
    throw namedProblem(error, path);
  } finally {
    client.close();
  }
}

export function openFile(
  dataDir: string,
  options: { isReader: boolean; nowMs: () => number; reserveBytes: number },
): Store {
  const { isReader } = options;
  const path = join(dataDir, fileName);
  if (!checkFile(path, isReader).isThere)
    throw new StoreProblem('missing', `There is no database in ${dataDir} yet: the worker makes it.`);
  if (!isReader) peek(path);
  const connection = connect({ path, ...options });
  try {
    checkOpened(connection);
    if (!isReader) quickCheck(connection);
    return storeOn(connection);
  } catch (error) {
    connection.close();
    throw namedProblem(error, path);
  }
}

function checkOpened(connection: Connection): void {
  const version = checkVersion(connection.client, connection.path);
  if (version < latestVersion())
    throw new StoreProblem(
      'not_migrated',
      `The database ${connection.path} is of version ${version}; the worker brings it to ${latestVersion()}.`,
    );
}

/** Larger files are examined at night, on the copy: a start may not take seconds. */
const quickCheckBytes = 32 << 20;

function quickCheck(connection: Connection): void {
  if (statSync(connection.path).size > quickCheckBytes) return;
  const found = connection.client.pragma('quick_check(3)') as { quick_check: string }[];
  const text = found.map((row) => row.quick_check).join('; ');
  if (text === 'ok') return;
  throw new StoreProblem(
    'integrity',
    `The database ${connection.path} is damaged (${text.slice(0, 200)}). It was left as it is; restore a backup.`,
  );
}

export function openMemory(nowMs: () => number): Store {
  const connection = connect({ path: ':memory:', isReader: false, nowMs, reserveBytes: 0 });
  migrate(connection.client, ':memory:', nowMs());
  return storeOn(connection);
}

export function verifyFile(dataDir: string, options: { nowMs: () => number; isRepaired: boolean }): Verified {
  const path = join(dataDir, fileName);
  if (!checkFile(path, !options.isRepaired).isThere)
    throw new StoreProblem('missing', `There is no database in ${dataDir}.`);
  const connection = connect({ path, isReader: !options.isRepaired, nowMs: options.nowMs, reserveBytes: 0 });
  try {
    checkOpened(connection);
    return verifyRollUps(connection, { nowMs: options.nowMs(), isRepaired: options.isRepaired });
  } finally {
    connection.close();
  }
}
