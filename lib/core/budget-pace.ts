import { requestsOf } from './budget.ts';
import type { Watched } from './fleet.ts';

/** Pacing: how fast calm looks may go so that the day's money lasts, and a quarter of it is kept for suspicion. */

export const calmShare = 0.75;
const dayMs = 86_400_000;
const hourMs = 3_600_000;

export interface Limits {
  usd: number;
  requests: number;
}

export interface PaceCaps {
  usdPerDay: number;
  usdPerMonth: number;
  requestsPerDay: number;
}

export function dayStartMs(nowMs: number): number {
  return Math.floor(nowMs / dayMs) * dayMs;
}

export function monthStartMs(nowMs: number): number {
  const date = new Date(nowMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

function daysLeftInMonth(nowMs: number): number {
  const date = new Date(nowMs);
  const nextMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return Math.max(1, Math.round((nextMonth - dayStartMs(nowMs)) / dayMs));
}

/** What today may cost: the day's cap, or this month's rest spread over the days left. */
export function dayAllowance(caps: PaceCaps, spentMonthBeforeTodayUsd: number, nowMs: number): Limits {
  const monthShare = Math.max(0, caps.usdPerMonth - spentMonthBeforeTodayUsd) / daysLeftInMonth(nowMs);
  return { usd: Math.min(caps.usdPerDay, monthShare), requests: caps.requestsPerDay };
}

/** What a day of these looks costs at their own intervals. */
export function projectedDay(
  watched: readonly Pick<Watched, 'everyMs' | 'priceUsd' | 'probe' | 'options'>[],
): Limits {
  let usd = 0;
  let requests = 0;
  for (const w of watched) {
    requests += (dayMs / w.everyMs) * requestsOf(w);
    usd += (dayMs / w.everyMs) * w.priceUsd;
  }
  return { usd, requests };
}

/** How many times longer the intervals must be for the projected day to fit into three quarters of what there is. */
export function stretchFor(projected: Limits, allowance: Limits): number {
  const over = (want: number, have: number) =>
    want <= 0 ? 1 : have <= 0 ? Number.POSITIVE_INFINITY : want / (have * calmShare);
  const factor = Math.max(
    1,
    over(projected.usd, allowance.usd),
    over(projected.requests, allowance.requests),
  );
  return inSteps(factor);
}

/** Steps of 5 %: an interval that changed with every cent would change every slot. */
function inSteps(factor: number): number {
  return factor === 1 ? 1 : Math.ceil(factor * 20 - 1e-9) / 20;
}

/** A dear target may be looked at so many times less often before all of them are. */
const longestSparing = 4;

/**
 * How many times longer each interval must be when the dearest give way first: a level that no target's day may cost
 * more than, found so that all of them together fit.
 */
export function spareDearest(daysUsd: readonly number[], haveUsd: number): number[] {
  const factorAt = (levelUsd: number, usd: number): number =>
    usd <= levelUsd ? 1 : Math.min(longestSparing, levelUsd > 0 ? usd / levelUsd : longestSparing);
  const totalAt = (levelUsd: number): number =>
    daysUsd.reduce((sum, usd) => sum + usd / factorAt(levelUsd, usd), 0);
  let high = Math.max(0, ...daysUsd);
  // Either there is enough, or so little that all must be stretched alike.
  if (totalAt(high) <= haveUsd || totalAt(0) > haveUsd) return daysUsd.map(() => 1);
  let low = 0;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (totalAt(middle) <= haveUsd) low = middle;
    else high = middle;
  }
  return daysUsd.map((usd) => inSteps(factorAt(low, usd)));
}

/** What calm looks may have used by now: the share of the day that has passed, plus one hour. */
export function calmLimits(allowance: Limits, nowMs: number): Limits {
  const share = Math.min(1, (nowMs - dayStartMs(nowMs) + hourMs) / dayMs) * calmShare;
  // Whole requests, and at least one: a small allowance would otherwise begin its day with none.
  const requests = allowance.requests <= 0 ? 0 : Math.max(1, Math.floor(allowance.requests * share + 1e-9));
  return { usd: allowance.usd * share, requests };
}
