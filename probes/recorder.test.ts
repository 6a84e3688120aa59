import { afterEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { blankObservation, type Observation } from '#lib/core/observation.ts';
import { type Ask, emptyPlan, type Plan } from '#lib/core/plan.ts';
import type { Store } from '#lib/store.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import type { Core } from './core.ts';
import { createRecorder, type Recorder } from './recorder.ts';

const nowMs = Date.UTC(2026, 1, 17, 12);
const target = { gateway: null, provider: 'a', model: null };
const w = watchedTarget('http', target, { baseUrl: 'http://127.0.0.1:1' });
const seen = (at: number) => ({
  observation: blankObservation({
    atMs: nowMs + at,
    vantage: 'local',
    probe: 'http',
    target,
    slot: at,
    status: 200,
  }),
  found: [],
});

const open: Recorder[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.stop();
});

function stage(
  more: { observe?: (o: Observation) => Plan; store?: (real: Store) => Store; mayWrite?: () => boolean } = {},
) {
  const real = openMemoryStore({ nowMs: () => nowMs });
  real.looks.saveFleet([w], nowMs);
  const store = more.store?.(real) ?? real;
  const asked: Ask[] = [];
  const complaints: string[] = [];
  const counts = { restores: 0 };
  const core: Core = {
    observe: (o) => ({ outcome: 'ok', plan: more.observe?.(o) ?? emptyPlan }),
    advance: () => emptyPlan,
    setFleet: () => {},
    setConfig: () => {},
    setMaintenance: () => {},
    restore: () => {
      counts.restores += 1;
    },
  };
  const recorder = createRecorder({
    store,
    core,
    nowMs: () => nowMs,
    address: (plan) => plan,
    news: () => [],
    asks: (asks) => void asked.push(...asks),
    found: () => {},
    recorded: () => {},
    complain: (sentence) => void complaints.push(sentence),
    mayWrite: more.mayWrite ?? (() => true),
    poke: () => {},
  });
  open.push(recorder);
  const stored = () => real.looks.last(w.key, 10_000).length;
  return { recorder, asked, complaints, counts, stored };
}

const wait = (ms: number) => new Promise((go) => setTimeout(go, ms));

describe('recording', () => {
  it('writes what came together within 25 ms', async () => {
    const s = stage();
    for (let i = 0; i < 50; i++) s.recorder.add([seen(i)], []);
    await wait(60);
    expect(s.stored()).toBe(50);
    expect(s.recorder.facts()).toMatchObject({ recorded: 50, queued: 0, dropped: 0 });
  });

  it('passes on what the decision wants looked at', async () => {
    const ask: Ask = {
      targetKey: w.key,
      why: 'confirm',
      notBeforeMs: 0,
      everyMs: null,
      untilMs: null,
      reason: 'r',
    };
    const s = stage({ observe: () => ({ ...emptyPlan, asks: [ask] }) });
    s.recorder.add([seen(1)], []);
    await wait(60);
    expect(s.asked).toEqual([ask]);
  });

  it('D1: keeps looks in order while the store is locked, and loses none', async () => {
    let isLocked = true;
    const order: number[] = [];
    const s = stage({
      observe: (o) => {
        order.push(o.atMs - nowMs);
        return emptyPlan;
      },
      store: (real) => ({
        ...real,
        looks: {
          ...real.looks,
          record: (batch, decide) => {
            if (isLocked) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
            return real.looks.record(batch, decide);
          },
        },
      }),
    });
    for (let i = 0; i < 5; i++) {
      s.recorder.add([seen(i)], []);
      await wait(20);
    }
    expect(s.stored()).toBe(0);
    isLocked = false;
    await wait(1_300);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(s.stored()).toBe(5);
    expect(s.complaints.length).toBe(1);
    // Nothing had been decided, so nothing had to be forgotten.
    expect(s.counts.restores).toBe(0);
  });

  // Seen red with the first look that cannot be judged ending the batch.
  it('K12: a look that cannot be judged is left out, the others are stored', async () => {
    const s = stage({
      observe: (o) => {
        if (o.atMs === nowMs + 3) throw new Error('poison');
        return emptyPlan;
      },
    });
    s.recorder.add([1, 2, 3, 4, 5].map(seen), []);
    await wait(80);
    expect(s.stored()).toBe(4);
    expect(s.recorder.facts()).toMatchObject({ parked: 1 });
    expect(s.counts.restores).toBeGreaterThan(0);
  });

  it('forgets what was decided when it could not be written', async () => {
    let fails = 1;
    const s = stage({
      store: (real) => ({
        ...real,
        looks: {
          ...real.looks,
          record: (batch, decide) => {
            if (fails-- > 0) {
              decide(batch[0]?.observation as Observation, []);
              throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
            }
            return real.looks.record(batch, decide);
          },
        },
      }),
    });
    s.recorder.add([seen(1)], []);
    await wait(400);
    expect(s.counts.restores).toBe(1);
    expect(s.stored()).toBe(1);
  });

  it('stores slots that were not run, with their reason', async () => {
    const s = stage();
    s.recorder.add([], [{ targetKey: w.key, slot: 7, atMs: nowMs, reason: 'overlap' }]);
    await wait(60);
    expect(s.recorder.facts().queued).toBe(0);
    expect(s.complaints).toEqual([]);
  });

  it('W2: writes nothing once another worker leads', async () => {
    const s = stage({ mayWrite: () => false });
    s.recorder.add([seen(1)], []);
    s.recorder.advance();
    await wait(60);
    expect(s.stored()).toBe(0);
  });
});
