import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrusted } from '#lib/http.ts';
import { redactFamilies } from '#lib/redact.ts';
import { serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { createFollowUps } from './follow-up.ts';
import type { Generation } from './generation-record.ts';
import { completion } from './kinds/completion.ts';
import type { Run } from './plan-of-target.ts';
import type { Looked } from './runner.ts';
import { type Sim, startSim } from './sim/main.ts';
import type { Step } from './sim/script.ts';

let sim: Sim;
beforeEach(async () => {
  sim = await startSim();
});
afterEach(() => sim.close());

const key = 'sk-or-v1-simulated';

async function call(...steps: Step[]): Promise<{ run: Run; looked: Looked }> {
  sim.clearScript();
  sim.script(...steps);
  const watched = watchedTarget(
    'completion',
    { gateway: 'openrouter', provider: 'any', model: 'openai/gpt-4o-mini' },
    {
      baseUrl: sim.baseUrl,
      dialect: 'openai-chat',
      keyName: 'gateway:openrouter',
      options: { isOpenRouter: true },
    },
  );
  const { observation, found = [] } = await completion(watched, probeIo());
  const run: Run = { watched, why: 'slot', slot: 1, lane: 'slot', dueMs: 0, wantId: 'w1' };
  return { run, looked: { observation, found, localError: null, isInconclusive: false } };
}

function following(afterMs: number[] = [5, 20, 40]) {
  const records: (Generation | null)[] = [];
  let tell = () => {};
  const ended = new Promise<void>((go) => {
    tell = go;
  });
  const followUps = createFollowUps(
    {
      http: createTrusted(),
      redact: redactFamilies,
      keyOf: () => key,
      done(_run, _looked, record) {
        records.push(record);
        tell();
      },
    },
    afterMs,
  );
  return { followUps, records, ended };
}

const recordsAsked = () => sim.calls.filter(({ path }) => path.endsWith('/generation')).length;

test('a whole answer that says its cost is not asked about', async () => {
  const { run, looked } = await call();
  expect(following().followUps.take(run, looked)).toBe(false);
});

test('a call without usage costs what its record says', async () => {
  const { run, looked } = await call({ omit: ['usage'] });
  const { followUps, records, ended } = following();
  expect(followUps.take(run, looked)).toBe(true);
  await ended;
  expect(records[0]).toMatchObject({ isRecorded: true, isDoubtful: true, lookAtMs: looked.observation.atMs });
  expect(records[0]?.recordedUsd).toBeGreaterThan(0);
  expect(records[0]?.recordedUsd).toBeLessThan(looked.observation.costUsd ?? 0);
});

test('of an answer that broke off the record names everybody who was tried, with the status of each', async () => {
  const { run, looked } = await call(
    { at: 'provider', status: 502, times: 1 },
    { at: 'provider', cutAfterTokens: 1 },
  );
  const { followUps, records, ended } = following();
  expect(followUps.take(run, looked)).toBe(true);
  await ended;
  expect(records[0]?.tried.map(({ status }) => status)).toEqual([502, 200]);
});

test('a record that is not written yet is asked for again, and not for ever', async () => {
  const { run, looked } = await call({ omit: ['usage'] });
  sim.setLatencyScale(1_000);
  const { followUps, records, ended } = following();
  followUps.take(run, looked);
  await ended;
  expect(records).toEqual([null]);
  expect(recordsAsked()).toBe(3);
});

test('the record of another call, or a document that is none, settles nothing', async () => {
  for (const body of [{ data: { id: 'gen-other', total_cost: 0 } }, '<html>', 'null', { data: null }]) {
    const { run, looked } = await call({ omit: ['usage'] });
    const server = await serveHttp((_req, res) =>
      res.end(typeof body === 'string' ? body : JSON.stringify(body)),
    );
    run.watched = { ...run.watched, baseUrl: server.url };
    const { followUps, records, ended } = following([1, 2, 3]);
    followUps.take(run, looked);
    await ended;
    server.close();
    expect(records).toEqual([null]);
  }
});

test('at the end nobody is asked any more, and what waits is settled as it stands', async () => {
  const { run, looked } = await call({ omit: ['usage'] });
  const { followUps, records } = following([60_000]);
  followUps.take(run, looked);
  followUps.stop();
  expect(records).toEqual([null]);
  expect(recordsAsked()).toBe(0);
  expect(followUps.take(run, looked)).toBe(false);
});
