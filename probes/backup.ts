import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '#lib/store.ts';

/** Copies of the store beside it: those of the last day, then one a day for a week, then one a week. */

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
const named = /^signalbox-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.db(\.enc)?$/;

export async function backUp(io: {
  store: Pick<Store, 'upkeep'>;
  folder: string;
  /** Null: a database that anybody can read who can read the file. */
  key: Uint8Array | null;
  keep: number;
  nowMs: number;
}): Promise<string> {
  mkdirSync(io.folder, { recursive: true, mode: 0o700 });
  // A copy that was cut short keeps another name, and goes when the next one begins.
  for (const file of readdirSync(io.folder))
    if (file.startsWith('signalbox-') && file.includes('.part'))
      rmSync(join(io.folder, file), { force: true });
  const name = `signalbox-${new Date(io.nowMs).toISOString().slice(0, 19).replace(/:/g, '-')}Z.db${io.key ? '.enc' : ''}`;
  const part = join(io.folder, `${name}.part`);
  await io.store.upkeep.backup(part, io.key ?? undefined);
  renameSync(part, join(io.folder, name));
  const files = readdirSync(io.folder).filter((file) => named.test(file));
  const kept = keptBackups(files, io.keep, io.nowMs);
  for (const file of files) if (!kept.has(file)) rmSync(join(io.folder, file), { force: true });
  return name;
}

/** At most `keep`, newest first; of days and weeks gone by the newest one each. */
export function keptBackups(files: readonly string[], keep: number, nowMs: number): Set<string> {
  const kept = new Set<string>();
  const periods = new Set<string>();
  for (const file of [...files].sort().reverse()) {
    const [, date, h, m, s] = named.exec(file) ?? [];
    const atMs = Date.parse(`${date}T${h}:${m}:${s}Z`);
    const ageMs = nowMs - atMs;
    const period =
      ageMs <= dayMs ? file : ageMs <= weekMs ? `day ${date}` : `week ${Math.floor(atMs / weekMs)}`;
    if (kept.size >= keep || periods.has(period) || ageMs > 5 * weekMs) continue;
    periods.add(period);
    kept.add(file);
  }
  return kept;
}
