import { join } from 'node:path';
import cron from 'node-cron';
import { writeDueMonths } from '#db/open.ts';
import type { Loaded } from '#lib/config/load.ts';
import { publishedSlas } from '#lib/config/presets.ts';
import type { Store } from '#lib/store.ts';
import { backUp } from './backup.ts';

/** What is calendar: roll-ups, retention in small slices, backups, monthly reports. Never in the way of a look. */

export interface Janitor {
  setConfig(config: Loaded['config']): void;
  stop(): void;
}

/** Between two slices looks have their turn. */
const rollSliceEveryMs = 40;
const pruneSliceEveryMs = 100;

export function startJanitor(io: {
  store: Store;
  config: Loaded['config'];
  dataDir: string;
  /** What backups are encrypted with. */
  key(): Uint8Array;
  nowMs(): number;
  complain(sentence: string): void;
  /** A test gives its own: ours needs a file and a thread. */
  writeMonths?: typeof writeDueMonths;
}): Janitor {
  let config = io.config;
  let isStopped = false;
  let pruning: NodeJS.Timeout | null = null;
  let rolling: NodeJS.Timeout | null = null;

  const guarded = (what: string, run: () => unknown) => async () => {
    if (isStopped) return;
    try {
      await run();
    } catch (cause) {
      io.complain(
        `${what} failed and is tried again next time: ${cause instanceof Error ? cause.message : cause}`,
      );
    }
  };

  /** Until nothing is due: an hour of a thousand targets is a thousand roll-ups. */
  const rollSlice = (): void => {
    rolling = null;
    if (isStopped || io.store.upkeep.rollUp(io.nowMs()).hours === 0) return;
    rolling = setTimeout(() => void guarded('The roll-up', rollSlice)(), rollSliceEveryMs);
  };

  const pruneSlice = (): void => {
    pruning = null;
    if (isStopped) return;
    const { raw, minutes, hours, days } = config.retention;
    const hasMore = io.store.upkeep.prune(io.nowMs(), {
      rawMs: raw,
      minutesMs: minutes,
      hoursMs: hours,
      daysMs: days,
    });
    if (hasMore) pruning = setTimeout(() => void guarded('Retention', pruneSlice)(), pruneSliceEveryMs);
  };

  const copy = () =>
    backUp({
      store: io.store,
      folder: join(io.dataDir, 'backups'),
      keep: config.backup.keep,
      key: config.backup.encrypt ? io.key() : null,
      nowMs: io.nowMs(),
    });

  const options = { timezone: 'UTC', noOverlap: true };
  const rollUp = cron.schedule(
    '5 * * * * *',
    guarded('The roll-up', () => {
      if (rolling === null) rollSlice();
    }),
    options,
  );
  const prune = cron.schedule(
    '30 */5 * * * *',
    guarded('Retention', () => {
      if (pruning === null) pruneSlice();
    }),
    options,
  );
  const report = cron.schedule(
    '40 7,37 * * * *',
    guarded('The monthly report', () =>
      (io.writeMonths ?? writeDueMonths)({
        store: io.store,
        dataDir: io.dataDir,
        nowMs: io.nowMs(),
        published: publishedSlas,
      }),
    ),
    options,
  );
  let backup = cron.schedule(config.backup.every, guarded('The backup', copy), options);

  return {
    setConfig(next) {
      const isMoved = next.backup.every !== config.backup.every;
      config = next;
      if (!isMoved) return;
      void backup.destroy();
      backup = cron.schedule(config.backup.every, guarded('The backup', copy), options);
    },
    stop() {
      isStopped = true;
      if (pruning) clearTimeout(pruning);
      if (rolling) clearTimeout(rolling);
      for (const task of [rollUp, prune, report, backup]) void task.destroy();
    },
  };
}
