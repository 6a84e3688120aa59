import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { openStore } from '#db/open.ts';
import type { LookingFacts } from '#probes/messages.ts';
import type { Print } from './figure.ts';
import { pause, plainFleet, scratch, startHost, startServer } from './worker/stage.ts';

export const name = 'worker';

/** SIGNALBOX_BENCH_S: seconds of the long run, 60 for the figure that is published. */
const seconds = Number(process.env.SIGNALBOX_BENCH_S ?? 20);

export async function run(print: Print): Promise<void> {
  await rate(print);
  await restart(print);
  await memory(print);
  await start(print);
}

/** A thousand plain HTTP looks a second, each on a fresh connection, judged and stored. */
async function rate(print: Print): Promise<void> {
  const folder = scratch();
  const server = await startServer();
  const host = startHost(folder.path, plainFleet(1_000, server.url, 1_000));
  const before = await host.until((r) => r.recorded > 4_000, 30_000);
  await pause(seconds * 1_000);
  const after = host.last() ?? before;
  const looks = after.recorded - before.recorded;
  const lookedMs = after.atMs - before.atMs;
  const looking = after.facts.looking as LookingFacts;
  print({
    figure: 'looks stored a second',
    value: (looks / lookedMs) * 1_000,
    unit: '1/s',
    note: `${seconds} s`,
  });
  print({
    figure: 'looks within 100 ms of their slot',
    value: (looking.within100Share ?? 0) * 100,
    unit: '%',
    note: 'at least 99.9',
  });
  print({ figure: 'lateness p99', value: looking.latenessP99Ms ?? Number.NaN, unit: 'ms' });
  print({ figure: 'slots missed', value: looking.missed, unit: 'slots', limit: 0 });
  print({
    figure: 'CPU a look, all in',
    value: (after.cpuMs - before.cpuMs) / looks,
    unit: 'ms',
    limit: 0.6,
  });
  print({ figure: 'longest stall of the looking thread', value: looking.maxStallMs, unit: 'ms' });
  await host.stop();
  server.stop();
  folder.remove();
}

/** After a restart each of a thousand targets is looked at within its own interval. */
async function restart(print: Print): Promise<void> {
  const everyMs = 10_000;
  const folder = scratch();
  const server = await startServer();
  const fleet = plainFleet(1_000, server.url, everyMs);
  const first = startHost(folder.path, fleet);
  await first.until((r) => r.recorded >= 1_000, 30_000);
  first.child.kill('SIGKILL');
  const killedAtMs = Date.now();
  await pause(200);
  const second = startHost(folder.path, fleet);
  const begun = await second.until(() => true, 10_000);
  const startedAtMs = begun.atMs;
  await second.until((r) => r.recorded > 0, 10_000);
  const store = openStore({ dataDir: join(folder.path, 'data'), isReader: true });
  const seen = new Set<string>();
  const firstLooks: number[] = [];
  while (seen.size < fleet.length && Date.now() - startedAtMs < 2 * everyMs) {
    for (const [key, atMs] of store.looks.lastSeenAt())
      if (atMs > killedAtMs && !seen.has(key)) {
        seen.add(key);
        firstLooks.push(atMs - startedAtMs);
      }
    await pause(100);
  }
  store.close();
  print({ figure: 'targets looked at again after a kill', value: seen.size, unit: 'of 1000' });
  print({
    figure: 'last of them after the restart',
    value: Math.max(...firstLooks),
    unit: 'ms',
    limit: everyMs,
  });
  await second.stop();
  server.stop();
  folder.remove();
}

/** Both threads of the worker with five hundred targets. */
async function memory(print: Print): Promise<void> {
  const folder = scratch();
  const server = await startServer();
  const host = startHost(folder.path, plainFleet(500, server.url, 5_000));
  let mostMb = 0;
  const untilMs = performance.now() + Math.min(20, seconds) * 1_000;
  while (performance.now() < untilMs) {
    mostMb = Math.max(mostMb, host.last()?.rssMb ?? 0);
    await pause(100);
  }
  print({ figure: 'memory at 500 targets, both threads', value: mostMb, unit: 'MB', limit: 200 });
  await host.stop();
  server.stop();
  folder.remove();
}

/** From the start of the real launcher to the first look in the store; median of three. */
async function start(print: Print): Promise<void> {
  const server = await startServer();
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const folder = scratch();
    writeFileSync(
      join(folder.path, 'signalbox.yaml'),
      `controls:\n  - { name: here, url: ${server.url} }\ngateways:\n  openrouter:\n    base_url: ${server.url}\n    status_page: null\n`,
    );
    const startedMs = performance.now();
    const launcher = fileURLToPath(new URL('../bin/worker.mjs', import.meta.url));
    const child = spawn(process.execPath, [launcher], {
      cwd: folder.path,
      env: { NODE_ENV: 'production' },
      stdio: 'ignore' as const,
    });
    const gone = new Promise((go) => child.once('exit', go));
    while (!isAnythingStored(join(folder.path, 'data')) && performance.now() - startedMs < 15_000)
      await pause(5);
    times.push(performance.now() - startedMs);
    child.kill('SIGTERM');
    await gone;
    folder.remove();
  }
  times.sort((a, b) => a - b);
  print({
    figure: 'worker start to first look stored',
    value: times[1] ?? Number.NaN,
    unit: 'ms',
    limit: 1_500,
  });
  server.stop();
}

function isAnythingStored(dataDir: string): boolean {
  try {
    const store = openStore({ dataDir, isReader: true });
    const count = store.looks.lastSeenAt().size;
    store.close();
    return count > 0;
  } catch {
    return false;
  }
}
