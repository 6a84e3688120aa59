import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedLook, goodLook, look } from '#lib/testing/observations.ts';
import { fleetOf } from '#lib/testing/worlds/fleet.ts';
import { runWorld, storiesOf } from '#lib/testing/worlds/run.ts';
import { plotOf, suite } from '#lib/testing/worlds/suite.ts';
import { makeWorld } from '#lib/testing/worlds/world.ts';
import { createState, decideObservation, decideTime, setFleet } from './decide.ts';
import { endedAtMs, type Observation } from './observation.ts';
import type { Plan } from './plan.ts';
import { defaultPolicy } from './policy.ts';
import { hashShare } from './statistics.ts';
import { targetId } from './target.ts';

const empty = { watched: [], chains: [] };
const fresh = () => createState(defaultPolicy, empty);
const startMs = Date.UTC(2026, 1, 17, 5, 0);

function worldOf(name: string, seed = 1): Observation[] {
  return makeWorld(plotOf(suite.find((scene) => scene.name.includes(name))!, seed)).observations;
}

describe('decisions', () => {
  it('depend on nothing but their arguments', () => {
    const looks = worldOf('2026-02-17');
    expect(JSON.stringify(runWorld(looks).events)).toBe(JSON.stringify(runWorld(looks).events));
  });

  it('do not change when lines of one instant are given in another order', () => {
    const looks = worldOf('two providers').map((o) => {
      const endMs = Math.round(endedAtMs(o) / 5_000) * 5_000;
      return { ...o, atMs: endMs - 500, timing: { ...o.timing, totalMs: 500 } };
    });
    const told = (list: Observation[]) =>
      storiesOf(runWorld(list).events).map((one) => [one.scopes.at(-1), one.openedAtMs, one.resolvedAtMs]);
    const byEnd = [...looks].sort((a, b) => endedAtMs(a) - endedAtMs(b));
    const reversed = [...looks].reverse().sort((a, b) => endedAtMs(a) - endedAtMs(b));
    expect(told(reversed)).toEqual(told(byEnd));
  });

  it('are the same whatever order independent targets of one instant come in', () => {
    const looks = worldOf('two providers at once').map((o) => {
      const endMs = Math.round(endedAtMs(o) / 10_000) * 10_000;
      return { ...o, atMs: endMs - 500, timing: { ...o.timing, totalMs: 500 } };
    });
    const told = (list: Observation[]) =>
      storiesOf(runWorld(list).events).map((one) => [
        one.scopes,
        one.impacts.at(-1),
        one.startedAtMs,
        one.openedAtMs,
        one.resolvedAtMs,
      ]);
    const before = told([...looks].sort((a, b) => endedAtMs(a) - endedAtMs(b)));
    expect(before.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const key = (o: Observation) => hashShare(`${seed}${o.probe}${targetId(o.target)}`);
        const shuffled = [...looks].sort((a, b) => endedAtMs(a) - endedAtMs(b) || key(a) - key(b));
        expect(told(shuffled).sort()).toEqual([...before].sort());
      }),
      { numRuns: 8 },
    );
  });

  // Seen red with every look of an instant taken for a new one.
  it('C3: hear a repeated look once', () => {
    const looks = worldOf('a provider seen on one route');
    const twice = looks.flatMap((o) => [o, structuredClone(o)]);
    expect(storiesOf(runWorld(twice).events)).toEqual(storiesOf(runWorld(looks).events));
  });

  it('count a look that comes very late and open nothing by it', () => {
    const state = fresh();
    decideObservation(state, goodLook({ atMs: startMs + 600_000 }));
    for (let i = 0; i < 8; i++) {
      const { plan } = decideObservation(state, failedLook(500, {}, { atMs: startMs + i * 30_000 }));
      expect(plan.events).toEqual([]);
    }
  });

  it('turn nothing green or red by evidence that says nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(400, 402, 403, 413, 422),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (status, count, isGood) => {
          const state = fresh();
          const first = isGood ? goodLook : (more: Partial<Observation>) => failedLook(500, {}, more);
          for (let i = 0; i < 4; i++) decideObservation(state, first({ atMs: startMs + i * 30_000 }));
          const before = [...state.tracks.values()][0]!.route!.verdict;
          for (let i = 0; i < count; i++) {
            decideObservation(
              state,
              failedLook(status, { message: 'ours' }, { atMs: startMs + 95_000 + i * 2_000 }),
            );
          }
          const after = [...state.tracks.values()][0]!.route!.verdict;
          expect([before, 'unknown']).toContain(after);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('give a plan that later decisions do not change', () => {
    const state = fresh();
    const plans: Plan[] = [];
    for (const o of worldOf('a provider is dead, through')) plans.push(decideObservation(state, o).plan);
    const opened = plans.flatMap((plan) => plan.incidents).find((one) => one.status === 'open')!;
    expect(opened.timeline.map((entry) => entry.kind)).toEqual(['opened']);
  });
});

