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
  // Steps of 5 %: an interval that changed with every cent would change every slot.
  return factor === 1 ? 1 : Math.ceil(factor * 20 - 1e-9) / 20;
}

/** What calm looks may have used by now: the share of the day that has passed, plus one hour. */
export function calmLimits(allowance: Limits, nowMs: number): Limits {
  const share = Math.min(1, (nowMs - dayStartMs(nowMs) + hourMs) / dayMs) * calmShare;
  // Whole requests, and at least one: a small allowance would otherwise begin its day with none.
  const requests = allowance.requests <= 0 ? 0 : Math.max(1, Math.floor(allowance.requests * share + 1e-9));
  return { usd: allowance.usd * share, requests };
}
