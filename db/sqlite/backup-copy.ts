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
import { sealFile } from './backup-seal.ts';
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

/** Every page and every row count of a file that nobody else has open; `called` is how a person knows it. */
export function examine(path: string, called = path): Examined {
  const client = new (loadSqlite())(path, { readonly: true, fileMustExist: true });
  try {
    const found = (client.pragma('integrity_check(5)') as { integrity_check: string }[])
      .map((row) => row.integrity_check)
      .join('; ');
    if (found !== 'ok')
      throw new StoreProblem('integrity', `The copy ${called} is damaged: ${found.slice(0, 300)}`);
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

/** A copy that was not touched for so long was left behind by a kill. */
const abandonedMs = 10 * 60_000;

function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/\.(db|enc|copy)\.part$/.test(name)) continue;
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > abandonedMs) rmSync(join(folder, name), { force: true });
  }
}

/**
 * VACUUM INTO, because an online backup starts again with every write. Incidents and events only ever grow: none may be
 * missing. With a key the copy is encrypted once it was examined.
 */
export function copyVerified(client: Client, toPath: string, key: Uint8Array | null = null): Backup {
  if (existsSync(toPath))
    throw new StoreProblem('exists', `The file ${toPath} is there already; it was left as it is.`);
  mkdirSync(dirname(toPath), { recursive: true, mode: 0o700 });
  sweep(dirname(toPath));
  const part = `${toPath}.part`;
  // What is not encrypted yet lies beside the database, never where backups are kept.
  const plain =
    key && client.name !== ':memory:' ? `${client.name}.${process.pid}.copy.part` : `${toPath}.copy.part`;
  if (key) sweep(dirname(plain));
  try {
    const before = countRows(client);
    const copied = key ? plain : part;
    client.prepare('vacuum into ?').run(copied);
    chmodSync(copied, 0o600);
    const copy = examine(copied);
    if (copy.incidents < before.incidents || copy.events < before.events)
      throw new StoreProblem('integrity', `The copy ${toPath} lacks rows and was thrown away.`);
    if (key) sealFile(plain, part, key);
    const sha256 = digestOf(part);
    const bytes = statSync(part).size;
    renameSync(part, toPath);
    syncPath(dirname(toPath));
    return { bytes, looks: copy.looks, sha256 };
  } finally {
    for (const file of key ? [part, plain] : [part])
      for (const tail of ['', '-journal']) rmSync(file + tail, { force: true });
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
