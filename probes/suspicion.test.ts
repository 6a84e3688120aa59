import { describe, expect, it } from 'vitest';
import { blankObservation, noTiming } from '#lib/core/observation.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import { planOf, type TargetPlan } from './plan-of-target.ts';
import { createSuspicions } from './suspicion.ts';

const nothing = () => {};

function plan(gateway: string, provider: string, model = 'm', everyMs = 60_000): TargetPlan {
  return planOf(watchedTarget('completion', { gateway, provider, model }, { baseUrl: '', everyMs }), 'local');
}

function answered(firstTokenMs: number) {
  return blankObservation({
    atMs: 0,
    vantage: 'local',
    probe: 'completion',
    target: { gateway: 'openrouter', provider: 'a', model: 'm' },
    reached: 'done',
    timing: { ...noTiming, firstTokenMs, totalMs: firstTokenMs + 100 },
  });
}

describe('a first token that does not come', () => {
  it('is suspicious after ten seconds where nothing is known, and what was asked for ends there', () => {
    const suspicions = createSuspicions();
    expect(suspicions.watch('k', 'confirm', nothing)).toMatchObject({ afterMs: 10_000, isFinal: true });
    expect(suspicions.watch('k', 'neighbour', nothing)).toMatchObject({ isFinal: true });
    for (const why of ['slot', 'trial', 'manual'] as const)
      expect(suspicions.watch('k', why, nothing).isFinal).toBe(false);
  });

  it('is suspicious by the pace of its own route, which is remembered and recalled', () => {
    const suspicions = createSuspicions();
    suspicions.recall(new Map([['known', new Array(20).fill(2_000)]]));
    expect(suspicions.watch('known', 'confirm', nothing).afterMs).toBe(6_000);
    suspicions.remember('new', answered(12_000));
    // Honestly slower than any limit: slow is not broken.
    expect(suspicions.watch('new', 'confirm', nothing).afterMs).toBe(18_000);
    suspicions.remember('bad', { ...answered(12_000), reached: 'first_token' });
    expect(suspicions.watch('bad', 'confirm', nothing).afterMs).toBe(10_000);
  });

  it('makes three other providers of the gateway be asked, once for one silence', () => {
    const suspicions = createSuspicions();
    const own = plan('openrouter', 'a');
    const targets = [
      own,
      plan('openrouter', 'a', 'other'),
      plan('openrouter', 'seldom', 'm', 900_000),
      ...['b', 'c', 'd', 'e'].map((provider) => plan('openrouter', provider)),
      plan('openrouter', 'b', 'other'),
      plan('litellm', 'f'),
      plan('direct', 'g'),
    ];
    const asked = suspicions.neighboursOf(own, targets, 1_000);
    expect(asked).toHaveLength(3);
    const providers = targets.filter((one) => asked.includes(one.watched.key)).map((p) => p.watched.target);
    expect(new Set(providers.map(({ provider }) => provider)).size).toBe(3);
    expect(
      providers.every(({ gateway, provider }) => gateway === 'openrouter' && 'bcde'.includes(provider!)),
    ).toBe(true);
    expect(suspicions.neighboursOf(targets[3]!, targets, 3_000)).toEqual([]);
    expect(suspicions.neighboursOf(targets[3]!, targets, 7_000)).toHaveLength(3);
  });

  it('asks nobody beside a provider that is called directly', () => {
    expect(createSuspicions().neighboursOf(plan('direct', 'a'), [plan('direct', 'b')], 0)).toEqual([]);
  });
});
