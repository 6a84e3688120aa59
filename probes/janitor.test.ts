import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { loadConfig } from '#lib/config/load.ts';
import type { Store } from '#lib/store.ts';
import { startJanitor } from './janitor.ts';

const noon = Date.UTC(2026, 1, 17, 12);
let dataDir: string;

beforeEach(() => {
  vi.useFakeTimers({ now: noon });
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-janitor-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dataDir, { recursive: true });
});

function janitorOf(upkeep: Partial<Store['upkeep']>) {
  const store = openMemoryStore({ nowMs: () => noon });
  const said: string[] = [];
  const janitor = startJanitor({
    store: { ...store, upkeep: { ...store.upkeep, ...upkeep } },
    config: loadConfig({ env: {}, cwd: dataDir }).config,
    dataDir,
    key: () => new Uint8Array(32),
    nowMs: () => noon,
    complain: (sentence) => said.push(sentence),
  });
  return { janitor, said };
}

it('rolls up until nothing is due, a slice at a time', async () => {
  let due = 30;
  const slices: number[] = [];
  const { janitor } = janitorOf({
    rollUp() {
      slices.push(Date.now());
      return { minutes: 0, hours: due-- > 0 ? 1 : 0, days: 0 };
    },
  });
  await vi.advanceTimersByTimeAsync(59_000);
  expect(slices).toHaveLength(31);
  expect(slices.slice(1).every((atMs, i) => atMs - (slices[i] ?? 0) >= 20)).toBe(true);
  janitor.stop();
});

it('names a slice that failed and begins again with the next minute', async () => {
  let isBroken = true;
  let calls = 0;
  const { janitor, said } = janitorOf({
    rollUp() {
      calls++;
      if (isBroken) throw new Error('locked');
      return { minutes: 0, hours: 0, days: 0 };
    },
  });
  await vi.advanceTimersByTimeAsync(59_000);
  expect(said).toEqual(['The roll-up failed and is tried again next time: locked']);
  isBroken = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toBe(2);
  janitor.stop();
});
