import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditFeeUsd, medianEstimate, pairedDifferences, shareEstimate } from './estimate.ts';

describe('a median', () => {
  it('lies inside its interval, and its interval inside the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 5, maxLength: 200 }),
        (values) => {
          const found = medianEstimate(values);
          expect(found?.n).toBe(values.length);
          expect(found?.low).toBeLessThanOrEqual(found?.value ?? 0);
          expect(found?.high).toBeGreaterThanOrEqual(found?.value ?? 0);
          expect(found?.low).toBeGreaterThanOrEqual(Math.min(...values));
          expect(found?.high).toBeLessThanOrEqual(Math.max(...values));
        },
      ),
    );
  });
  it('covers the true median in about 95 of 100 samples', () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      const found = medianEstimate(Array.from({ length: 60 }, () => -Math.log(1 - random())));
      if (found && found.low <= Math.LN2 && found.high >= Math.LN2) covered++;
    }
    expect(covered / 400).toBeGreaterThan(0.92);
  });
  it('of fewer than five is none', () => {
    expect(medianEstimate([1, 2, 3, 4])).toBeNull();
    expect(shareEstimate(3, 4)).toBeNull();
  });
});

it('a share has the interval of its size', () => {
  const [few, many] = [shareEstimate(4, 5), shareEstimate(800, 1000)];
  expect((few?.high ?? 0) - (few?.low ?? 0)).toBeGreaterThan((many?.high ?? 0) - (many?.low ?? 0));
  expect(many).toMatchObject({ value: 0.8, n: 1000 });
});

describe('paired differences', () => {
  const timed = (list: [number, number][]) => list.map(([atMs, value]) => ({ atMs, value }));
  it('see what a shared slow hour hides', () => {
    const slow = (atMs: number) => (atMs > 500 ? 1000 : 0);
    const a = timed(Array.from({ length: 100 }, (_, i) => [i * 10, 140 + slow(i * 10)]));
    const b = timed(Array.from({ length: 100 }, (_, i) => [i * 10 + 3, 100 + slow(i * 10)]));
    expect(new Set(pairedDifferences(a, b, 5))).toEqual(new Set([40]));
  });
  it('use no value twice and none that is too far away', () => {
    expect(
      pairedDifferences(
        timed([
          [0, 5],
          [1, 6],
        ]),
        timed([[0, 1]]),
        10,
      ),
    ).toEqual([4]);
    expect(pairedDifferences(timed([[0, 5]]), timed([[100, 1]]), 10)).toEqual([]);
    expect(pairedDifferences([], timed([[0, 1]]), 10)).toEqual([]);
  });
  it('take the nearest', () => {
    expect(
      pairedDifferences(
        timed([[100, 10]]),
        timed([
          [90, 1],
          [99, 2],
          [120, 3],
        ]),
        50,
      ),
    ).toEqual([8]);
  });
});

it('the fee for credit has a least sum', () => {
  expect(creditFeeUsd(5, 'card')).toBe(0.8);
  expect(creditFeeUsd(100, 'card')).toBeCloseTo(5.5, 9);
  expect(creditFeeUsd(100, 'crypto')).toBe(5);
});
