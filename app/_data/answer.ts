import type { ComponentState } from '#lib/core/plan.ts';
import type { ConfidenceLevel, Verdict } from '#lib/core/words.ts';
import { verdictWords } from '#lib/core/words.ts';
import type { Fresh } from './fresh.ts';

/** The first line of the page. */
export interface Answer {
  verdict: Verdict;
  sentence: string;
  sinceMs: number | null;
  sure: ConfidenceLevel;
  checks: number;
  lastCheckAtMs: number | null;
}

export function answerOf(fresh: Fresh): Answer {
  const gateways = fresh.components.filter((c) => c.kind === 'gateway');
  const worst = [...gateways].sort(
    (a, b) => verdictWords[b.verdict].severity - verdictWords[a.verdict].severity,
  )[0];
  return {
    verdict: worst?.verdict ?? 'unknown',
    sentence: worst?.reason ?? '',
    sinceMs: worst?.sinceMs ?? null,
    sure: worst?.confidence.level ?? 'none',
    checks: worst?.confidence.samples ?? 0,
    lastCheckAtMs: lastCheckAt(fresh),
  };
}

export function lastCheckAt(fresh: Fresh): number | null {
  const all: Pick<ComponentState, 'confidence'>[] = [...fresh.components, ...fresh.routes];
  return all.reduce<number | null>((last, { confidence: { lastSampleAtMs: at } }) => {
    return at !== null && (last === null || at > last) ? at : last;
  }, null);
}
