import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Client } from './connection.ts';
import { loadSqlite } from './drizzle.ts';
import { readVersion } from './migrate.ts';
import { StoreProblem } from './problem.ts';

/** Makes and examines a copy. Runs in a thread of its own, so that no look waits for it. */

export interface Backup {
  bytes: number;
  looks: number;
  sha256: string;
}

export interface Examined {
  version: number;
  applicationId: number;
  looks: number;
  incidents: number;
  events: number;
}

/** Every page and every row count of a file that nobody else has open. */
export function examine(path: string): Examined {
  const client = new (loadSqlite())(path, { readonly: true, fileMustExist: true });
  try {
    const found = (client.pragma('integrity_check(5)') as { integrity_check: string }[])
      .map((row) => row.integrity_check)
      .join('; ');
    if (found !== 'ok')
      throw new StoreProblem('integrity', `The copy ${path} is damaged: ${found.slice(0, 300)}`);
    return { ...readVersion(client), ...countRows(client) };
  } finally {
    client.close();
  }
}

function countRows(client: Client): { looks: number; incidents: number; events: number } {
  return client
    .prepare(
      'select (select count(*) from looks) + (select count(*) from timed_looks) as looks, (select count(*) from incidents) as incidents, (select count(*) from events) as events',
    )
    .get() as { looks: number; incidents: number; events: number };
}

/** What a killed backup left behind. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder))
    if (name.endsWith('.db.part')) rmSync(join(folder, name), { force: true });
}

/** VACUUM INTO, because an online backup starts again with every write. Incidents and events only ever grow: none may be missing. */
export function copyVerified(client: Client, toPath: string): Backup {
  if (existsSync(toPath))
    throw new StoreProblem('exists', `The file ${toPath} is there already; it was left as it is.`);
  mkdirSync(dirname(toPath), { recursive: true, mode: 0o700 });
  sweep(dirname(toPath));
  const part = `${toPath}.part`;
  try {
    const before = countRows(client);
    client.prepare('vacuum into ?').run(part);
    chmodSync(part, 0o600);
    const copy = examine(part);
    if (copy.incidents < before.incidents || copy.events < before.events)
      throw new StoreProblem('integrity', `The copy ${toPath} lacks rows and was thrown away.`);
    const sha256 = digestOf(part);
    const bytes = statSync(part).size;
    renameSync(part, toPath);
    syncPath(dirname(toPath));
    return { bytes, looks: copy.looks, sha256 };
  } finally {
    rmSync(part, { force: true });
  }
}

const chunkBytes = 1 << 20;

/** Of a file of any size, which is on the disk when this returns. */
export function digestOf(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
    const chunk = Buffer.alloc(chunkBytes);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

/** A rename is durable once its folder is; Windows knows no such thing. */
export function syncPath(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
