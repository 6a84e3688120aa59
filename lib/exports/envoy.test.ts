import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RoutingTarget } from '../core/feed-routing.ts';
import { adviceActions, circuitStates } from '../core/plan.ts';
import { feedStates } from '../core/words.ts';
import { envoyEds } from './envoy.ts';
import type { ExportAsk } from './export.ts';

/** `DiscoveryResponse` of `envoy.config.endpoint.v3.ClusterLoadAssignment` in proto3 JSON: no field that Envoy would refuse. */
const only = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const typeUrl = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';
const socketAddress = only({
  address: { type: 'string', pattern: '^[0-9a-fA-F.:]+$' },
  port_value: { type: 'integer', minimum: 1, maximum: 65_535 },
});
const lbEndpoint = only({
  endpoint: only({ address: only({ socket_address: socketAddress }) }),
  health_status: { enum: ['UNKNOWN', 'HEALTHY', 'UNHEALTHY', 'DRAINING', 'TIMEOUT', 'DEGRADED'] },
  load_balancing_weight: { type: 'integer', minimum: 1, maximum: 4_294_967_295 },
  metadata: only({ filter_metadata: { type: 'object', additionalProperties: { type: 'object' } } }),
});
const list = (items: object) => ({ type: 'array', items });
const isResponse = new Ajv2020().compile(
  only({
    version_info: { type: 'string', minLength: 1 },
    type_url: { const: typeUrl },
    resources: list(
      only({
        '@type': { const: typeUrl },
        cluster_name: { type: 'string', minLength: 1 },
        endpoints: list(only({ lb_endpoints: list(lbEndpoint) })),
      }),
    ),
  }),
);

interface Read {
  resources: { endpoints: { lb_endpoints: { health_status: string; load_balancing_weight: number }[] }[] }[];
}
const endpointsIn = (body: string) =>
  (JSON.parse(body) as Read).resources[0]?.endpoints[0]?.lb_endpoints ?? [];

const target = (i: number, more: Partial<RoutingTarget>): RoutingTarget => ({
  id: `openrouter:p${i}:m~a`,
  ...{ gateway: 'openrouter', provider: `p${i}`, model: 'm/a', groups: [], state: 'up' },
  circuit: { state: 'closed', since: '2026-01-01T00:00:00Z', retry_at: null, ramp_until: null },
  advice: { action: 'use', weight: 100 },
  confidence: { level: 'high', samples: 9 },
  observed_at: null,
  ...more,
});

function ask(targets: RoutingTarget[], hasOpinion = true): ExportAsk {
  return {
    ...{ epoch: 'e', seq: 7, generatedAt: '2026-01-01T00:00:00Z', validUntil: '2026-01-01T00:01:30Z' },
    ...{ hasOpinion, targets, models: [], mode: 'exclude', keep: 1, ids: [], reasons: new Map() },
    endpoints: targets.map(({ id }, i) => ({ id, host: i % 2 ? '::1' : '127.0.0.1', port: 9_100 + i })),
    cluster: 'llm',
  };
}

test('whatever the feed says, it is a document that Envoy reads, and somebody is left', () => {
  const one = fc.record({
    state: fc.constantFrom(...feedStates),
    circuit: fc.constantFrom(...circuitStates),
    action: fc.constantFrom(...adviceActions),
    weight: fc.constantFrom(0, 1, 10, 25, 50, 100),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 6 }), fc.boolean(), (list, hasOpinion) => {
      const targets = list.map(({ state, circuit, action, weight }, i) => {
        const blank = target(i, { state });
        return { ...blank, circuit: { ...blank.circuit, state: circuit }, advice: { action, weight } };
      }) as RoutingTarget[];
      const { body } = envoyEds(ask(targets, hasOpinion));
      expect(isResponse(JSON.parse(body)) ? [] : isResponse.errors).toEqual([]);
      const statuses = endpointsIn(body).map((e) => e.health_status);
      const isOut = (t: RoutingTarget) => t.circuit.state === 'open' && t.advice.action === 'avoid';
      if (targets.length > 0 && targets.every(isOut)) expect(statuses).not.toContain('UNHEALTHY');
      if (!hasOpinion) expect(new Set([...statuses, 'UNKNOWN'])).toEqual(new Set(['UNKNOWN']));
    }),
  );
});

test.each([
  ['closed', {}, 'HEALTHY', 100],
  ['prefer_not', { advice: { action: 'prefer_not', weight: 50 } }, 'DEGRADED', 50],
  ['last_resort', { advice: { action: 'last_resort', weight: 1 } }, 'DEGRADED', 1],
  ['open', { state: 'down', advice: { action: 'avoid', weight: 0 } }, 'UNHEALTHY', 1],
  ['maintenance', { state: 'maintenance' }, 'DRAINING', 1],
  ['unknown', { state: 'unknown' }, 'UNKNOWN', 100],
] as [string, Partial<RoutingTarget>, string, number][])(
  '%s is what the contract writes',
  (_, more, health, weight) => {
    const [first] = endpointsIn(envoyEds(ask([target(0, more), target(1, {})])).body);
    expect([first?.health_status, first?.load_balancing_weight]).toEqual([health, weight]);
  },
);

test('half open is healthy with a tenth of the weight', () => {
  const blank = target(0, { advice: { action: 'probe', weight: 10 } });
  const half = { ...blank, circuit: { ...blank.circuit, state: 'half_open' as const } };
  expect(endpointsIn(envoyEds(ask([half, target(1, {})])).body)[0]).toMatchObject({
    health_status: 'HEALTHY',
    load_balancing_weight: 10,
  });
});
