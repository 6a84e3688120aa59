import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factId, hashShare, logRatio, madOf, medianOf, quantileOf, wilson, z } from './statistics.ts';

describe('Wilson’s interval', () => {
  it('says what the feed contract quotes', () => {
    expect(wilson(0, 3, z.two95).high).toBeCloseTo(0.56, 2);
    expect(wilson(10, 10, z.two95).low).toBeCloseTo(0.72, 2);
    expect(wilson(16, 16, z.two95).low).toBeCloseTo(0.8, 1);
  });

  it('contains the share, stays in [0, 1] and narrows with more looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 500 }), (n, k) => {
        const hits = Math.min(k, n);
        const one = wilson(hits, n, z.two95);
        expect(one.low).toBeGreaterThanOrEqual(0);
        expect(one.high).toBeLessThanOrEqual(1);
        expect(one.low - 1e-9).toBeLessThanOrEqual(hits / n);
        expect(one.high + 1e-9).toBeGreaterThanOrEqual(hits / n);
        const ten = wilson(hits * 10, n * 10, z.two95);
        expect(ten.high - ten.low).toBeLessThanOrEqual(one.high - one.low + 1e-9);
      }),
    );
  });

  it('knows nothing of nothing', () => {
    expect(wilson(0, 0, z.two95)).toEqual({ low: 0, high: 1 });
  });
});

it('weighs failures for the fault and answers for the noise', () => {
  expect(logRatio(3, 3, 0.9, 0.01)).toBeGreaterThan(10);
  expect(logRatio(0, 20, 0.2, 0.01)).toBeLessThan(-4);
});

it('finds the middle and how far others are from it', () => {
  expect(medianOf([5, 1, 9])).toBe(5);
  expect(medianOf([4, 1, 9, 5])).toBe(4.5);
  expect(medianOf([])).toBeNull();
  expect(madOf([1, 5, 9], 5)).toBe(4);
  expect(quantileOf([1, 2, 3, 4], 0.95)).toBe(4);
  expect(quantileOf([], 0.5)).toBeNull();
});

it('makes ids and jitter from facts alone', () => {
  expect(factId('a')).toBe(factId('a'));
  expect(factId('a')).not.toBe(factId('b'));
  const shares = Array.from({ length: 500 }, (_, i) => hashShare(`t${i}`));
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...shares)).toBeLessThan(1);
  expect(shares.filter((share) => share < 0.5).length).toBeGreaterThan(200);
});
