import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStore } from '#db/open.ts';
import type { DemoStatus } from '../bin/demo/control-api.ts';
import { placesFrom } from '../bin/demo/places.ts';
import { median, type Print } from './figure.ts';

export const name = 'demo';

const root = fileURLToPath(new URL('..', import.meta.url));
const places = placesFrom(3960);
const faults = ['provider', 'gateway', 'model', 'credit', 'network'] as const;
/** The checker has settled: its first looks are in, nothing of the start is open. */
const settleMs = 8_000;
const waitMs = 25_000;
const heldMs = 4_000;
const restMs = 6_000;
const control = `http://${places.host}:${places.control}`;
const order = (what: string) => fetch(`${control}/${what}`, { method: 'POST' });

/** From the command to the first page, and from each fault to its right cause; a fresh demo for every fault. */
export async function run(print: Print): Promise<void> {
  // As after an install: the pages have to be built first.
  rmSync(join(root, '.next', 'signalbox-built'), { force: true });
  const first = await startDemo();
  await first.stop();
  print({
    figure: 'demo: command to first page, nothing built yet',
    value: first.pageMs / 1000,
    unit: 's',
    limit: 25,
  });
  const pages: number[] = [];
  const pasts: number[] = [];
  for (const fault of faults) {
    const demo = await startDemo();
    try {
      pages.push(demo.pageMs / 1000);
      pasts.push(demo.pastS);
      await sleep(settleMs);
      const seconds = await untilBlamed(demo.dataDir, fault);
      print({
        figure: `demo: ${fault} fault to its right cause`,
        value: seconds ?? Number.POSITIVE_INFINITY,
        unit: 's',
        limit: 10,
        ...(seconds === null ? { note: `not blamed within ${waitMs / 1000} s` } : {}),
      });
    } finally {
      await demo.stop();
    }
  }
  await runInARow(print);
  print({ figure: 'demo: command to first page', value: median(pages), unit: 's', limit: 25 });
  print({ figure: 'demo: ninety days made', value: median(pasts), unit: 's', limit: 20 });
}

/** A visitor does not wait: one fault after the other, mended a few seconds before the next. */
async function runInARow(print: Print): Promise<void> {
  const demo = await startDemo();
  try {
    await sleep(settleMs);
    let slowestS = 0;
    const missed: string[] = [];
    for (const fault of [...faults, ...faults.toReversed()]) {
      const seconds = await untilBlamed(demo.dataDir, fault);
      if (seconds === null) missed.push(fault);
      slowestS = Math.max(slowestS, seconds ?? Number.POSITIVE_INFINITY);
      await sleep(heldMs);
      await order('mend');
      await sleep(restMs);
    }
    print({
      figure: 'demo: ten faults in a row, the slowest to its right cause',
      value: slowestS,
      unit: 's',
      limit: 10,
      ...(missed.length > 0 ? { note: `not blamed: ${missed.join(', ')}` } : {}),
    });
  } finally {
    await demo.stop();
  }
}

interface RunningDemo {
  dataDir: string;
  pageMs: number;
  pastS: number;
  stop(): Promise<void>;
}

async function startDemo(): Promise<RunningDemo> {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-demo-'));
  const startedMs = performance.now();
  const args = [join(root, 'bin', 'demo.mjs'), '--quiet', '--port', String(places.page), '--data', dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  try {
    await untilPage(startedMs);
  } catch (cause) {
    await stopDemo(child, dataDir);
    throw cause;
  }
  const pageMs = performance.now() - startedMs;
  return {
    dataDir,
    pageMs,
    pastS: Number(/Ninety days in ([\d.]+) s/.exec(said)?.[1] ?? Number.NaN),
    stop: () => stopDemo(child, dataDir),
  };
}

async function untilPage(startedMs: number): Promise<void> {
  while (performance.now() - startedMs < 120_000) {
    try {
      if ((await fetch(`http://${places.host}:${places.page}/`)).status === 200) return;
    } catch {
      // Not there yet.
    }
    await sleep(50);
  }
  throw new Error('the demo did not show a page within two minutes');
}

async function untilBlamed(dataDir: string, fault: (typeof faults)[number]): Promise<number | null> {
  const status = (await (await fetch(control)).json()) as DemoStatus;
  const cause = status.faults.find((f) => f.id === fault)?.cause;
  const store = openStore({ dataDir, isReader: true });
  try {
    await order(`strike/${fault}`);
    const startedMs = performance.now();
    while (performance.now() - startedMs < waitMs) {
      const open = store.incidents.list({ status: 'open', limit: 20 });
      if (open.some((i) => i.scope.kind === cause?.kind && i.scope.id === cause.id))
        return (performance.now() - startedMs) / 1000;
      await sleep(50);
    }
    return null;
  } finally {
    store.close();
  }
}

async function stopDemo(child: ChildProcess, dataDir: string): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
}
