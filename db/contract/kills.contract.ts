import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { verifyRollUps } from '../open.ts';
import type { DataFolder } from './folder.contract.ts';
import { haikuKey, monday } from './samples.contract.ts';

const child = fileURLToPath(new URL('./kill-child.check.ts', import.meta.url));

/** Runs the worker until it kills itself, or kills it after a while; returns the last number it acknowledged. */
export function runAndKill(dataDir: string, from: number, step: string, afterMs?: number): Promise<number> {
  const worker = spawn(process.execPath, [child, dataDir, String(from), step], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  worker.stdout.on('data', (chunk) => {
    if (said === '' && afterMs !== undefined) setTimeout(() => worker.kill('SIGKILL'), afterMs);
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`it ended by itself after ${said.slice(-40)}`));
      const whole = said
        .slice(0, said.lastIndexOf('\n') + 1)
        .trim()
        .split('\n')
        .at(-1);
      resolve(whole ? Number(whole) : from - 1);
    });
  });
}

/** Nothing acknowledged is lost, nothing is there twice or half, every event has its delivery, figures agree. */
export function checkInvariants(at: DataFolder, acknowledged: number): number {
  const store = at.open();
  const looks = store.looks.between({ fromMs: monday, toMs: monday + 1e10, limit: 1e6 });
  const numbers = looks.map((l) => (l.observation.atMs - monday) / 60_000);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.length).toBeGreaterThanOrEqual(acknowledged + 1);
  expect(numbers).toEqual(numbers.map((_, i) => i));
  const last = numbers.length - 1;
  expect(last % 2).toBe(1);
  const events = store.events.after(0, 1e6).map((line) => line.event.id);
  expect(events).toEqual(numbers.map((n) => `e${n}`));
  const log = store.outbox.log({ limit: 1e6 });
  expect(log.map((line) => line.deliveryId).sort()).toEqual(numbers.map((n) => `d${n}`).sort());
  expect(store.outbox.pending(monday + 1e10).due).toBe(numbers.length);
  expect(store.incidents.get(`i${last}`)).not.toBeNull();
  expect(store.incidents.get(`i${last + 1}`)).toBeNull();
  expect(store.looks.lastSeenAt().get(haikuKey)).toBe(monday + last * 60_000);
  store.close();
  const verified = verifyRollUps({ dataDir: at.path, nowMs: () => monday + 10 * 86_400_000 });
  expect(verified.differences).toEqual([]);
  return last;
}

/** Killed and started again so often, after every kill everything is as it should be; returns how many looks there are. */
export async function killOften(at: DataFolder, rounds: number): Promise<number> {
  let next = 0;
  for (let round = 0; round < rounds; round++) {
    const acknowledged = await runAndKill(at.path, next, 'never', 5 + Math.random() * 60);
    next = checkInvariants(at, acknowledged) + 1;
  }
  return next;
}
