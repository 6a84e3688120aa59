import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import module from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { migrateStore, openStore } from '#db/open.ts';
import { buildFleet } from '#lib/config/fleet.ts';
import { type Env, type Loaded, loadConfig } from '#lib/config/load.ts';
import type { AddressPolicy } from '#lib/http-guard.ts';
import { createLog } from '#lib/log.ts';
import { keyOf, secretFileName } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { createClock, tickMs } from './clock.ts';
import type { Core } from './core.ts';
import { createDeciding } from './deciding.ts';
import type { Deciding } from './deciding-io.ts';
import type { Deliverer } from './deliverer.ts';
import { type HealthPort, openHealthPort, type WorkerHealth } from './health-port.ts';
import { createLeadership, type Leadership } from './heartbeat.ts';
import { type Janitor, startJanitor } from './janitor.ts';
import { createLiveCore } from './live-core.ts';
import type { ToDeciding } from './messages.ts';
import { watchConfig } from './reload.ts';

/** The worker. This thread decides and writes; a second one looks. */

export interface WorkerOptions {
  env: Env;
  cwd: string;
  say: (sentence: string) => void;
  /** The operator's log; `say` when absent. */
  warn?: (sentence: string) => void;
  /** Where strangers' webhooks may lead. */
  strangers?: AddressPolicy;
  /** Another fleet than the configured one: benchmarks and the demo. */
  build?: typeof buildFleet;
  core?: Core;
  signal?: AbortSignal;
}

export interface RunningWorker {
  store: Store;
  healthPort(): number | null;
  facts(): Record<string, unknown>;
  stop(): Promise<void>;
  /** The exit status, once it has ended by itself or was stopped. */
  ended: Promise<number>;
}

/** Ten seconds are allowed for a clean stop: the store must be closed within them. */
const stopLimitMs = 9_000;
const threadLimitMs = 5_000;
const waitForLeadMs = 1_000;

