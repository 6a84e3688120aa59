/** The few formulas judgement uses. Small samples make wide intervals, and the intervals decide. */

/** Normal quantiles by name: a bound "90 %" here is one-sided. */
export const z = { lower90: 1.2816, lower99: 2.3263, two90: 1.6449, two95: 1.96, two99: 2.5758 } as const;

export interface Interval {
  low: number;
  high: number;
}

/** Wilson's interval for a share: honest at n = 3 and at share 0 or 1. */
export function wilson(hits: number, n: number, quantile: number): Interval {
  if (n <= 0) return { low: 0, high: 1 };
  const share = hits / n;
  const z2 = quantile * quantile;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (quantile / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Log-likelihood ratio of "hits of n happen at `share`" against "at `noise`". */
export function logRatio(hits: number, n: number, share: number, noise: number): number {
  return hits * Math.log(share / noise) + (n - hits) * Math.log((1 - share) / (1 - noise));
}

/** Sorts in place. */
export function medianOf(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}

/** Median absolute deviation around `centre`. */
export function madOf(values: readonly number[], centre: number): number {
  return medianOf(values.map((value) => Math.abs(value - centre))) ?? 0;
}

/** Nearest-rank quantile of a sorted list. */
export function quantileOf(sorted: readonly number[], q: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? sorted[0]!;
}

/** A number in [0, 1) that is a function of the text: jitter without hidden randomness. */
export function hashShare(text: string): number {
  return hash32(text) / 4_294_967_296;
}

/** FNV-1a with a final mix, 32 bits. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Two independent hashes, short and in small letters: an id that depends on facts only. */
export function factId(text: string): string {
  return hash32(text).toString(36).padStart(7, '0') + hash32(`${text}#`).toString(36).padStart(7, '0');
}
