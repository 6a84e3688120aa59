import type { FeedFacts } from './feed-facts.ts';
import { generatedAtMs } from './feed-facts.ts';
import { iso, isoOrNull } from './feed-routing.ts';
import type { RouteState } from './plan.ts';
import { type FeedState, verdictWords } from './words.ts';

const statusOf: Record<FeedState, 'pass' | 'warn' | 'fail'> = {
  up: 'pass',
  degraded: 'warn',
  unknown: 'warn',
  maintenance: 'warn',
  down: 'fail',
};

/** draft-inadarei-api-health-check-06, with the status in the body only: a failing target is no failing feed. */
export function healthJson(route: RouteState, facts: FeedFacts): Record<string, unknown> {
  const time = iso(generatedAtMs(facts));
  const status = statusOf[route.state];
  return {
    status,
    version: '1',
    serviceId: route.targetId,
    description: [route.target.gateway, route.target.provider, route.target.model]
      .filter(Boolean)
      .join(' / '),
    output: status === 'pass' ? '' : route.reason,
    notes: [`observed: ${verdictWords[route.verdict].page}`, route.reason],
    checks: {
      'target:state': [
        { componentId: route.targetId, componentType: 'component', observedValue: route.state, status, time },
      ],
      'target:circuit': [
        {
          componentType: 'component',
          observedValue: route.circuit.state,
          status:
            route.circuit.state === 'closed' ? 'pass' : route.circuit.state === 'open' ? 'fail' : 'warn',
          time: iso(route.circuit.sinceMs),
        },
      ],
      'target:lastSample': [
        {
          componentType: 'component',
          observedValue: isoOrNull(route.confidence.lastSampleAtMs),
          observedUnit: 'time',
          time,
        },
      ],
    },
  };
}
