import type { ViewContext } from './context.ts';

/** What the watching costs. Only sums are public; the owner's credit is not. */
export interface Cost {
  todayUsd: number;
  todayChecks: number;
  monthUsd: number;
  limitPerDayUsd: number;
  limitPerMonthUsd: number;
  isLimitReached: boolean;
  /** What is seen is judged and told, and not kept. */
  isDiskFull: boolean;
}

const dayMs = 86_400_000;

export function costOf(ctx: ViewContext): Cost {
  const today = Math.floor(ctx.nowMs / dayMs) * dayMs;
  const now = new Date(ctx.nowMs);
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const day = ctx.store.ledger.spent({ fromMs: today, toMs: ctx.nowMs });
  const inMonth = ctx.store.ledger.spent({ fromMs: month, toMs: ctx.nowMs });
  const { usdPerDay, usdPerMonth } = ctx.settings.budget;
  return {
    todayUsd: day.usd,
    todayChecks: day.requests,
    monthUsd: inMonth.usd,
    limitPerDayUsd: usdPerDay,
    limitPerMonthUsd: usdPerMonth,
    isDiskFull: ctx.store.upkeep.lastBeat()?.facts.isDiskFull === true,
    isLimitReached: day.usd + day.reservedUsd >= usdPerDay || inMonth.usd >= usdPerMonth,
  };
}
