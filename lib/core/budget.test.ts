import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isChargeable, reservedUsd, settledUsd } from './budget.ts';
import { blankObservation } from './observation.ts';

const look = (more: object) =>
  blankObservation({
    atMs: 0,
    vantage: 'local',
    probe: 'completion',
    target: { gateway: 'openrouter', provider: 'a', model: 'm' },
    ...more,
  });

describe('what one look costs', () => {
  it('is reserved with a safety factor and never below what was learned', () => {
    expect(reservedUsd({ priceUsd: 0.0001, price: null, maxTokens: 16 }, 0)).toBeCloseTo(0.0002);
    expect(reservedUsd({ priceUsd: 0.0001, price: null, maxTokens: 16 }, 0.001)).toBeCloseTo(0.00125);
  });

  it('covers every token that the answer may have', () => {
    const price = { promptUsd: 1e-6, completionUsd: 1e-5, requestUsd: 0.001 };
    expect(reservedUsd({ priceUsd: 0.0001, price, maxTokens: 256 }, 0)).toBeGreaterThan(256 * 1e-5 + 0.001);
  });

  it('is believed when the report is plausible', () => {
    expect(settledUsd(0.00011, 0.0002, true)).toBe(0.00011);
    expect(settledUsd(0.0003, 0.0002, true)).toBe(0.0003);
  });

  it('is the reservation when the report is missing or a lie', () => {
    for (const lie of [null, Number.NaN, -1, 0, 1e-9, Number.POSITIVE_INFINITY])
      expect(settledUsd(lie, 0.0002, true)).toBe(0.0002);
  });

  it('is nothing when nothing was charged', () => {
    expect(settledUsd(null, 0.0002, false)).toBe(0);
  });

  it('is bounded whatever the far side claims', () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.double({ min: 0, max: 0.01, noNaN: true }),
        fc.boolean(),
        (said, held, charged) => {
          const usd = settledUsd(said, held, charged);
          expect(usd).toBeGreaterThanOrEqual(0);
          expect(usd).toBeLessThanOrEqual(Math.max(held * 4, 0.001));
        },
      ),
    );
  });
});

describe('what was charged', () => {
  it('is not a refusal, nor a call that never left', () => {
    expect(isChargeable(look({ reached: 'headers', status: 429 }))).toBe(false);
    expect(isChargeable(look({ reached: 'done', status: 500 }))).toBe(false);
    expect(isChargeable(look({ reached: 'none', fault: 'refused' }))).toBe(false);
    expect(isChargeable(look({ reached: 'resolved', fault: 'timeout' }))).toBe(false);
  });

  it('may be a call that was sent and never answered', () => {
    expect(isChargeable(look({ reached: 'sent', fault: 'timeout' }))).toBe(true);
    expect(isChargeable(look({ reached: 'first_token', status: 200, fault: 'reset' }))).toBe(true);
    expect(isChargeable(look({ reached: 'none', fault: 'aborted' }))).toBe(true);
  });
});
