import type { Policy } from './policy.ts';
import type { Baseline } from './state.ts';

/** A target's own recent first-token time: median and median deviation of its last samples. */

/** One slow sample in this many is let in, so that a new normal is learned within a day and not within an hour. */
const slowShareTaken = 24;
const recomputeAfter = 16;

export function isSlowAgainst(baseline: Baseline, firstTokenMs: number, policy: Policy): boolean {
  const { median, mad } = baseline;
  if (median === null) return false;
  const far = Math.max(policy.slow_mads * mad, policy.slow_floor_ms);
  return firstTokenMs > policy.slow_factor * median && firstTokenMs > median + far;
}

export function addSample(baseline: Baseline, firstTokenMs: number, isSlow: boolean, policy: Policy): void {
  baseline.stale += 1;
  if (isSlow && baseline.stale % slowShareTaken !== 0) return;
  if (baseline.samples.length < policy.baseline_samples) baseline.samples.push(firstTokenMs);
  else baseline.samples[baseline.next % policy.baseline_samples] = firstTokenMs;
  baseline.next += 1;
  if (baseline.next % recomputeAfter !== 0 && baseline.median !== null) return;
  if (baseline.samples.length < policy.baseline_least) return;
  const sorted = Float64Array.from(baseline.samples).sort();
  const median = sorted[sorted.length >> 1]!;
  baseline.median = median;
  baseline.mad = sorted.map((value) => Math.abs(value - median)).sort()[sorted.length >> 1]!;
}