export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  const loaded = loadConfig({ env: options.env, cwd: options.cwd });
  const { vantage } = loaded.config;
  // The thread loads its probes while this one opens the store.
  const thread = new Worker(new URL('./looking-thread.ts', import.meta.url), {
    name: 'looking',
    workerData: { vantage },
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 },
    // Without the cache the thread would load a TypeScript compiler of its own: 40 MB and 200 ms.
    env: { ...process.env, ...compileCache() },
  });
  const health: WorkerHealth = { lookingAtMs: null, beatAtMs: null };
  const { host, worker_port } = loaded.config.listen;
  const healthPort = openHealthPort({ host, port: worker_port }, health, {
    monoMs: () => performance.now(),
    complain: options.warn ?? options.say,
  });
  try {
    const store = openOwnStore(loaded);
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
    return watch({ options, loaded, thread, store, clock, leadership, bootId, health, healthPort });
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

function openOwnStore(loaded: Loaded): Store {
  mkdirSync(loaded.dataDir, { recursive: true, mode: 0o700 });
  const where = { url: loaded.databaseUrl ?? undefined, dataDir: loaded.dataDir };
  migrateStore(where);
  return openStore(where);
}

/** One worker only: a second one waits until the first is gone. */
async function lead(leadership: Leadership, options: WorkerOptions): Promise<void> {
  let isTold = false;
  while (!leadership.renew()) {
    if (!isTold)
      options.say('Another worker is watching with this data folder: this one waits until it ends.');
    isTold = true;
    await delay(waitForLeadMs);
    options.signal?.throwIfAborted();
  }
}

interface Parts {
  options: WorkerOptions;
  loaded: Loaded;
  thread: Worker;
  store: Store;
  clock: ReturnType<typeof createClock>;
  leadership: Leadership;
  bootId: string;
  health: WorkerHealth;
  healthPort: HealthPort;
}

function watch(parts: Parts): RunningWorker {
  const { options, loaded, thread, store, clock, leadership, bootId, health, healthPort } = parts;
  const ended = Promise.withResolvers<number>();
  const gone = new Promise((go) => thread.once('exit', go));
  let isStopping = false;
  let current = loaded;
  let deliverer: Deliverer | null = null;
  const early: Parameters<Deliverer['subscribe']>[0][] = [];
  const warn = options.warn ?? options.say;
  const janitor: Janitor = startJanitor({
    store,
    config: loaded.config,
    dataDir: loaded.dataDir,
    key: () => keyOf({ secret: options.env.SIGNALBOX_SECRET, file: join(loaded.dataDir, secretFileName) }),
    nowMs: clock.nowMs,
    complain: warn,
  });
  const deciding: Deciding = createDeciding({
    store,
    core: options.core ?? createLiveCore(loaded),
    loaded,
    build: options.build ?? buildFleet,
    leadership,
    health,
    stalls: clock.stalls,
    nowMs: clock.nowMs,
    post: (message) => thread.postMessage(message),
    say: options.say,
    complain: warn,
    deposed: () => {
      options.say('Another worker has taken over: this one ends.');
      void stop(75);
    },
    poke: () => deliverer?.poke(),
    deliveries: () => deliverer?.facts() ?? null,
    canary: () => deliverer?.canary() ?? null,
    subscribe: (intent) => (deliverer ? deliverer.subscribe(intent) : early.push(intent)),
  });
  const ticker = setInterval(() => clock.tick(), tickMs);
  const unwatch = watchConfig({
    file: loaded.file ?? resolve(options.cwd, options.env.SIGNALBOX_CONFIG?.trim() || 'signalbox.yaml'),
    env: options.env,
    cwd: options.cwd,
    current: () => current,
    accept(next) {
      current = next;
      deciding.setConfig(next);
      janitor.setConfig(next.config);
      deliverer?.setConfig(next.config);
    },
    say: options.say,
  });

  async function stop(status: number): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    unwatch();
    healthPort.close();
    janitor.stop();
    thread.postMessage({ type: 'stop' });
    const limit = setTimeout(() => void thread.terminate(), threadLimitMs);
    await Promise.race([
      Promise.all([gone, deliverer?.stop()]),
      delay(stopLimitMs, undefined, { ref: false }),
    ]);
    clearTimeout(limit);
    clearInterval(ticker);
    deciding.stop();
    store.close();
    ended.resolve(status);
  }

  thread.on('message', (message: ToDeciding) => {
    deciding.receive(message);
    // Its last words are heard; what still hangs in it is nobody's any more.
    if (message.type === 'stopped') void thread.terminate();
  });
  thread.on('error', (cause) => {
    options.say(`The looking thread broke: ${cause.message}`);
    void stop(70);
  });
  void gone.then(() => stop(70));
  deciding.start();
  void startSending();

  /** What sends is loaded once the looking has begun: nobody is to wait for it. */
  async function startSending(): Promise<void> {
    const [{ startDeliverer }, { createTrusted, createUntrusted, strictPolicy }, { openSealer }] =
      await Promise.all([import('./deliverer.ts'), import('#lib/http.ts'), import('#lib/seal.ts')]);
    if (isStopping) return;
    deliverer = startDeliverer({
      store,
      http: { trusted: createTrusted(), untrusted: createUntrusted(options.strangers ?? strictPolicy) },
      sealer: openSealer({
        secret: options.env.SIGNALBOX_SECRET,
        file: join(loaded.dataDir, secretFileName),
      }),
      config: current.config,
      by: bootId,
      nowMs: clock.nowMs,
      say: warn,
      watch: (watched) => deciding.watchCanary(watched),
    });
    for (const intent of early.splice(0)) deliverer.subscribe(intent);
    // Now, not at the exit: a worker that is killed leaves a quick start behind all the same.
    module.flushCompileCache?.();
  }

  return {
    store,
    healthPort: () => healthPort.port(),
    facts: () => deciding.facts(),
    stop: async () => {
      await stop(0);
      await ended.promise;
    },
    ended: ended.promise,
  };
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
    return 78;
  }
  if (leaving.signal.aborted) void running.stop();
  return running.ended;
}
