import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Watched } from '#lib/core/fleet.ts';
import type { ProbeKind } from '#lib/core/observation.ts';
import type { Ask } from '#lib/core/plan.ts';
import { gridOf, slotStartMs } from '#lib/core/schedule.ts';
import { createGates, type GateLimits } from './gates.ts';
import { createGrants } from './grants.ts';
import type { Missed, Want } from './messages.ts';
import type { Run } from './plan-of-target.ts';
import { Scheduler } from './scheduler.ts';

const startMs = 1_770_000_000_000;

function watched(name: string, more: Partial<Watched> = {}): Watched {
  const probe: ProbeKind = more.probe ?? 'http';
  return {
    key: `${probe}|${name}`,
    probe,
    target: { gateway: 'openrouter', provider: name, model: 'm' },
    dialect: null,
    baseUrl: 'http://127.0.0.1:1',
    keyName: null,
    wireModel: null,
    endpoint: null,
    providerName: null,
    everyMs: 10_000,
    timeoutMs: 5_000,
    priceUsd: 0,
    price: null,
    maxTokens: 16,
    supportedParameters: null,
    isReasoningMandatory: false,
    origin: 'config',
    options: {},
    ...more,
  };
}

const ask = (targetKey: string, more: Partial<Ask> = {}): Ask => ({
  targetKey,
  why: 'confirm',
  notBeforeMs: 0,
  everyMs: null,
  untilMs: null,
  reason: 'test',
  ...more,
});

/** The scheduler on a clock of its own: a look lasts as long as it is told to. */
function stage(
  options: { lookMs?: (run: Run) => number; limits?: GateLimits; grants?: 'yes' | 'no' | 'silent' } = {},
) {
  let nowMs = startMs;
  let wakeMs = Number.POSITIVE_INFINITY;
  const ends: { atMs: number; run: Run }[] = [];
  const runs: (Run & { atMs: number })[] = [];
  const missed: Missed[] = [];
  const wants: Want[] = [];
  const released: string[] = [];
  let ids = 0;
  const grants = createGrants({
    newId: () => `w${++ids}`,
    want: (want) => void wants.push(want),
    release: (id) => void released.push(id),
  });
  const gates = createGates(options.limits);
  const scheduler = new Scheduler({
    vantage: 'local',
    nowMs: () => nowMs,
    gates,
    grants,
    start(run) {
      runs.push({ ...run, atMs: nowMs });
      ends.push({ atMs: nowMs + (options.lookMs?.(run) ?? 100), run });
    },
    missed: (one) => void missed.push(one),
    wakeAt: (atMs) => {
      wakeMs = atMs;
    },
  });
  let answered = 0;
  const answerWants = () => {
    const fresh = wants.slice(answered);
    answered = wants.length;
    if (fresh.length === 0 || options.grants === 'silent') return;
    if (options.grants === 'no')
      grants.answer(
        [],
        fresh.map(({ id }) => ({ id, reason: 'budget: cap' })),
      );
    else
      grants.answer(
        fresh.map(({ id }) => id),
        [],
      );
  };
  const pass = (ms: number) => {
    const untilMs = nowMs + ms;
    for (;;) {
      answerWants();
      const end = ends.reduce((first, one) => Math.min(first, one.atMs), Number.POSITIVE_INFINITY);
      const next = Math.min(end, wakeMs);
      if (next > untilMs) break;
      nowMs = Math.max(nowMs, next);
      for (const one of ends.filter((e) => e.atMs <= nowMs)) {
        ends.splice(ends.indexOf(one), 1);
        scheduler.done(one.run);
      }
      if (wakeMs <= nowMs) scheduler.drain();
    }
    nowMs = untilMs;
  };
  /** Time goes by and nobody is there. */
  const sleep = (ms: number) => {
    nowMs += ms;
  };
  return { scheduler, runs, missed, wants, released, gates, pass, sleep, now: () => nowMs };
}

const none = new Map<string, number>();

