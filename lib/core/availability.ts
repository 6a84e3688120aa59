import { type Counted, countsAs } from './outcome-class.ts';
import { type OutcomeClass, outcomeClasses } from './outcome-words.ts';
import type { Convention } from './words.ts';

/** Availability as a function of seconds per outcome class: one method, every figure. */

/** Seconds (of slots) per outcome class, however many looks they came from. */
export type SecondsByClass = Record<string, number>;

export interface Accounted {
  /** Seconds that count: good, degraded and bad. */
  measuredS: number;
  badS: number;
  /** Part of the measured seconds; counts as available. */
  degradedS: number;
  /** 429: a series of its own, measured but in no share (under `strict` it is bad instead). */
  limitedS: number;
  /** Our own fault or nobody's: as good as not measured. */
  leftOutS: number;
}

const known = new Set<string>(outcomeClasses);

export function countedAs(outcome: string, convention: Convention): Counted {
  return known.has(outcome) ? countsAs(outcome as OutcomeClass, convention) : 'left_out';
}

export function account(seconds: SecondsByClass, convention: Convention): Accounted {
  const sums: Record<Counted, number> = { good: 0, degraded: 0, bad: 0, limited: 0, left_out: 0 };
  for (const [outcome, s] of Object.entries(seconds)) sums[countedAs(outcome, convention)] += s;
  return {
    measuredS: sums.good + sums.degraded + sums.bad,
    badS: sums.bad,
    degradedS: sums.degraded,
    limitedS: sums.limited,
    leftOutS: sums.left_out,
  };
}

/** In [0, 1]; null when nothing was measured. */
export function shareOf(accounted: Pick<Accounted, 'measuredS' | 'badS'>): number | null {
  if (accounted.measuredS <= 0) return null;
  return Math.min(1, Math.max(0, 1 - accounted.badS / accounted.measuredS));
}

/** How much of the time was looked at at all; maintenance is not asked for. */
export function coverageOf(accounted: Accounted, elapsedS: number): number {
  if (elapsedS <= 0) return 0;
  return Math.min(1, (accounted.measuredS + accounted.limitedS) / elapsedS);
}

const fullCoverage = 0.99;
export const leastCoverage = 0.9;

/**
 * A share as it may be written: cut, never rounded up (99.996 → 99.99), `100` only when nothing bad was seen and
 * coverage is at least 99 %, and null where less than 90 % was measured.
 */
export function availabilityText(figure: {
  share: number | null;
  badS: number;
  coverage: number;
}): string | null {
  if (figure.share === null || figure.coverage < leastCoverage) return null;
  if (figure.badS === 0 && figure.share >= 1 && figure.coverage >= fullCoverage) return '100';
  // A hair above a written figure is that figure: 0.9999 is stored as 0.99990000000000001.
  const hundredths = Math.floor(Math.min(figure.share, 0.9999) * 10_000 + 1e-9);
  return (hundredths / 100).toFixed(2);
}

/** Minutes of failure an objective still allows in this period; negative when it is spent. */
export function budgetLeftMinutes(
  objective: number,
  accounted: Pick<Accounted, 'measuredS' | 'badS'>,
): number {
  return ((1 - objective) * accounted.measuredS - accounted.badS) / 60;
}
