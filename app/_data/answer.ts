import type { ComponentState, Incident } from '#lib/core/plan.ts';
import { type Overall, overallVerdict } from '#lib/core/sentence.ts';
import { type ConfidenceLevel, type Verdict, verdictWords } from '#lib/core/words.ts';
import type { Fresh } from './fresh.ts';

/** The first line of the page: what the sentence is made from, and the facts that stand beside it. */
export interface Answer {
  verdict: Verdict;
  overall: Overall;
  sure: ConfidenceLevel;
  checks: number;
  lastCheckAtMs: number | null;
}

export function answerOf(fresh: Fresh, nowMs: number): Answer {
  const isBlind = fresh.freshness === 'fresh' && fresh.guard.self === 'blind';
  const lastCheckAtMs = lastCheckAt(fresh);
  const worst = worstIncident(fresh.incidents);
  const shown = fresh.components.filter((c) => c.verdict !== 'unknown');
  const overall: Overall = {
    components: fresh.components,
    incidents: fresh.incidents,
    nowMs,
    lastLookAtMs: lastCheckAtMs,
    isBlind,
    isStale: fresh.freshness === 'stopped',
  };
  return {
    verdict: fresh.freshness === 'fresh' ? overallVerdict(overall) : 'unknown',
    overall,
    sure: worst?.confidence ?? surest(shown),
    checks:
      worst?.evidence.total ?? shown.reduce((n, c) => n + (c.kind === 'route' ? c.confidence.samples : 0), 0),
    lastCheckAtMs,
  };
}

export function worstIncident(incidents: Incident[]): Incident | undefined {
  return incidents
    .filter((i) => i.status === 'open')
    .sort((a, b) => verdictWords[b.impact].severity - verdictWords[a.impact].severity)[0];
}

const levels: ConfidenceLevel[] = ['none', 'low', 'medium', 'high'];

function surest(components: ComponentState[]): ConfidenceLevel {
  const gateways = components.filter((c) => c.kind === 'gateway');
  return (gateways.length > 0 ? gateways : components).reduce<ConfidenceLevel>(
    (best, c) => (levels.indexOf(c.confidence.level) > levels.indexOf(best) ? c.confidence.level : best),
    'none',
  );
}

export function lastCheckAt(fresh: Fresh): number | null {
  const all: Pick<ComponentState, 'confidence'>[] = [...fresh.components, ...fresh.routes];
  return all.reduce<number | null>((last, { confidence: { lastSampleAtMs: at } }) => {
    return at !== null && (last === null || at > last) ? at : last;
  }, null);
}
