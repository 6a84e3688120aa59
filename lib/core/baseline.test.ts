import { expect, it } from 'vitest';
import { addSample, isSlowAgainst } from './baseline.ts';
import { defaultPolicy } from './policy.ts';
import type { Baseline } from './state.ts';

const fresh = (): Baseline => ({ samples: [], next: 0, median: null, mad: 0, stale: 0 });

function learn(baseline: Baseline, count: number, of: (i: number) => number): void {
  for (let i = 0; i < count; i++) {
    const ms = of(i);
    addSample(baseline, ms, isSlowAgainst(baseline, ms, defaultPolicy), defaultPolicy);
  }
}

it('calls nothing slow before it knows what is usual', () => {
  const baseline = fresh();
  learn(baseline, 8, () => 400);
  expect(isSlowAgainst(baseline, 60_000, defaultPolicy)).toBe(false);
});

it('calls slow what is far beyond the target’s own usual time', () => {
  const baseline = fresh();
  learn(baseline, 60, (i) => 380 + (i % 5) * 10);
  expect(isSlowAgainst(baseline, 600, defaultPolicy)).toBe(false);
  expect(isSlowAgainst(baseline, 1_500, defaultPolicy)).toBe(true);
});

it('bears with a target that was always uneven', () => {
  const baseline = fresh();
  learn(baseline, 60, (i) => (i % 2 === 0 ? 500 : 2_500));
  expect(isSlowAgainst(baseline, 4_000, defaultPolicy)).toBe(false);
});

it('is not led away by an hour of slowness, and learns a new normal in the end', () => {
  const baseline = fresh();
  learn(baseline, 60, () => 400);
  learn(baseline, 120, () => 4_000);
  expect(isSlowAgainst(baseline, 4_000, defaultPolicy)).toBe(true);
  learn(baseline, 2_880, () => 4_000);
  expect(isSlowAgainst(baseline, 4_000, defaultPolicy)).toBe(false);
});
