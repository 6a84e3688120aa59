import { wilson, z } from './statistics.ts';

/** A number somebody will quote: never without its 95 % interval and how many it rests on. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  n: number;
}

/** Fewer say nothing that should be quoted. */
const leastN = 5;

/** Median with the interval its own order gives: no assumption about how delays are spread. */
export function medianEstimate(values: readonly number[]): Estimate | null {
  const n = values.length;
  if (n < leastN) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (rank: number) => sorted[Math.min(n - 1, Math.max(0, rank))] as number;
  const reach = (z.two95 * Math.sqrt(n)) / 2;
  const middle = n % 2 === 1 ? at((n - 1) / 2) : (at(n / 2 - 1) + at(n / 2)) / 2;
  return { value: middle, low: at(Math.floor(n / 2 - reach) - 1), high: at(Math.ceil(n / 2 + reach)), n };
}

export function shareEstimate(hits: number, n: number): Estimate | null {
  if (n < leastN) return null;
  return { value: hits / n, ...wilson(hits, n, z.two95), n };
}

export interface Timed {
  atMs: number;
  value: number;
}

/**
 * What `a` is more than `b`, each value of `a` beside the nearest of `b` in time: whatever slows both at that moment
 * cancels out, which it does not in a difference of two medians. No value is used twice; a pair is of the time of `a`.
 */
export function pairs(a: readonly Timed[], b: readonly Timed[], withinMs: number): Timed[] {
  const left = [...a].sort((x, y) => x.atMs - y.atMs);
  const right = [...b].sort((x, y) => x.atMs - y.atMs);
  const found: Timed[] = [];
  let at = 0;
  for (const one of left) {
    while (at < right.length && (right[at]?.atMs ?? 0) < one.atMs - withinMs) at++;
    let next = right[at + 1];
    while (next && Math.abs(next.atMs - one.atMs) < Math.abs((right[at]?.atMs ?? 0) - one.atMs))
      next = right[++at + 1];
    const partner = right[at];
    if (!partner || Math.abs(partner.atMs - one.atMs) > withinMs) continue;
    found.push({ atMs: one.atMs, value: one.value - partner.value });
    at++;
  }
  return found;
}

export function pairedDifferences(a: readonly Timed[], b: readonly Timed[], withinMs: number): number[] {
  return pairs(a, b, withinMs).map((pair) => pair.value);
}

/** What buying credit costs, apart from any price: a line of its own wherever a markup is shown. */
export const creditFees = {
  openrouter: { card: 0.055, crypto: 0.05, leastUsd: 0.8 },
} as const;

/** What is charged for a purchase of this much credit. */
export function creditFeeUsd(usd: number, by: 'card' | 'crypto'): number {
  const { leastUsd, [by]: share } = creditFees.openrouter;
  return Math.max(leastUsd, usd * share);
}
