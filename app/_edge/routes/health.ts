import { type FeedQuery, type WindowName, windowNames } from '#lib/core/feed-query.ts';
import { circuitStates } from '#lib/core/plan.ts';
import { confidenceLevels, feedStates } from '#lib/core/words.ts';
import type { View } from '../guard.ts';
import { listOf, numberOf, type ParameterRules, type Parameters } from '../parameters.ts';
import { Problem } from '../reply.ts';

export const identityParameters = {
  gateway: { kind: 'list', about: 'gateways' },
  provider: { kind: 'list', about: 'providers or endpoint tags' },
  model: { kind: 'list', about: 'models' },
  target: { kind: 'list', about: 'target ids' },
  group: { kind: 'list', about: 'group ids' },
} as const satisfies ParameterRules;

export const healthParameters = {
  view: { kind: 'one', values: ['full', 'routing'], about: 'full (default), or decisions only' },
  ...identityParameters,
  state: { kind: 'list', values: feedStates, about: 'observed states' },
  circuit: { kind: 'list', values: circuitStates, about: 'recommended circuit states' },
  windows: { kind: 'list', values: windowNames, about: 'windows of figures; 5m when absent' },
  min_confidence: { kind: 'one', values: confidenceLevels, about: 'least confidence' },
  limit: { kind: 'number', min: 1, max: 1_000, about: 'targets per answer; 500 when absent' },
  cursor: {
    kind: 'text',
    max: 600,
    pattern: /^[A-Za-z0-9._~:-]+$/,
    about: 'next_cursor of the answer before',
  },
} as const satisfies ParameterRules;

const filterNames = ['gateway', 'provider', 'model', 'target', 'group', 'state', 'circuit'] as const;

export function feedQueryOf(parameters: Parameters): FeedQuery {
  const filters: FeedQuery['filters'] = {};
  for (const name of filterNames) {
    const values = listOf(parameters, name);
    if (values) filters[name] = values;
  }
  return {
    view: parameters.get('view')?.toLowerCase() === 'routing' ? 'routing' : 'full',
    filters,
    windows: (listOf(parameters, 'windows') ?? ['5m']) as WindowName[],
    minConfidence: (parameters.get('min_confidence')?.toLowerCase() ?? 'none') as FeedQuery['minConfidence'],
    limit: numberOf(parameters, 'limit', 500),
    cursor: parameters.get('cursor') ?? '',
  };
}

/** `GET /api/v1/health`: 200 or 304 whatever the targets do. */
export const health: View = ({ edge, parameters }) => {
  const query = feedQueryOf(parameters);
  if (edge.live.facts().beatMs === null)
    throw new Problem('feed-unavailable', 'nothing has been published yet', {
      headers: { 'retry-after': '2' },
    });
  return edge.views.feed(query);
};
