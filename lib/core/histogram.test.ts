import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addEncoded,
  addHistogram,
  addValue,
  bucketCount,
  bucketOf,
  bucketValue,
  emptyHistogram,
  encodedBreakHex,
  encodeHistogram,
  type Histogram,
  quantile,
  quantilesOfFew,
} from './histogram.ts';

const values = fc.array(fc.double({ min: 0, max: 400_000, noNaN: true }), { maxLength: 300 });
const measurable = fc.double({ min: 0.1, max: 300_000, noNaN: true });

function of(list: readonly number[]): Histogram {
  const histogram = emptyHistogram();
  for (const value of list) addValue(histogram, value);
  return histogram;
}

describe('buckets', () => {
  it('stand for every value between 0.1 ms and 300 s within 2.5 %', () => {
    fc.assert(
      fc.property(measurable, (value) => {
        const stood = bucketValue(bucketOf(value));
        expect(Math.abs(stood - value) / value).toBeLessThanOrEqual(0.025 + 1e-9);
      }),
    );
  });
  it('put what is too long into the last one and what is too short into the first', () => {
    expect(bucketOf(300_001)).toBe(bucketCount - 1);
    expect(bucketOf(0)).toBe(0);
  });
});

describe('quantiles', () => {
  it('are within 2.5 % of the nearest rank of the values themselves', () => {
    fc.assert(
      fc.property(
        fc.array(measurable, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (list, q) => {
          const sorted = [...list].sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
          const found = quantile(of(list), q) ?? 0;
          expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(0.025 + 1e-9);
        },
      ),
    );
  });
  it('of a few values by their buckets are those of their histogram', () => {
    const qs = [0.01, 0.5, 0.95, 1];
    fc.assert(
      fc.property(fc.array(measurable, { minLength: 1, maxLength: 300 }), (list) => {
        expect(quantilesOfFew(list.map(bucketOf), qs)).toEqual(qs.map((q) => quantile(of(list), q)));
      }),
    );
  });
  it('are nothing where nothing was measured', () => {
    expect(quantile(emptyHistogram(), 0.5)).toBeNull();
  });
  it('leave impossible numbers out', () => {
    expect(of([Number.NaN, Number.POSITIVE_INFINITY, -1]).n).toBe(0);
  });
});

describe('sums', () => {
  it('of parts are exactly the histogram of the whole, in any order', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const whole = of([...a, ...b]);
        const sum = of(b);
        addHistogram(sum, of(a));
        expect(sum).toEqual(whole);
      }),
    );
  });
  it('survive being written and read back', () => {
    fc.assert(
      fc.property(values, (list) => {
        const back = emptyHistogram();
        addEncoded(back, encodeHistogram(of(list)));
        expect(back).toEqual(of(list));
      }),
    );
  });
  it('of several in one text are those of each', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const texts = [a, b, c].flatMap((list) => encodeHistogram(of(list)) ?? []);
        const hex = texts.map((bytes) => Buffer.from(bytes).toString('hex')).join(encodedBreakHex);
        const back = emptyHistogram();
        addEncoded(back, Buffer.from(hex, 'hex'));
        expect(back).toEqual(of([...a, ...b, ...c]));
      }),
    );
  });
  it('hold counts of more than seven bits', () => {
    const many = of(Array.from({ length: 20_000 }, () => 12));
    const back = emptyHistogram();
    addEncoded(back, encodeHistogram(many));
    expect(back.n).toBe(20_000);
  });
  it('take damaged bytes without a crash and without counting outside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const histogram = emptyHistogram();
        addEncoded(histogram, bytes);
        expect(histogram.counts.length).toBe(bucketCount);
      }),
    );
  });
});
