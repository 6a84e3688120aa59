import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Observation } from '#lib/core/observation.ts';
import { type Print, quantile } from './figure.ts';
import {
  completionLook,
  httpLook,
  type Made,
  makeStore,
  minuteMs,
  record,
  start,
  tableBytes,
} from './store/fill.ts';

export const name = 'store: recording';

const targets = 100;
const batchMs = 25;

export async function run(print: Print): Promise<void> {
  measureSize(
    print,
    'completion with eight timings',
    completionLook,
    70,
    'Uptime Kuma 139 B with one timing',
  );
  measureSize(print, 'plain HTTP look', (i, atMs) => httpLook(i, atMs, false), 30, 'Kener 119 B');
  measureSize(
    print,
    'HTTP look with six timings',
    (i, atMs) => httpLook(i, atMs, true),
    undefined,
    'no peer keeps them',
  );
  await measureLoad(print);
}

/** As they come: a minute after the other, all targets in turn, so that pages are filled as in life. */
function measureSize(
  print: Print,
  what: string,
  lookOf: (i: number, atMs: number) => Observation,
  limit: number | undefined,
  note: string,
): void {
  const made = makeStore(start);
  try {
    const emptyBytes = lookBytes(made);
    let spentMs = 0;
    for (let minute = 0; minute < 1440; minute++) {
      made.clock.nowMs = start + minute * minuteMs;
      const looks = Array.from({ length: targets }, (_, i) =>
        lookOf(i, start + minute * minuteMs + i * 600 + Math.floor(Math.random() * 50)),
      );
      const from = performance.now();
      for (let at = 0; at < targets; at += 20) record(made.store, looks.slice(at, at + 20));
      made.store.upkeep.rollUp(made.clock.nowMs);
      spentMs += performance.now() - from;
    }
    const count = targets * 1440;
    made.store.upkeep.rollUp(start + 1441 * minuteMs);
    print({
      figure: `bytes of a ${what}`,
      value: (lookBytes(made) - emptyBytes) / count,
      unit: 'B',
      ...(limit ? { limit } : {}),
      note,
    });
    print({ figure: `bytes of a ${what}, with its roll-ups`, value: fileBytes(made) / count, unit: 'B' });
    print({
      figure: `recording a ${what} with its roll-ups, twenty a commit`,
      value: spentMs / count,
      unit: 'ms',
      limit: 0.2,
    });
  } finally {
    made.drop();
  }
}

function fileBytes(made: Made): number {
  return statSync(join(made.dataDir, 'signalbox.db')).size;
}

/** Looks with their indexes and dictionaries. */
function lookBytes(made: Made): number {
  return tableBytes(made.dataDir, ['looks', 'timed_looks', 'shapes', 'shapes_by_digest', 'shapes_by_use']);
}

const perSecond = 3000;
const seconds = 60;

/** 3,000 looks a second for a minute, a commit every 25 ms, while another thread reads the page's queries. */
async function measureLoad(print: Print): Promise<void> {
  const made = makeStore(start);
  const many = 1000;
  record(
    made.store,
    Array.from({ length: many }, (_, i) => completionLook(i, start - 1000)),
  );
  const page = new Worker(new URL('./store/page-reader.ts', import.meta.url), {
    workerData: { dataDir: made.dataDir, nowMs: start },
  });
  const commits: number[] = [];
  const lateness: number[] = [];
  let written = 0;
  const began = performance.now();
  for (let tick = 0; tick < (seconds * 1000) / batchMs; tick++) {
    const dueMs = began + tick * batchMs;
    await new Promise((wake) => setTimeout(wake, Math.max(0, dueMs - performance.now())));
    lateness.push(performance.now() - dueMs);
    const looks = Array.from({ length: (perSecond * batchMs) / 1000 }, (_, k) =>
      completionLook((written + k) % many, start + tick * batchMs + Math.floor(k / 3)),
    );
    const from = performance.now();
    record(made.store, looks);
    commits.push(performance.now() - from);
    written += looks.length;
  }
  const tookS = (performance.now() - began) / 1000;
  const reads = await new Promise<number[]>((resolve) => {
    page.once('message', resolve);
    page.postMessage('stop');
  });
  await page.terminate();
  const rollFrom = performance.now();
  while (made.store.upkeep.rollUp(start + 3 * 3_600_000).hours > 0);
  const rollMs = performance.now() - rollFrom;
  made.drop();
  print({
    figure: 'held with the page being read',
    value: written / tookS,
    unit: 'looks/s',
    limit: perSecond * 0.98,
  });
  print({
    figure: 'recording with full durability and roll-up, amortised',
    value: (commits.reduce((a, b) => a + b, 0) + rollMs) / written,
    unit: 'ms',
    limit: 0.2,
    note: 'one commit per 25 ms',
  });
  print({ figure: 'commit of 75 looks, p99', value: quantile(commits, 0.99), unit: 'ms', limit: 25 });
  print({ figure: 'commit begun late, p99', value: quantile(lateness, 0.99), unit: 'ms' });
  print({
    figure: 'the page’s queries meanwhile, p95',
    value: quantile(reads, 0.95),
    unit: 'ms',
    note: `${reads.length} reads, 1,000 targets`,
  });
}
