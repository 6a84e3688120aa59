import { expect, test } from 'vitest';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { heartbeat, type Push, pushMemoryKey } from './heartbeat.ts';

const nowMs = 1_790_000_000_000;

async function look(push: Push | null, quietS: number, memory = new Map<string, unknown>()) {
  if (push) memory.set(pushMemoryKey, push);
  const clock = { nowMs: () => nowMs + quietS * 1000, monoMs: () => 0, stallSince: () => 0 };
  const target = watchedTarget(
    'heartbeat',
    { gateway: null, provider: 'nightly-job', model: null },
    { baseUrl: '', everyMs: 60_000, options: { graceMs: 30_000 } },
  );
  return (await heartbeat(target, probeIo({ clock, memory }))).observation;
}

test('a fresh sign of life is good', async () => {
  expect(await look({ atMs: nowMs, isUp: true, text: null }, 60)).toMatchObject({
    error: null,
    fault: null,
    reached: 'done',
  });
});

test('silence beyond interval and grace is late', async () => {
  const late = await look({ atMs: nowMs, isUp: true, text: null }, 300);
  expect(late.error).toMatchObject({ code: 'late', message: 'no sign of life for 5 min' });
});

test('a report of being down is believed at once', async () => {
  const down = await look({ atMs: nowMs, isUp: false, text: 'disk full' }, 1);
  expect(down.error).toMatchObject({ code: 'reported_down', message: 'disk full' });
});

test('before the first sign nothing is known, until its time is over', async () => {
  const memory = new Map<string, unknown>();
  expect(await look(null, 0, memory)).toMatchObject({ fault: 'aborted', error: null });
  expect((await look(null, 120, memory)).error?.message).toBe('never reported in, waiting for 2 min');
});

test('a push may come with the target instead of with its memory', async () => {
  const target = watchedTarget(
    'heartbeat',
    { gateway: null, provider: 'job', model: null },
    { baseUrl: '', everyMs: 60_000, options: { lastPush: { atMs: Date.now(), isUp: true } } },
  );
  expect((await heartbeat(target, probeIo())).observation.error).toBeNull();
});