describe('slots', () => {
  it('are run at their instant, one after the other, for every target', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 500, max: 20_000 }), (n, everyMs) => {
        const s = stage({ lookMs: () => 10 });
        const fleet = Array.from({ length: n }, (_, i) => watched(`t${i}`, { everyMs }));
        s.scheduler.setFleet(fleet, none);
        s.pass(everyMs * 5);
        for (const w of fleet) {
          const own = s.runs.filter((run) => run.watched.key === w.key);
          const slots = own.map((run) => run.slot as number);
          expect(slots).toEqual([...new Set(slots)].sort((a, b) => a - b));
          const grid = gridOf(w.key, 'local', everyMs);
          for (const run of own.slice(1)) expect(run.atMs).toBe(slotStartMs(grid, run.slot as number));
          expect((own[0]?.atMs ?? 0) - startMs).toBeLessThanOrEqual(everyMs);
        }
        expect(s.missed).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('are each either run or missed, whatever the looks last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 10 }),
        (durations) => {
          let i = 0;
          const s = stage({ lookMs: () => durations[i++ % durations.length] as number });
          const w = watched('one', { everyMs: 1_000 });
          s.scheduler.setFleet([w], none);
          s.pass(60_000);
          const seen = [...s.runs.map((run) => run.slot as number), ...s.missed.map((one) => one.slot)];
          seen.sort((a, b) => a - b);
          expect(seen).toEqual(Array.from({ length: seen.length }, (_, k) => (seen[0] as number) + k));
          expect(new Set(s.missed.map((one) => one.reason)).size).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 30 },
    );
  });

  // Seen red with a second look begun while the first was under way.
  it('C5: a look of two and a half intervals stays on the grid and misses two', () => {
    let first = true;
    const s = stage({
      lookMs: () => {
        const ms = first ? 25_000 : 10;
        first = false;
        return ms;
      },
    });
    s.scheduler.setFleet([watched('slow')], new Map([['http|slow', startMs]]));
    s.pass(60_000);
    expect(s.missed.map((one) => one.reason)).toEqual(['overlap', 'overlap']);
    const [begun, next] = s.runs.map((run) => run.slot as number) as [number, number];
    expect(next - begun).toBe(3);
  });

  it('W4: a restart looks at a thousand targets within their own interval, spread', () => {
    const s = stage({ lookMs: () => 50 });
    const fleet = Array.from({ length: 1_000 }, (_, i) => watched(`t${i}`, { everyMs: 60_000 }));
    const seen = new Map(fleet.map((w, i) => [w.key, startMs - i * 100]));
    s.scheduler.setFleet(fleet, seen);
    s.pass(60_000);
    expect(new Set(s.runs.map((run) => run.watched.key)).size).toBe(1_000);
    const perSecond = new Map<number, number>();
    for (const run of s.runs) {
      const second = Math.floor((run.atMs - startMs) / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(Math.max(...perSecond.values())).toBeLessThan(400);
  });

  it('begin within 15 s of a first start, also those of a quarter of an hour', () => {
    const s = stage();
    const fleet = Array.from({ length: 80 }, (_, i) =>
      watched(`r${i}`, { probe: 'completion', everyMs: i < 15 ? 60_000 : 900_000 }),
    );
    s.scheduler.setFleet(fleet, none);
    s.pass(15_000);
    expect(new Set(s.runs.map((run) => run.watched.key)).size).toBe(80);
  });

  it('do not start again what was looked at during the present slot', () => {
    const s = stage();
    s.scheduler.setFleet([watched('rare', { everyMs: 900_000 })], new Map([['http|rare', startMs - 1]]));
    const grid = gridOf('http|rare', 'local', 900_000);
    const isSameSlot =
      Math.floor((startMs - grid.phaseMs) / 900_000) === Math.floor((startMs - 1 - grid.phaseMs) / 900_000);
    s.pass(10_000);
    expect(s.runs.length).toBe(isSameSlot ? 0 : 1);
  });

  it('that passed while the loop stood still are missed as late, the present one is run', () => {
    const s = stage({ lookMs: () => 5 });
    s.scheduler.setFleet([watched('w', { everyMs: 1_000 })], none);
    s.pass(3_000);
    const before = s.runs.length;
    s.sleep(1_900);
    s.pass(10);
    expect(s.missed.every((one) => one.reason === 'late')).toBe(true);
    expect(s.missed.length).toBeGreaterThanOrEqual(1);
    expect(s.runs.length).toBe(before + 1);
  });

  // Seen red with the slots of a pause not written down.
  it('C6: after a pause are missed by name and the grid goes on', () => {
    const s = stage({ lookMs: () => 5 });
    s.scheduler.setFleet([watched('w', { everyMs: 10_000 })], none);
    s.pass(30_000);
    s.sleep(600_000);
    s.scheduler.rephase('paused');
    s.pass(30_000);
    const slots = [...s.runs.map((run) => run.slot as number), ...s.missed.map((one) => one.slot)];
    slots.sort((a, b) => a - b);
    expect(slots).toEqual(Array.from({ length: slots.length }, (_, k) => (slots[0] as number) + k));
    expect(s.missed.filter((one) => one.reason === 'paused').length).toBeGreaterThan(55);
  });

  it('C1: go on after the wall clock stepped back or forth by an hour', () => {
    for (const stepMs of [-3_600_000, 3_600_000]) {
      const s = stage({ lookMs: () => 5 });
      s.scheduler.setFleet([watched('w', { everyMs: 10_000 })], none);
      s.pass(60_000);
      const before = s.runs.length;
      s.sleep(stepMs);
      s.scheduler.rephase(null);
      s.pass(60_000);
      expect(s.runs.length - before).toBeGreaterThanOrEqual(6);
      expect(s.runs.length - before).toBeLessThanOrEqual(7);
      expect(s.missed).toEqual([]);
    }
  });
});

