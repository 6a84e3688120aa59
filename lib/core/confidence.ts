import type { Confidence } from './plan.ts';
import type { Policy } from './policy.ts';
import type { Look } from './state.ts';
import type { ConfidenceLevel } from './words.ts';

/** How sure, and from how much. */
export function confidenceOf(looks: readonly Look[], policy: Policy): Confidence {
  let good = 0;
  let bad = 0;
  let lastMs: number | null = null;
  const vantages = new Map<string, 'good' | 'bad'>();
  for (const look of looks) {
    if (look.weight !== 'good' && look.weight !== 'bad') continue;
    if (look.weight === 'good') good += 1;
    else bad += 1;
    lastMs = Math.max(lastMs ?? 0, look.endMs);
    vantages.set(look.vantage, look.weight);
  }
  const samples = good + bad;
  const last = [...vantages.values()];
  const ups = last.filter((one) => one === 'good').length;
  return {
    level: levelOf(samples, last.length, policy),
    samples,
    pUp: samples === 0 ? null : good / samples,
    vantages: last.length,
    agreeingVantages: Math.max(ups, last.length - ups),
    lastSampleAtMs: lastMs,
  };
}

export const noConfidence: Confidence = {
  level: 'none',
  samples: 0,
  pUp: null,
  vantages: 0,
  agreeingVantages: 0,
  lastSampleAtMs: null,
};

function levelOf(samples: number, vantages: number, policy: Policy): ConfidenceLevel {
  if (samples === 0) return 'none';
  if (samples < policy.medium_samples) return 'low';
  return samples >= policy.high_samples || vantages > 1 ? 'high' : 'medium';
}
