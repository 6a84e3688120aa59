import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../lib/store.ts';
import { readSnapshot } from './snapshot.ts';
import { type Examined, examine } from './sqlite/examine.ts';
import { StoreProblem } from './sqlite/problem.ts';
import { type Restored, restore } from './sqlite/restore.ts';
import { defaultReserveBytes } from './sqlite/space.ts';
import * as sqlite from './sqlite/store.ts';
import type { Verified } from './sqlite/verify.ts';

export { monthOf, monthsDue, periodOfMonth, readMonth } from './month-report.ts';
export { writeDueMonths } from './month-writer.ts';
export { type ReportQuery, slaReport } from './report.ts';
export { readSnapshot, type Snapshot, snapshotOf, writeSnapshot } from './snapshot.ts';
export type { Examined } from './sqlite/examine.ts';
export { StoreProblem, type StoreProblemCode } from './sqlite/problem.ts';
export {
  exportCsv,
  exportDays,
  exportIncidents,
  exportLooks,
  type Imported,
  importLines,
  type Unreadable,
} from './transfer.ts';

/** DATABASE_URL or a data folder → the store. The only place that knows which engines there are. */

export interface StoreOptions {
  /** DATABASE_URL; absent: the SQLite file in `dataDir`. */
  url?: string | undefined;
  dataDir: string;
  /** The web process: reads only, its few writes go through a connection of their own. */
  isReader?: boolean | undefined;
  nowMs?: (() => number) | undefined;
  /** Room kept for the day the disk is full; 0: none. */
  reserveBytes?: number | undefined;
}

function engineOf(url: string | undefined): 'sqlite' {
  if (!url) return 'sqlite';
  throw new StoreProblem(
    'unsupported_engine',
    /^postgres(ql)?:/.test(url)
      ? 'Postgres is not supported yet: unset DATABASE_URL and Signalbox keeps its data in a SQLite file.'
      : 'DATABASE_URL names an engine Signalbox does not know: unset it and Signalbox keeps its data in a SQLite file.',
  );
}

/** The worker calls this before `openStore`; the web waits until it is done. */
export function migrateStore(options: StoreOptions): { from: number; to: number } {
  engineOf(options.url);
  return sqlite.migrateFile(options.dataDir, options.nowMs ?? Date.now);
}

/** Throws a StoreProblem; `not_migrated` and `missing` mean: the worker has not been here yet. */
export function openStore(options: StoreOptions): Store {
  engineOf(options.url);
  return sqlite.openFile(options.dataDir, {
    isReader: options.isReader ?? false,
    nowMs: options.nowMs ?? Date.now,
    reserveBytes: options.reserveBytes ?? defaultReserveBytes,
  });
}

/** Something was published from here once, and the database that it came from is not here any more. */
export function isDatabaseLost({ url, dataDir }: Pick<StoreOptions, 'url' | 'dataDir'>): boolean {
  return !url && !existsSync(join(dataDir, sqlite.fileName)) && readSnapshot(dataDir) !== null;
}

/** A store that lives as long as the process: tests, replay. */
export function openMemoryStore(options: { nowMs?: () => number } = {}): Store {
  return sqlite.openMemory(options.nowMs ?? Date.now);
}

/** Reads the whole file through for damage, beside whoever has it open. Throws what keeps it from being opened at all. */
export function examineStore(options: StoreOptions): Examined {
  engineOf(options.url);
  return examine(join(options.dataDir, sqlite.fileName));
}

/** Counts everything again from the raw looks; `isRepaired` writes what differs. Stop the worker before repairing. */
export function verifyRollUps(options: StoreOptions & { isRepaired?: boolean }): Verified {
  engineOf(options.url);
  return sqlite.verifyFile(options.dataDir, {
    nowMs: options.nowMs ?? Date.now,
    isRepaired: options.isRepaired ?? false,
  });
}

/** Puts a backup in the database's place; refuses where there is one, unless told that it may be moved aside. */
export function restoreStore(options: {
  url?: string | undefined;
  dataDir: string;
  from: string;
  isForced?: boolean;
  /** Opens an encrypted backup. */
  key?: Uint8Array | null;
  nowMs?: () => number;
}): Restored {
  engineOf(options.url);
  return restore({
    from: options.from,
    path: join(options.dataDir, sqlite.fileName),
    isForced: options.isForced ?? false,
    key: options.key ?? null,
    nowMs: (options.nowMs ?? Date.now)(),
  });
}

/** A locked or full store is worth another try: waits with jitter between tries, without holding up anything else. */
export async function whenUnlocked<T>(attempt: () => T, options: { tries?: number } = {}): Promise<T> {
  for (let left = options.tries ?? 10; ; left--) {
    try {
      return attempt();
    } catch (error) {
      if (left <= 1 || !(error instanceof StoreProblem) || error.permanent) throw error;
      await new Promise((wake) => setTimeout(wake, 20 + Math.random() * 80));
    }
  }
}
