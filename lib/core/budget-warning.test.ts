import { describe, expect, it } from 'vitest';
import { type BudgetUse, budgetWarning } from './budget-warning.ts';
import { addressOne } from './routing.ts';

const nowMs = Date.UTC(2026, 10, 20, 18);
const use = (change: Partial<BudgetUse> = {}): BudgetUse => ({
  ...{ usedUsd: 0.1, capUsd: 0.5, usedRequests: 900, capRequests: 40_000 },
  ...{ usedMonthUsd: 3, capMonthUsd: 15, isCapped: true },
  ...change,
});
const said = (change: Partial<BudgetUse>) => budgetWarning(use(change), nowMs)?.sentence;

describe('the budget', () => {
  it('is said to be reached with what binds: the day’s money, its requests, or the month’s money', () => {
    expect(said({ usedUsd: 0.3749 })).toBe(
      'The day’s budget for paid checks is reached: 0.37 of 0.50 USD. They stop until midnight UTC; free checks go on.',
    );
    expect(said({ usedRequests: 30_000 })).toContain('30000 of 40000 requests');
    expect(said({ usedMonthUsd: 14.99, usedUsd: 0.5 })).toBe(
      'The month’s budget for paid checks is reached: 14.99 of 15.00 USD. They stop until the next month; free checks go on.',
    );
  });

  it('is no news while nothing was refused, where only a gateway’s own cap binds, or where there is none to spend', () => {
    expect(said({ usedUsd: 0.5, isCapped: false })).toBeUndefined();
    expect(said({})).toBeUndefined();
    expect(said({ usedUsd: 0, capUsd: 0 })).toBeUndefined();
  });

  it('is one event a day, for operators who want to hear of their account, and for nobody else', () => {
    const event = budgetWarning(use({ usedUsd: 0.5 }), nowMs);
    const later = budgetWarning(use({ usedUsd: 0.5 }), nowMs + 3_600_000);
    const tomorrow = budgetWarning(use({ usedUsd: 0.5 }), nowMs + 7 * 3_600_000);
    if (!event) throw new Error('not said');
    expect([later?.id === event.id, tomorrow?.id === event.id]).toEqual([true, false]);
    const receiver = (origin: 'operator' | 'public', kinds: string[]) => ({
      ...{ id: 'r', origin, channel: 'slack', settings: {}, scope: ['gateway:openrouter'], minImpact: null },
      ...{ kinds, untilIncidentId: null, status: 'active' as const, isMutedUntilMs: null },
    });
    const isSent = (origin: 'operator' | 'public', kinds: string[]) =>
      addressOne(event, receiver(origin, kinds), { nowMs, incident: () => null }).isSent;
    expect([
      isSent('operator', ['account']),
      isSent('operator', ['catalog']),
      isSent('public', ['account']),
    ]).toEqual([true, false, false]);
  });
});
