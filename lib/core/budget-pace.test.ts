import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calmLimits,
  dayAllowance,
  dayStartMs,
  monthStartMs,
  projectedDay,
  spareSeldom,
  stretchFor,
} from './budget-pace.ts';

const caps = { usdPerDay: 0.5, usdPerMonth: 15, requestsPerDay: 40_000 };
const noon = Date.UTC(2026, 1, 17, 12);

describe('the allowance of a day', () => {
  it('is the day’s cap while the month has enough', () => {
    expect(dayAllowance(caps, 0, noon).usd).toBe(0.5);
  });

  it('is the rest of the month spread over its days when that is less', () => {
    expect(dayAllowance(caps, 14.4, noon).usd).toBeCloseTo(0.6 / 12);
    expect(dayAllowance(caps, 20, noon).usd).toBe(0);
  });

  it('begins at midnight UTC, the month on its first day', () => {
    expect(dayStartMs(noon)).toBe(Date.UTC(2026, 1, 17));
    expect(monthStartMs(noon)).toBe(Date.UTC(2026, 1, 1));
  });
});

describe('the pace of calm looks', () => {
  it('stretches the intervals until the day uses three quarters', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            everyMs: fc.integer({ min: 1_000, max: 3_600_000 }),
            priceUsd: fc.double({ min: 0, max: 0.01, noNaN: true }),
            probe: fc.constantFrom('completion' as const, 'drift' as const),
            options: fc.record({ endpoints: fc.array(fc.string(), { maxLength: 5 }) }),
          }),
          { minLength: 1, maxLength: 50 },
        ),
        (watched) => {
          const allowance = dayAllowance(caps, 0, noon);
          const factor = stretchFor(projectedDay(watched), allowance);
          const slower = watched.map((w) => ({ ...w, everyMs: w.everyMs * factor }));
          const day = projectedDay(slower);
          expect(day.usd).toBeLessThanOrEqual(0.75 * allowance.usd + 1e-9);
          expect(day.requests).toBeLessThanOrEqual(0.75 * allowance.requests + 1e-6);
          expect(factor).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });

  it('spares what is looked at seldom first, of that the dearest, and nothing that need not be', () => {
    const target = fc.record({
      everyMs: fc.constantFrom(60_000, 900_000, 3_600_000),
      dayUsd: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(target, { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (targets, have) => {
          const factors = spareSeldom(targets, have);
          const sum = (of: (i: number) => number) => targets.reduce((all, _one, i) => all + of(i), 0);
          const total = sum((i) => targets[i]!.dayUsd / factors[i]!);
          if (sum((i) => targets[i]!.dayUsd / 4) <= have - 1e-9)
            expect(total).toBeLessThanOrEqual(have + 1e-9);
          if (sum((i) => targets[i]!.dayUsd) <= have) expect(Math.max(...factors)).toBe(1);
          for (const [i, one] of targets.entries()) {
            expect(factors[i]! >= 1 && factors[i]! <= 4).toBe(true);
            for (const [k, other] of targets.entries()) {
              const isDearerAlike = other.everyMs === one.everyMs && other.dayUsd > one.dayUsd;
              if (isDearerAlike) expect(factors[k]!).toBeGreaterThanOrEqual(factors[i]!);
              const isMoreOften = other.everyMs < one.everyMs && factors[k]! > 1 && one.dayUsd > 0;
              if (isMoreOften) expect(factors[i]!).toBe(4);
            }
          }
        },
      ),
    );
  });

  it('leaves intervals alone that fit', () => {
    expect(stretchFor({ usd: 0.3, requests: 1_000 }, { usd: 0.5, requests: 40_000 })).toBe(1);
  });

  it('stops where there is nothing to spend', () => {
    expect(stretchFor({ usd: 0.3, requests: 10 }, { usd: 0, requests: 10 })).toBe(Number.POSITIVE_INFINITY);
    expect(stretchFor({ usd: 0, requests: 0 }, { usd: 0, requests: 0 })).toBe(1);
  });

  it('is never ahead of the day by more than an hour', () => {
    const allowance = { usd: 0.48, requests: 4_800 };
    expect(calmLimits(allowance, dayStartMs(noon)).usd).toBeCloseTo((0.48 * 0.75) / 24);
    expect(calmLimits(allowance, noon).requests).toBe(Math.floor((4_800 * 0.75 * 13) / 24));
    expect(calmLimits(allowance, dayStartMs(noon) + 86_399_000).usd).toBeCloseTo(0.36);
  });

  it('begins a small day with one look', () => {
    expect(calmLimits({ usd: 1, requests: 5 }, dayStartMs(noon)).requests).toBe(1);
    expect(calmLimits({ usd: 1, requests: 0 }, noon).requests).toBe(0);
  });
});
