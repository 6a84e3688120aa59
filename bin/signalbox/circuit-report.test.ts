import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateStore, openStore } from '#db/open.ts';
import { endedAtMs, type Observation } from '#lib/core/observation.ts';
import { emptyPlan } from '#lib/core/plan.ts';
import { targetId } from '#lib/core/target.ts';
import { direct, failedLook, goodLook, pinned } from '#lib/testing/observations.ts';
import type { Io } from './command.ts';
import { dispatch } from './main.ts';

/** A route that worked, failed for some minutes, and worked again. */
function story(): Observation[] {
  const looks: Observation[] = [];
  let atMs = Date.now() - 3_600_000;
  const add = (o: Observation, waitMs: number) => {
    looks.push({ ...o, atMs });
    atMs += waitMs;
  };
  const both = (o: Observation) => {
    add(o, 2_000);
    add(goodLook({ target: direct }), 8_000);
  };
  for (let i = 0; i < 10; i++) both(goodLook());
  for (let i = 0; i < 20; i++)
    both(failedLook(503, { provider: 'Alpha' }, { why: i % 3 ? 'confirm' : 'slot' }));
  for (let i = 0; i < 60; i++) both(goodLook({ why: 'trial' }));
  return looks.sort((a, b) => endedAtMs(a) - endedAtMs(b));
}

let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'circuits-'));
  migrateStore({ dataDir });
  const store = openStore({ dataDir, reserveBytes: 0 });
  store.looks.record(
    story().map((observation) => ({ observation, found: [] })),
    () => ({ outcome: 'ok', plan: emptyPlan }),
  );
  store.close();
});

afterAll(() => rmSync(dataDir, { recursive: true }));

async function run(...args: string[]): Promise<{ status: number; text: string }> {
  const said: string[] = [];
  const out = (text: string) => void said.push(text);
  const env = { SIGNALBOX_DATA: dataDir };
  const io: Io = { out, err: out, isTerminal: false, env, cwd: dataDir, root: process.cwd() };
  return { status: await dispatch(['report', ...args], io), text: said.join('\n') };
}

describe('report --circuits', () => {
  it('tells each opening, its evidence, and what following it would have saved', async () => {
    const { status, text } = await run('--circuits', '30d', '--json');
    expect(status).toBe(0);
    const made = JSON.parse(text) as Record<string, unknown>;
    expect(made).toMatchObject({
      right: 1,
      wrong: 0,
      openings: [{ targetId: targetId(pinned), isRight: true }],
    });
    expect(made.saved).toBeGreaterThan(5);
  });

  it('is a table for people', async () => {
    const { text } = await run('--circuits', '30d');
    expect(text).toContain('taken out of rotation:');
    expect(text).toMatch(/1 opening: 1 right, 0 wrong\./);
    expect((await run('--circuits', '1s')).text).toContain('None, in 0 checks.');
  });

  it('names what it does not understand', async () => {
    expect((await run('--circuits', 'ever')).status).toBe(2);
    expect((await run('--circuits', '1d', '--csv')).status).toBe(2);
  });
});
