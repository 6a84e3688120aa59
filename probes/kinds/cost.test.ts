import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costOf, type Spent } from './cost.ts';

const price = { promptUsd: 1e-6, completionUsd: 4e-6, requestUsd: 0 };
const spent = (more: Partial<Spent> = {}): Spent => ({
  usage: { promptTokens: 20, completionTokens: 5, reasoningTokens: 0, costUsd: null },
  outputChars: 2,
  promptChars: 60,
  maxTokens: 16,
  isSent: true,
  isRefused: false,
  isWhole: true,
  ...more,
});
const usage = (costUsd: number | null, completionTokens: number | null = 5) => ({
  promptTokens: 20,
  completionTokens,
  reasoningTokens: 0,
  costUsd,
});

test('what the response says is what it cost', () => {
  expect(costOf(spent({ usage: usage(0.000123) }), price, 0.01)).toBe(0.000123);
});

test('counted tokens at the catalogue’s price, where no cost is said', () => {
  expect(costOf(spent(), price, 0.01)).toBe(0.00004);
});

test('without usage the most it can have been, with a margin', () => {
  const usd = costOf(spent({ usage: null }), price, 0.01) ?? 0;
  expect(usd).toBeGreaterThan(16 * price.completionUsd);
  expect(usd).toBeLessThan(0.001);
});

test('usage that claims nothing for what we read ourselves is not believed', () => {
  const usd = costOf(spent({ usage: usage(0, 0), outputChars: 600 }), price, 0.01) ?? 0;
  expect(usd).toBeGreaterThanOrEqual(50 * price.completionUsd);
});

test.each([-1, 1e9, 9])('a cost of %d is no cost', (lie) => {
  expect(costOf(spent({ usage: usage(lie) }), price, 0.01)).toBe(0.00004);
});

test('what was never sent, or refused, costs nothing', () => {
  expect(costOf(spent({ usage: null, isSent: false }), price, 0.01)).toBe(0);
  expect(costOf(spent({ usage: null, isRefused: true }), price, 0.01)).toBe(0);
});

test('without any price the reservation stands', () => {
  expect(costOf(spent({ usage: null }), null, 0.01)).toBe(0.01);
  expect(costOf(spent({ usage: null }), null, 0)).toBeNull();
});

test('no lie makes a look cheaper than nothing or dearer than can be', () => {
  const number = fc.option(fc.double({ noNaN: true }));
  fc.assert(
    fc.property(
      number,
      number,
      number,
      fc.nat(5_000),
      fc.boolean(),
      (cost, prompt, completion, outputChars, isWhole) => {
        const lie = {
          promptTokens: prompt,
          completionTokens: completion,
          reasoningTokens: null,
          costUsd: cost,
        };
        const usd = costOf(spent({ usage: lie, outputChars, isWhole }), price, 0.01);
        expect(usd).toBeGreaterThanOrEqual(0);
        expect(usd).toBeLessThanOrEqual(10);
      },
    ),
  );
});
