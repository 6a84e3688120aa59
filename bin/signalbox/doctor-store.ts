import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Examined } from '#db/open.ts';
import type { Loaded } from '#lib/config/load.ts';
import type { Finding } from './doctor.ts';

/** The database: that it opens, that it is whole, how old its last backup is, and what waits in it. */

export async function examineDatabase(loaded: Loaded): Promise<Finding[]> {
  // Loaded here only: a machine without a database should not pay for its driver.
  const { examineStore, isDatabaseLost, openStore, StoreProblem } = await import('#db/open.ts');
  const where = { dataDir: loaded.dataDir, url: loaded.databaseUrl ?? undefined };
  try {
    const store = openStore({ ...where, isReader: true });
    try {
      const whole = wholeness(examineStore(where));
      // A damaged one is asked nothing more.
      if (whole.some(({ state }) => state === 'bad')) return whole;
      const beat = store.upkeep.lastBeat();
      const agoS = beat ? Math.round((Date.now() - beat.atMs) / 1000) : null;
      const { due, dead, oldestDueAtMs } = store.outbox.pending(Date.now());
      const waitedS = oldestDueAtMs === null ? 0 : Math.round((Date.now() - oldestDueAtMs) / 1000);
      const waiting = waitedS > 0 ? `${due} waiting, the oldest for ${waitedS} s` : `${due} waiting`;
      return [
        { what: 'database', state: 'good', text: 'opens and has the right version' },
        ...whole,
        lastBackup(loaded),
        agoS === null || agoS > 90
          ? {
              what: 'worker',
              state: 'note',
              text: agoS === null ? 'has never run here' : `last seen ${agoS} s ago: it does not run`,
            }
          : { what: 'worker', state: 'good', text: `seen ${agoS} s ago` },
        {
          what: 'messages',
          state: dead > 0 || waitedS > 300 ? 'note' : 'good',
          text: `${waiting}, ${dead} given up`,
        },
        ...canaryOf(beat?.facts.deliveries),
      ];
    } finally {
      store.close();
    }
  } catch (problem) {
    if (!(problem instanceof StoreProblem)) throw problem;
    const isNew = problem.code === 'missing' || problem.code === 'not_migrated';
    if (isNew && isDatabaseLost(where)) return [lost];
    return [
      {
        what: 'database',
        state: isNew ? 'note' : 'bad',
        text: isNew ? 'not made yet: the first start makes it' : problem.message,
      },
    ];
  }
}

const lost: Finding = {
  what: 'database',
  state: 'bad',
  text: 'there was one here and it is gone: stop, put it back or run "npx signalbox restore FILE"; else the next start begins anew',
};

/** Our own hourly message through store, outbox, sender and socket. */
function canaryOf(facts: unknown): Finding[] {
  const canary = (facts as { canary?: { isAlive?: unknown } | null } | null | undefined)?.canary;
  if (typeof canary?.isAlive !== 'boolean') return [];
  const { isAlive } = canary;
  const text = isAlive
    ? 'our own message comes back'
    : 'our own message does not come back: nothing is being sent';
  return [{ what: 'sending', state: isAlive ? 'good' : 'bad', text }];
}

const logAlarmBytes = 64 * 2 ** 20;

function wholeness({ bytes, logBytes, flaws }: Examined): Finding[] {
  const sizes = `${(bytes / 1e6).toFixed(1)} MB`;
  const log: Finding[] =
    logBytes > logAlarmBytes
      ? [
          {
            what: 'database',
            state: 'note',
            text: `its log has grown to ${(logBytes / 1e6).toFixed(0)} MB: something reads for very long`,
          },
        ]
      : [];
  if (flaws === null)
    return [
      {
        what: 'database',
        state: 'note',
        text: `${sizes}: too large to be read through here, backups are examined each night`,
      },
      ...log,
    ];
  return flaws.length === 0
    ? [{ what: 'database', state: 'good', text: `${sizes}, whole by its own check` }, ...log]
    : [
        {
          what: 'database',
          state: 'bad',
          text: `damaged (${flaws.join('; ').slice(0, 200)}): stop, keep the file, restore a backup`,
        },
        ...log,
      ];
}

const oldBackupMs = 26 * 3_600_000;

function lastBackup({ dataDir, config }: Loaded): Finding {
  if (!config.backup.every) return { what: 'backup', state: 'note', text: 'switched off' };
  const folder = join(dataDir, 'backups');
  let newestMs = Number.NEGATIVE_INFINITY;
  try {
    for (const file of readdirSync(folder))
      if (!file.endsWith('.part')) newestMs = Math.max(newestMs, statSync(join(folder, file)).mtimeMs);
  } catch {
    // No folder yet is no backup yet.
  }
  if (!Number.isFinite(newestMs))
    return { what: 'backup', state: 'note', text: 'none yet: the worker makes them' };
  const hours = (Date.now() - newestMs) / 3_600_000;
  const text = `the last one is ${hours.toFixed(1)} hours old`;
  return { what: 'backup', state: Date.now() - newestMs > oldBackupMs ? 'note' : 'good', text };
}
