import { dayStartMs, monthStartMs } from './budget-pace.ts';
import type { CoreEvent } from './plan.ts';

/** As much of the ledger as the warning needs. */
export interface BudgetUse {
  usedUsd: number;
  capUsd: number;
  usedRequests: number;
  capRequests: number;
  usedMonthUsd: number;
  capMonthUsd: number;
  /** A paid check was refused just now because of a cap. */
  isCapped: boolean;
}

/** Calm checks stop here: the rest is kept for suspicion and open incidents. */
const calmShare = 0.75;

/** Said once a day, or once a month where it is the month's: paid checks stop, and whoever pays is to know why. */
export function budgetWarning(use: BudgetUse, nowMs: number): CoreEvent | null {
  const limit = use.isCapped ? limitOf(use, nowMs) : null;
  if (limit === null) return null;
  const { period, said, fromMs, until } = limit;
  return {
    id: `account:budget:${period}:${fromMs}`,
    type: 'account.warning',
    atMs: nowMs,
    scope: { kind: 'account', id: 'budget' },
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence: `The ${period}’s budget for paid checks is reached: ${said}. They stop until ${until}; free checks go on.`,
    reason: 'a quarter is kept for suspicion and open incidents; the rest is used up',
    startedAtMs: null,
    expiresAtMs: null,
    data: { what: 'budget', period, ...use },
  };
}

interface Limit {
  period: 'month' | 'day';
  said: string;
  fromMs: number;
  until: string;
}

/** The cap that binds. One of a single gateway, or of a key's free tier, is none of these and is said on the page. */
function limitOf(use: BudgetUse, nowMs: number): Limit | null {
  const month = { period: 'month', fromMs: monthStartMs(nowMs), until: 'the next month' } as const;
  const day = { period: 'day', fromMs: dayStartMs(nowMs), until: 'midnight UTC' } as const;
  if (isReached(use.usedMonthUsd, use.capMonthUsd))
    return { ...month, said: `${use.usedMonthUsd.toFixed(2)} of ${use.capMonthUsd.toFixed(2)} USD` };
  if (isReached(use.usedUsd, use.capUsd))
    return { ...day, said: `${use.usedUsd.toFixed(2)} of ${use.capUsd.toFixed(2)} USD` };
  if (isReached(use.usedRequests, use.capRequests))
    return { ...day, said: `${use.usedRequests} of ${use.capRequests} requests` };
  return null;
}

/** A cap of nought is a choice, not a surprise. Within a hundredth: the next check would not have fitted. */
function isReached(used: number, cap: number): boolean {
  return cap > 0 && used >= cap * (calmShare - 0.01);
}
