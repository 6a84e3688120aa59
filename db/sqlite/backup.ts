import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Upkeep } from '../../lib/store.ts';
import type { Connection } from './connection.ts';

export async function backup(db: Connection, toPath: string): ReturnType<Upkeep['backup']> {
  db.client.prepare('vacuum into ?').run(toPath);
  const bytes = readFileSync(toPath);
  const looks = db
    .read('select (select count(*) from looks) + (select count(*) from timed_looks) as n')
    .get() as { n: number };
  return { bytes: bytes.length, looks: looks.n, sha256: createHash('sha256').update(bytes).digest('hex') };
}
