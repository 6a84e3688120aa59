import { expect, test } from 'vitest';
import { accountWarnings, creditHours } from './account-warning.ts';
import type { AccountFound } from './plan.ts';

const noonMs = Date.UTC(2026, 10, 21, 12);
const found = (more: Partial<AccountFound> = {}): AccountFound => ({
  label: null,
  limitUsd: 50,
  limitRemainingUsd: 40,
  limitReset: null,
  usageUsd: 10,
  usageDailyUsd: 1.2,
  usageMonthlyUsd: null,
  isFreeTier: false,
  freeDaily: null,
  expiresAtMs: null,
  ...more,
});
const say = (now: Partial<AccountFound>, before: Partial<AccountFound> | null = {}, atMs = noonMs) =>
  accountWarnings('openrouter', before && { ...found(before), atMs: atMs - 60_000 }, found(now), atMs);

test('hours of credit are what is left over what today costs an hour', () => {
  expect(creditHours(null, found(), noonMs)).toBeCloseTo(400);
  expect(creditHours(null, found({ limitRemainingUsd: null }), noonMs)).toBeNull();
  expect(creditHours(null, found({ usageDailyUsd: 0 }), noonMs)).toBeNull();
});

test('a limit that begins anew before it is used up foretells nothing, and no credit outlives its year', () => {
  const hours = (more: Partial<AccountFound>) => creditHours(null, found(more), noonMs);
  // 0.1 USD an hour; noon of a Saturday, nine days before the month ends.
  expect(hours({ limitReset: 'daily', limitRemainingUsd: 2 })).toBeNull();
  expect(hours({ limitReset: 'daily', limitRemainingUsd: 1 })).toBeCloseTo(10);
  expect(hours({ limitReset: 'weekly', limitRemainingUsd: 3.7 })).toBeNull();
  expect(hours({ limitReset: 'weekly', limitRemainingUsd: 3.5 })).toBeCloseTo(35);
  expect(hours({ limitReset: 'monthly', limitRemainingUsd: 30 })).toBeNull();
  expect(hours({ limitReset: 'never heard of', limitRemainingUsd: 30 })).toBeCloseTo(300);
  expect(hours({ limitRemainingUsd: 5_000 })).toBe(365 * 24);
});

test('just after midnight the rate is what was spent since the last look', () => {
  const atMs = Date.UTC(2026, 10, 21, 0, 10);
  const before = { ...found({ usageUsd: 9 }), atMs: atMs - 3_600_000 };
  expect(creditHours(before, found({ usageDailyUsd: 0.01 }), atMs)).toBeCloseTo(40);
});

test('a mark that is passed is said once', () => {
  const [event] = say({ limitRemainingUsd: 2 });
  expect(event).toMatchObject({
    type: 'account.warning',
    isPublic: false,
    scope: { kind: 'account', id: 'openrouter' },
  });
  expect(event?.sentence).toBe(
    'Credit with OpenRouter lasts about 20 hours at the present rate (2.00 USD left).',
  );
  expect(say({ limitRemainingUsd: 1.99 }, { limitRemainingUsd: 2 })).toEqual([]);
  expect(say({ limitRemainingUsd: 0.5 }, { limitRemainingUsd: 2 })).toHaveLength(1);
});

test('an account that is low from the start is said at the start', () => {
  expect(say({ limitRemainingUsd: 0.5 }, null)).toHaveLength(1);
});

test('nothing left is said as what it is', () => {
  expect(say({ limitRemainingUsd: 0 })[0]?.sentence).toBe(
    'Nothing is left on our account with OpenRouter: calls will be refused.',
  );
});

test('no limit, or plenty, is no warning', () => {
  expect(say({ limitRemainingUsd: null, limitUsd: null })).toEqual([]);
  expect(say({})).toEqual([]);
});

test('a key that ends is said a week and a day before', () => {
  const inDays = (days: number) => ({ expiresAtMs: noonMs + days * 86_400_000 });
  expect(say(inDays(8), inDays(8))).toEqual([]);
  expect(say(inDays(6.9), null)[0]?.sentence).toBe('The key for OpenRouter expires on 2026-11-28.');
  expect(say(inDays(6.9), inDays(6.9))).toEqual([]);
  expect(say(inDays(0.9), null)[0]?.id).toContain('expiry-1d');
});

test('the last tenth of the day’s free requests is said once a day, and only to whom lives on them', () => {
  const free = (remaining: number) => ({
    isFreeTier: true,
    freeDaily: { used: 50 - remaining, limit: 50, remaining },
  });
  expect(say(free(5), free(6))[0]?.sentence).toBe(
    '5 of 50 free requests with OpenRouter are left until midnight UTC.',
  );
  expect(say(free(4), free(5))).toEqual([]);
  expect(say({ ...free(4), isFreeTier: false })).toEqual([]);
});