describe('room', () => {
  // Seen red with one room for all providers.
  it('W3: a provider that hangs does not delay the others', () => {
    const s = stage({ lookMs: (run) => (run.watched.target.provider === 'dead' ? 30_000 : 50) });
    const fleet = Array.from({ length: 400 }, (_, i) =>
      watched(`r${i}`, {
        target: { gateway: 'openrouter', provider: i % 4 ? `p${i % 7}` : 'dead', model: `m${i}` },
      }),
    );
    s.scheduler.setFleet(fleet, none);
    s.pass(60_000);
    const late = s.runs
      .filter((run) => run.watched.target.provider !== 'dead')
      .map((run) => run.atMs - run.dueMs);
    expect(Math.max(...late)).toBeLessThan(1_000);
    expect(s.missed.every((one) => ['crowded', 'overlap'].includes(one.reason))).toBe(true);
    expect(s.gates.inFlight()).toBeLessThan(40);
  });

  it('is never exceeded', () => {
    const limits = { perProvider: 3, perOrigin: 5, total: 6 };
    let most = 0;
    const s = stage({ limits, lookMs: () => (most = Math.max(most, s.gates.inFlight())) && 2_000 });
    s.scheduler.setFleet(
      Array.from({ length: 60 }, (_, i) => watched(`p${i % 3}/${i}`, { everyMs: 5_000 })),
      none,
    );
    s.pass(30_000);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(5);
  });
});

describe('paid looks', () => {
  const paid = (name: string, more: Partial<Watched> = {}) =>
    watched(name, { probe: 'completion', priceUsd: 1e-5, ...more });

  it('are reserved before their slot and never made without a grant', () => {
    const s = stage({ grants: 'no' });
    s.scheduler.setFleet([paid('a')], none);
    s.pass(60_000);
    expect(s.runs).toEqual([]);
    expect(s.missed.length).toBeGreaterThanOrEqual(5);
    expect(s.missed[0]?.reason).toBe('budget: cap');
  });

  it('are on time when the ledger answers', () => {
    const s = stage();
    s.scheduler.setFleet([paid('a')], none);
    s.pass(60_000);
    expect(s.runs.length).toBeGreaterThanOrEqual(6);
    for (const run of s.runs) expect(run.atMs).toBe(run.dueMs);
    expect(new Set(s.runs.map((run) => run.wantId)).size).toBe(s.runs.length);
  });

  it('are missed when the ledger says nothing', () => {
    const s = stage({ grants: 'silent' });
    s.scheduler.setFleet([paid('a')], none);
    s.pass(60_000);
    expect(s.runs).toEqual([]);
    expect(s.missed.length).toBeGreaterThanOrEqual(4);
  });

  it('wait as long as the far side asked, as missed slots, while free looks go on', () => {
    const s = stage();
    s.scheduler.setFleet([paid('a'), watched('a')], none);
    s.pass(10_000);
    s.scheduler.postpone('completion|a', s.now() + 60_000);
    s.scheduler.postpone('http|a', s.now() + 60_000);
    const before = s.runs.length;
    s.pass(60_000);
    const later = s.runs.slice(before);
    expect(later.filter((run) => run.watched.probe === 'completion')).toEqual([]);
    expect(later.length).toBe(6);
    expect(s.missed.map((one) => one.reason)).toEqual(new Array(6).fill('limited'));
  });

  it('give back what they reserved and did not use', () => {
    const s = stage();
    s.scheduler.setFleet([paid('a')], none);
    s.pass(60_000);
    s.scheduler.setFleet([], none);
    s.pass(60_000);
    expect(s.runs.length + s.released.length).toBe(s.wants.length);
  });
});

