import module from 'node:module';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { buildFleet } from '#lib/config/fleet.ts';
import type { Env, Loaded } from '#lib/config/load.ts';
import type { AddressPolicy } from '#lib/http-guard.ts';
import type { Store } from '#lib/store.ts';
import { type LoopClock, tickMs } from './clock.ts';
import type { Core } from './core.ts';
import { createDeciding } from './deciding.ts';
import type { Deciding } from './deciding-io.ts';
import type { Deliverer } from './deliverer.ts';
import type { HealthPort, WorkerHealth } from './health-port.ts';
import type { Leadership } from './heartbeat.ts';
import type { Janitor } from './janitor.ts';
import { createLiveCore } from './live-core.ts';
import type { ToDeciding } from './messages.ts';
import { watchConfig } from './reload.ts';

/** A worker that leads: its deciding side, wired to its looking thread, to what sends and to what tidies up. */

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
/** Reckoning the calendar costs a tenth of a second, just when the first pages are made. */
const tidyAfterMs = 2_000;

export interface Parts {
  options: WorkerOptions;
  loaded: Loaded;
  thread: Worker;
  store: Store;
  clock: LoopClock;
  leadership: Leadership;
  bootId: string;
  health: WorkerHealth;
  healthPort: HealthPort;
  /** What broke the looking thread before anybody listened. */
  earlyFault(): Error | null;
}

export function watch(parts: Parts): RunningWorker {
  const { options, loaded, thread, store, clock, leadership, bootId, health, healthPort } = parts;
  const ended = Promise.withResolvers<number>();
  const gone = new Promise((go) => thread.once('exit', go));
  let isStopping = false;
  let current = loaded;
  let deliverer: Deliverer | null = null;
  const early: Parameters<Deliverer['subscribe']>[0][] = [];
  const warn = options.warn ?? options.say;
  let janitor: Janitor | null = null;
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
      janitor?.setConfig(next.config);
      deliverer?.setConfig(next.config);
    },
    say: options.say,
  });

  async function stop(status: number): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    unwatch();
    healthPort.close();
    janitor?.stop();
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
  const onFault = (cause: Error) => {
    options.say(`The looking thread broke: ${cause.message}`);
    void stop(70);
  };
  thread.on('error', onFault);
  void gone.then(() => stop(70));
  deciding.start();
  const brokenBy = parts.earlyFault();
  if (brokenBy) onFault(brokenBy);
  void startTheRest();

  /** What sends, and then what tidies up, is loaded once the looking has begun: nobody is to wait for it. */
  async function startTheRest(): Promise<void> {
    const [
      { startDeliverer },
      { createTrusted, createUntrusted, strictPolicy },
      { keyOf, openSealer, secretFileName },
      { whenUnlocked },
    ] = await Promise.all([
      import('./deliverer.ts'),
      import('#lib/http.ts'),
      import('#lib/seal.ts'),
      import('#db/open.ts'),
    ]);
    if (isStopping) return;
    const keyFile = { secret: options.env.SIGNALBOX_SECRET, file: join(loaded.dataDir, secretFileName) };
    const http = { trusted: createTrusted(), untrusted: createUntrusted(options.strangers ?? strictPolicy) };
    const sealer = openSealer(keyFile);
    const open = () =>
      startDeliverer({
        store,
        http,
        sealer,
        config: current.config,
        by: bootId,
        nowMs: clock.nowMs,
        say: warn,
        watch: (watched) => deciding.watchCanary(watched),
      });
    // It writes down who is told: a store that is locked just now is worth another try.
    const sending = await whenUnlocked(() => (isStopping ? null : open()), { tries: 1_000 });
    if (sending === null) return;
    deliverer = sending;
    for (const intent of early.splice(0)) deliverer.subscribe(intent);
    await delay(tidyAfterMs);
    if (isStopping) return;
    const { startJanitor } = await import('./janitor.ts');
    janitor = startJanitor({
      store,
      config: current.config,
      dataDir: loaded.dataDir,
      key: () => keyOf(keyFile),
      nowMs: clock.nowMs,
      complain: warn,
    });
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
