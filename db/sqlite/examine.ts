import { statSync } from 'node:fs';
import { openClient } from './connection.ts';
import { checkFile } from './files.ts';
import { namedProblem } from './problem.ts';

/** What can be said of a database file from outside, whoever has it open; nothing is written. */
export interface Examined {
  bytes: number;
  /** Of the write-ahead log beside it. */
  logBytes: number;
  /** null: too large to be read through while somebody waits. */
  flaws: string[] | null;
}

const mostBytes = 4 * 2 ** 30;

export function examine(path: string): Examined {
  checkFile(path, true);
  const { size: bytes } = statSync(path);
  const logBytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > mostBytes) return { bytes, logBytes, flaws: null };
  const client = openClient(path, true);
  try {
    const found = client.pragma('quick_check(5)') as { quick_check: string }[];
    const orphans = client.pragma('foreign_key_check') as { table: string }[];
    const flaws = found.map((row) => row.quick_check).filter((text) => text !== 'ok');
    const tables = [...new Set(orphans.map(({ table }) => table))];
    return {
      bytes,
      logBytes,
      flaws: [...flaws, ...tables.map((table) => `${table} has rows that belong to none`)],
    };
  } catch (error) {
    throw namedProblem(error, path);
  } finally {
    client.close();
  }
}
