import { describe, expect, it } from 'vitest';
import { nextDigestAtMs, noRules, parseMinute, quietUntil, rulesOf } from './routing-rules.ts';

const berlin = { fromMinute: 22 * 60, toMinute: 7 * 60, timeZone: 'Europe/Berlin' };

describe('quiet hours', () => {
  it('span midnight in their own zone', () => {
    expect(quietUntil(berlin, Date.UTC(2026, 10, 20, 20, 59))).toBeNull();
    expect(quietUntil(berlin, Date.UTC(2026, 10, 20, 21, 0))).toBe(Date.UTC(2026, 10, 21, 6, 0));
    expect(quietUntil(berlin, Date.UTC(2026, 10, 21, 5, 59, 30))).toBe(Date.UTC(2026, 10, 21, 6, 0));
  });

  it('end at the right local minute in the night the clocks change', () => {
    expect(quietUntil(berlin, Date.UTC(2026, 9, 24, 21, 0))).toBe(Date.UTC(2026, 9, 25, 6, 0));
    expect(quietUntil(berlin, Date.UTC(2026, 2, 28, 22, 0))).toBe(Date.UTC(2026, 2, 29, 5, 0));
  });
});

describe('rules from the store', () => {
  it('ignore what is odd instead of guessing', () => {
    expect(rulesOf({})).toEqual(noRules);
    expect(rulesOf({ rules: { remindMs: 'often', quiet: { fromMinute: 5 }, digest: 'hourly' } })).toEqual(
      noRules,
    );
    expect(rulesOf({ rules: { quiet: { fromMinute: 5, toMinute: 5, timeZone: 'UTC' } } }).quiet).toBeNull();
  });

  it('read a time of day strictly', () => {
    expect(parseMinute('22:30')).toBe(1350);
    expect(['24:00', '7', '7:5', 'noon'].map(parseMinute)).toEqual([null, null, null, null]);
  });

  it('put a digest at the next eight o’clock, never now', () => {
    const eight = Date.UTC(2026, 10, 23, 8);
    expect(nextDigestAtMs('daily', eight)).toBe(eight + 86_400_000);
    expect(nextDigestAtMs('weekly', eight)).toBe(eight + 7 * 86_400_000);
    expect(nextDigestAtMs('daily', eight - 1)).toBe(eight);
  });
});
