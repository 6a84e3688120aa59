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

/** A target may be looked at so many times less often before all of them are. */
const longestSparing = 4;

/**
 * How many times longer each interval must be for all to fit: what is looked at seldom anyway gives way first, and of
 * that the dearest, so that the core keeps its minute. All ones where even that is not enough.
 */
export function spareSeldom(
  targets: readonly { everyMs: number; dayUsd: number }[],
  haveUsd: number,
): number[] {
  const factors = targets.map(() => 1);
  const total = (): number => targets.reduce((sum, { dayUsd }, i) => sum + dayUsd / factors[i]!, 0);
  const intervals = [...new Set(targets.map(({ everyMs }) => everyMs))].sort((a, b) => b - a);
  for (const everyMs of intervals) {
    const overUsd = total() - haveUsd;
    if (overUsd <= 0) return factors;
    const tier = targets.flatMap((target, i) => (target.everyMs === everyMs ? [i] : []));
    const days = tier.map((i) => targets[i]!.dayUsd);
    const spared = spareDearest(days, days.reduce((sum, day) => sum + day, 0) - overUsd);
    for (const [k, i] of tier.entries()) factors[i] = spared[k]!;
  }
  return total() <= haveUsd ? factors : targets.map(() => 1);
}

/** A level that no day of these may cost more than, found so that all of them fit; four times at most. */
function spareDearest(daysUsd: readonly number[], haveUsd: number): number[] {
  const factorAt = (levelUsd: number, usd: number): number =>
    usd <= levelUsd ? 1 : Math.min(longestSparing, levelUsd > 0 ? usd / levelUsd : longestSparing);
  const totalAt = (levelUsd: number): number =>
    daysUsd.reduce((sum, usd) => sum + usd / factorAt(levelUsd, usd), 0);
  let low = 0;
  let high = Math.max(0, ...daysUsd);
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