describe('asks', () => {
  it('bring a confirmation forward, on a look of its own', () => {
    const s = stage({ lookMs: () => 300 });
    s.scheduler.setFleet([watched('a', { everyMs: 600_000 })], none);
    s.pass(5_000);
    const slot = s.runs[0];
    s.scheduler.ask([
      ask('http|a', { notBeforeMs: s.now() + 2_000 }),
      ask('http|a', { notBeforeMs: s.now() + 2_500 }),
    ]);
    s.pass(10_000);
    expect(s.runs.length).toBe(2);
    expect(s.runs[1]).toMatchObject({ why: 'confirm', slot: null, lane: 'ask' });
    expect((s.runs[1]?.atMs ?? 0) - (slot?.atMs ?? 0)).toBeGreaterThanOrEqual(1_500);
  });

  it('confirm while the first look still hangs', () => {
    const s = stage({ lookMs: (run) => (run.lane === 'slot' ? 30_000 : 200) });
    s.scheduler.setFleet([watched('a', { everyMs: 60_000 })], new Map([['http|a', startMs]]));
    s.pass(60_000);
    s.pass(4_000);
    const before = s.runs.length;
    s.scheduler.ask([ask('http|a')]);
    s.pass(1_000);
    expect(s.runs.length).toBe(before + 1);
  });

  it('make a pace faster until its time is over', () => {
    const s = stage();
    s.scheduler.setFleet([watched('a', { everyMs: 60_000 })], new Map([['http|a', startMs]]));
    s.scheduler.ask([ask('http|a', { why: 'slot', everyMs: 10_000, untilMs: startMs + 120_000 })]);
    s.pass(120_000);
    const fast = s.runs.length;
    expect(fast).toBeGreaterThanOrEqual(11);
    expect(fast).toBeLessThanOrEqual(14);
    s.pass(120_000);
    expect(s.runs.length - fast).toBeLessThanOrEqual(3);
  });

  it('let the quicker of two paces run to its end', () => {
    const s = stage();
    s.scheduler.setFleet([watched('a', { everyMs: 60_000 })], new Map([['http|a', startMs]]));
    const pace = (everyMs: number, forMs: number) =>
      s.scheduler.ask([ask('http|a', { why: 'slot', everyMs, untilMs: s.now() + forMs })]);
    pace(3_000, 30_000);
    s.pass(15_000);
    pace(10_000, 60_000);
    s.pass(15_000);
    expect(s.runs.length).toBeGreaterThanOrEqual(8);
    s.pass(1_000);
    pace(10_000, 60_000);
    s.runs.length = 0;
    s.pass(27_000);
    expect(s.runs.length).toBeLessThanOrEqual(4);
  });

  it('keep a faster pace that is asked for again', () => {
    const s = stage();
    s.scheduler.setFleet([watched('a', { everyMs: 60_000 })], new Map([['http|a', startMs]]));
    for (let i = 0; i < 6; i++) {
      s.scheduler.ask([ask('http|a', { why: 'slot', everyMs: 10_000, untilMs: s.now() + 30_000 })]);
      s.pass(20_000);
    }
    expect(s.runs.length).toBeGreaterThanOrEqual(11);
    expect(s.runs.length).toBeLessThanOrEqual(15);
  });

  it('do not repeat what has just been looked at', () => {
    const s = stage();
    s.scheduler.setFleet([watched('a', { everyMs: 600_000 })], none);
    s.pass(3_000);
    const at = s.runs.at(-1)?.atMs ?? 0;
    s.scheduler.ask([ask('http|a', { why: 'neighbour', notBeforeMs: at })]);
    s.pass(500);
    expect(s.runs.length).toBe(s.now() - at < 2_000 ? 1 : 2);
  });

  it('of people are answered at once', () => {
    const s = stage();
    s.scheduler.setFleet([watched('a', { everyMs: 600_000 })], new Map([['http|a', startMs]]));
    s.scheduler.lookNow(['http|a', 'http|unknown']);
    s.pass(10);
    expect(s.runs.map((run) => run.why)).toEqual(['manual']);
  });
});

describe('after a sleep', () => {
  it('only controls are looked at until one has answered', () => {
    const s = stage();
    s.scheduler.setFleet(
      [watched('c', { probe: 'control', everyMs: 5_000 }), watched('a', { everyMs: 5_000 })],
      none,
    );
    s.pass(10_000);
    const before = s.runs.length;
    s.scheduler.hold(s.now() + 60_000);
    s.pass(5_000);
    expect(s.runs.slice(before).map((run) => run.watched.probe)).toEqual(['control']);
    s.scheduler.release();
    expect(s.runs.at(-1)?.watched.probe).toBe('http');
  });
});

describe('what is asked seldom', () => {
  it('waits for its slot, so that a start does not spend the hour on it', () => {
    const s = stage();
    s.scheduler.setFleet([watched('a', { probe: 'capability', everyMs: 600_000 })], none);
    const grid = gridOf('capability|a', 'local', 600_000);
    s.pass(600_000);
    expect(s.runs.length).toBe(1);
    expect(s.runs[0]?.atMs).toBe(slotStartMs(grid, s.runs[0]?.slot as number));
  });
});
