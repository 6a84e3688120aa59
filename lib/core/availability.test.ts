import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, availabilityText, budgetLeftMinutes, coverageOf, shareOf } from './availability.ts';
import { outcomeClasses } from './outcome-words.ts';

const seconds = fc.dictionary(fc.constantFrom(...outcomeClasses), fc.nat(100_000));
const conventions = fc.constantFrom('openrouter', 'strict', 'lenient') as fc.Arbitrary<
  'openrouter' | 'strict' | 'lenient'
>;

describe('a share', () => {
  it('is between 0 and 1 under every convention', () => {
    fc.assert(
      fc.property(seconds, conventions, (byClass, convention) => {
        const share = shareOf(account(byClass, convention));
        expect(share === null || (share >= 0 && share <= 1)).toBe(true);
      }),
    );
  });
  it('is never better under strict, and never worse under lenient', () => {
    fc.assert(
      fc.property(seconds, (byClass) => {
        const share = (convention: 'openrouter' | 'strict' | 'lenient') => account(byClass, convention).badS;
        expect(share('strict')).toBeGreaterThanOrEqual(share('openrouter'));
        expect(share('lenient')).toBeLessThanOrEqual(share('openrouter'));
      }),
    );
  });
  it('adds up: the sum of two periods is the period', () => {
    fc.assert(
      fc.property(seconds, seconds, conventions, (a, b, convention) => {
        const union: Record<string, number> = { ...a };
        for (const [name, s] of Object.entries(b)) union[name] = (union[name] ?? 0) + s;
        const [x, y, both] = [a, b, union].map((part) => account(part, convention));
        expect((x?.badS ?? 0) + (y?.badS ?? 0)).toBe(both?.badS);
        expect((x?.measuredS ?? 0) + (y?.measuredS ?? 0)).toBe(both?.measuredS);
      }),
    );
  });
  it('is nothing where nothing was measured, and our own faults measure nothing', () => {
    expect(shareOf(account({ no_credit: 600, inconclusive: 60 }, 'openrouter'))).toBeNull();
  });
  it('counts 429 only where it is said to count', () => {
    const byClass = { ok: 900, limited_upstream: 100 };
    expect(shareOf(account(byClass, 'openrouter'))).toBe(1);
    expect(shareOf(account(byClass, 'strict'))).toBe(0.9);
  });
  it('takes a class of a newer version as not measured', () => {
    expect(account({ invented_later: 50 }, 'openrouter').measuredS).toBe(0);
  });
});

describe('coverage', () => {
  it('is what was looked at, and never more than everything', () => {
    expect(coverageOf(account({ ok: 50, limited_shared: 40 }, 'openrouter'), 100)).toBe(0.9);
    expect(coverageOf(account({ ok: 500 }, 'openrouter'), 100)).toBe(1);
    expect(coverageOf(account({ ok: 500 }, 'openrouter'), 0)).toBe(0);
  });
});

describe('a written share', () => {
  const text = (share: number, coverage = 1, badS = share < 1 ? 1 : 0) =>
    availabilityText({ share, badS, coverage });
  it('is cut, never rounded up', () => {
    expect(text(0.99996)).toBe('99.99');
    expect(text(0.9999)).toBe('99.99');
    expect(text(0.99949)).toBe('99.94');
    expect(text(0)).toBe('0.00');
  });
  it('is 100 only when nothing bad was seen and nearly everything was looked at', () => {
    expect(text(1)).toBe('100');
    expect(text(1, 0.95)).toBe('99.99');
    expect(text(0.9999999)).toBe('99.99');
  });
  it('is not written where less than nine tenths were looked at', () => {
    expect(text(1, 0.89)).toBeNull();
    expect(availabilityText({ share: null, badS: 0, coverage: 0 })).toBeNull();
  });
});

it('an error budget is what the objective allows less what failed', () => {
  expect(budgetLeftMinutes(0.999, { measuredS: 86_400, badS: 26.4 })).toBeCloseTo(1, 6);
  expect(budgetLeftMinutes(0.9999, { measuredS: 86_400, badS: 60 })).toBeLessThan(0);
});
