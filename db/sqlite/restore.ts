import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Examined, examine, syncPath } from './backup-copy.ts';
import { isSealed, openSealed } from './backup-seal.ts';
import { openClient } from './connection.ts';
import { checkFile } from './files.ts';
import { applicationId, latestVersion, newEpoch } from './migrate.ts';
import { StoreProblem } from './problem.ts';

/** A worker that beat this recently is taken to be alive. */
const aliveMs = 15_000;

export interface Restored extends Examined {
  path: string;
  /** Where the database that was there before lies now. */
  movedTo: string | null;
}

/** Puts a backup in the place of the database. What was there is moved aside, never deleted. */
export function restore(options: {
  from: string;
  path: string;
  isForced: boolean;
  key: Uint8Array | null;
  nowMs: number;
}): Restored {
  const { from, path } = options;
  if (!statSync(from, { throwIfNoEntry: false })?.isFile())
    throw new StoreProblem('missing', `There is no backup at ${from}.`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path) && !options.isForced)
    throw new StoreProblem(
      'exists',
      `There is a database at ${path} already. It was left as it is; with --force it is moved aside.`,
    );
  refuseAlive(path, options.nowMs);
  const part = `${path}.restoring`;
  rmSync(part, { force: true });
  try {
    if (isSealed(from)) openSealed(from, part, options.key);
    else copyPlain(from, part);
    const examined = checkCopy(part, from);
    renumber(part, options.nowMs);
    const movedTo = moveAside(path, options.nowMs);
    renameSync(part, path);
    syncPath(dirname(path));
    return { ...examined, path, movedTo };
  } finally {
    for (const tail of ['', '-wal', '-shm', '-journal']) rmSync(part + tail, { force: true });
  }
}

function copyPlain(from: string, part: string): void {
  try {
    checkFile(from, true);
  } catch (cause) {
    throw new StoreProblem('foreign_file', `The file ${from} is no backup of Signalbox.`, cause);
  }
  copyFileSync(from, part);
  chmodSync(part, 0o600);
}

function checkCopy(part: string, from: string): Examined {
  const examined = examine(part, from);
  if (examined.applicationId !== applicationId)
    throw new StoreProblem('foreign_file', `The file ${from} is no backup of Signalbox.`);
  if (examined.version > latestVersion())
    throw new StoreProblem('newer_version', `The backup ${from} was made by a newer Signalbox.`);
  return examined;
}

function refuseAlive(path: string, nowMs: number): void {
  if (!existsSync(path)) return;
  let lastBeatMs = 0;
  try {
    const client = openClient(path, true);
    lastBeatMs =
      (client.prepare('select max(until_ms) as ms from sessions').get() as { ms: number | null }).ms ?? 0;
    client.close();
  } catch {
    return; // What cannot be read is why somebody restores.
  }
  if (nowMs - lastBeatMs < aliveMs)
    throw new StoreProblem('locked', `A worker is running on ${path}: stop it first, then restore.`);
}

/** A restored database tells its readers to begin anew, and nobody holds its leases. */
function renumber(part: string, nowMs: number): void {
  const client = openClient(part, false);
  client.prepare('update numbering set epoch = ?').run(newEpoch(nowMs));
  client.exec('delete from leases; update deliveries set lease_by = null, lease_until_ms = null');
  client.pragma('wal_checkpoint(TRUNCATE)');
  client.pragma('journal_mode = DELETE');
  client.close();
  const file = openSync(part, 'r+');
  fsyncSync(file);
  closeSync(file);
}

function moveAside(path: string, nowMs: number): string | null {
  if (!existsSync(path)) return null;
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  const movedTo = join(`${path}.replaced-${stamp}`);
  renameSync(path, movedTo);
  for (const tail of ['-wal', '-shm']) {
    if (existsSync(path + tail)) renameSync(path + tail, movedTo + tail);
  }
  rmSync(`${path}-journal`, { force: true });
  return movedTo;
}