describe('one look', () => {
  it('good: operational with low confidence', () => {
    const { plan } = decideObservation(fresh(), goodLook());
    expect(plan.routes[0]).toMatchObject({
      state: 'up',
      verdict: 'operational',
      confidence: { level: 'low', samples: 1 },
    });
    expect(plan.components.map((one) => `${one.kind}:${one.verdict}`).sort()).toEqual([
      'gateway:operational',
      'model:operational',
      'provider:operational',
      'route:operational',
    ]);
  });

  it('bad: unknown, and two confirmations and the controls are asked for', () => {
    const state = createState(defaultPolicy, { watched: [], chains: [] });
    decideObservation(
      state,
      look({ probe: 'control', target: { gateway: null, provider: 'quad9', model: null }, status: 200 }),
    );
    const { plan } = decideObservation(state, failedLook(500));
    expect(plan.routes[0]).toMatchObject({
      state: 'unknown',
      circuit: { state: 'closed' },
      advice: { action: 'use' },
    });
    expect(plan.asks.map((ask) => ask.targetKey.split('|')[0] + ask.why).sort()).toEqual([
      'completionconfirm',
      'controlconfirm',
    ]);
  });
});

describe('time', () => {
  it('V7: turns green into unknown when nobody has looked, and keeps the route usable', () => {
    const state = fresh();
    for (let i = 0; i < 6; i++) decideObservation(state, goodLook({ atMs: startMs + i * 30_000 }));
    const plan = decideTime(state, startMs + 20 * 60_000);
    expect(plan.routes[0]).toMatchObject({
      state: 'unknown',
      circuit: { state: 'closed' },
      advice: { action: 'use', weight: 100 },
    });
    expect(plan.components.find((one) => one.kind === 'gateway')?.verdict).toBe('unknown');
  });

  it('costs nothing when there is nothing to do', () => {
    const state = fresh();
    decideTime(state, startMs);
    expect(decideTime(state, startMs + 1_000)).toEqual(
      expect.objectContaining({ events: [], routes: [], components: [] }),
    );
  });
});

describe('the fleet', () => {
  it('may change: what is no longer watched is removed', () => {
    const watched = fleetOf().map((one) => ({
      key: '',
      probe: one.probe,
      target: one.target,
      dialect: null,
      baseUrl: '',
      keyName: null,
      wireModel: null,
      endpoint: null,
      providerName: null,
      everyMs: 30_000,
      timeoutMs: 30_000,
      priceUsd: 0,
      price: null,
      maxTokens: 16,
      supportedParameters: null,
      isReasoningMandatory: false,
      origin: 'config' as const,
      options: {},
    }));
    const state = createState(defaultPolicy, { watched, chains: [] });
    const target = watched[0]!.target;
    decideObservation(state, goodLook({ target, atMs: startMs }));
    setFleet(state, { watched: watched.slice(1), chains: [] });
    const plan = decideTime(state, startMs + 60_000);
    expect(plan.routes.find((route) => route.removed)?.target).toEqual(target);
    setFleet(state, { watched, chains: [] });
    expect([...state.tracks.values()].some((track) => track.isRemoved)).toBe(false);
  });
});
