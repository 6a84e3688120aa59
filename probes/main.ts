import { randomUUID } from 'node:crypto';
import module from 'node:module';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type Loaded, loadConfig } from '#lib/config/load.ts';
import { createLog } from '#lib/log.ts';
import type { Store } from '#lib/store.ts';
import { createClock } from './clock.ts';
import { openHealthPort, type WorkerHealth } from './health-port.ts';
import { createLeadership, type Leadership } from './heartbeat.ts';
import { makeDataFolder } from './own-folder.ts';
import type { RunningWorker, WorkerOptions } from './watch.ts';

/** The worker. This thread decides and writes; a second one looks. */

export type { RunningWorker, WorkerOptions };

const waitForLeadMs = 1_000;

export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  const loaded = loadConfig({ env: options.env, cwd: options.cwd });
  const { vantage } = loaded.config;
  // The thread loads its probes while this one loads all the rest and opens the store.
  const thread = new Worker(new URL('./looking-thread.ts', import.meta.url), {
    name: 'looking',
    workerData: { vantage },
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 },
    // Without the cache the thread would load a TypeScript compiler of its own: 40 MB and 200 ms.
    env: { ...process.env, ...compileCache() },
  });
  let earlyFault: Error | null = null;
  thread.once('error', (cause: Error) => {
    earlyFault = cause;
  });
  const health: WorkerHealth = { lookingAtMs: null, beatAtMs: null };
  const { host, worker_port } = loaded.config.listen;
  const healthPort = openHealthPort({ host, port: worker_port }, health, {
    monoMs: () => performance.now(),
    complain: options.warn ?? options.say,
  });
  try {
    const [store, { watch }] = await Promise.all([
      openOwnStore(loaded, options.warn ?? options.say),
      import('./watch.ts'),
    ]);
    const clock = createClock();
    const bootId = randomUUID().slice(0, 8);
    const leadership = createLeadership({
      store,
      vantage,
      bootId,
      nowMs: clock.nowMs,
      monoMs: clock.monoMs,
    });
    await lead(leadership, options);
    const parts = { options, loaded, thread, store, clock, leadership, bootId, health, healthPort };
    return watch({ ...parts, earlyFault: () => earlyFault });
  } catch (cause) {
    healthPort.close();
    await thread.terminate();
    throw cause;
  }
}

function compileCache(): Record<string, string> {
  const folder = module.getCompileCacheDir?.();
  return folder ? { NODE_COMPILE_CACHE: dirname(folder) } : {};
}

async function openOwnStore(loaded: Loaded, say: (sentence: string) => void): Promise<Store> {
  const { isDatabaseLost, migrateStore, openStore, whenUnlocked } = await import('#db/open.ts');
  makeDataFolder(loaded.dataDir);
  const where = { url: loaded.databaseUrl ?? undefined, dataDir: loaded.dataDir };
  if (isDatabaseLost(where))
    say(
      `There was a database in ${loaded.dataDir} and it is gone: a new one is begun. To go on with a backup, stop and run "npx signalbox restore FILE".`,
    );
  // The web may be reading the log of a worker that was killed: that is worth another try, not the end.
  return whenUnlocked(
    () => {
      migrateStore(where);
      return openStore(where);
    },
    { tries: 100 },
  );
}

/** One worker only: a second one waits until the first is gone. */
async function lead(leadership: Leadership, options: WorkerOptions): Promise<void> {
  const { whenUnlocked } = await import('#db/open.ts');
  let isTold = false;
  while (!(await whenUnlocked(() => leadership.renew(), { tries: 100 }))) {
    if (!isTold)
      options.say('Another worker is watching with this data folder: this one waits until it ends.');
    isTold = true;
    await delay(waitForLeadMs);
    options.signal?.throwIfAborted();
  }
}

/** Entry of `bin/worker.mjs`. */
export async function main(): Promise<number> {
  const say = (sentence: string) => process.stdout.write(`${sentence}\n`);
  const log = createLog({ name: 'worker' });
  const warn = (sentence: string) => log.warn(sentence);
  const leaving = new AbortController();
  let running: RunningWorker | null = null;
  const leave = () => {
    leaving.abort();
    void running?.stop();
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
  try {
    running = await runWorker({ env: process.env, cwd: process.cwd(), say, warn, signal: leaving.signal });
  } catch (cause) {
    if (leaving.signal.aborted) return 0;
    process.stderr.write(`${cause instanceof Error ? cause.message : cause}\n`);
    // What may pass is tried again by whoever started us; what cannot ends everything.
    return (cause as { permanent?: unknown }).permanent === false ? 75 : 78;
  }
  if (leaving.signal.aborted) void running.stop();
  return running.ended;
}
