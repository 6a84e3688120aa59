import type { RoutingTarget } from '../core/feed-routing.ts';
import { asJson, type Export, type ExportAsk, isServing } from './export.ts';

function healthOf(
  target: RoutingTarget | undefined,
  ask: ExportAsk,
): { health_status: string; weight: number } {
  if (!target || !ask.hasOpinion || target.state === 'unknown')
    return { health_status: 'UNKNOWN', weight: 100 };
  if (target.state === 'maintenance') return { health_status: 'DRAINING', weight: 1 };
  if (target.circuit.state === 'half_open') return { health_status: 'HEALTHY', weight: 10 };
  const { action, weight } = target.advice;
  if (action === 'avoid') return { health_status: 'UNHEALTHY', weight: 1 };
  if (action === 'prefer_not' || action === 'last_resort')
    return { health_status: 'DEGRADED', weight: Math.max(1, weight) };
  return { health_status: 'HEALTHY', weight: Math.max(1, weight) };
}

/** Endpoint discovery, from a file or by REST. `endpoint_stale_after` stays unset: it would turn stale into unhealthy. */
export const envoyEds: Export = (ask) => {
  const known = new Map(ask.targets.map((t) => [t.id.toLowerCase(), t]));
  const isAllOut = ask.endpoints.every(
    (e) => known.has(e.id) && !isServing(known.get(e.id) as RoutingTarget),
  );
  const endpoints = ask.endpoints.map(({ id, host, port }) => {
    const { health_status, weight } = healthOf(known.get(id), ask);
    return {
      endpoint: { address: { socket_address: { address: host, port_value: port } } },
      health_status: isAllOut && health_status === 'UNHEALTHY' ? 'DEGRADED' : health_status,
      load_balancing_weight: weight,
      metadata: { filter_metadata: { signalbox: { target: id } } },
    };
  });
  return asJson({
    version_info: `${ask.epoch}-${ask.seq}`,
    type_url: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
    resources: [
      {
        '@type': 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
        cluster_name: ask.cluster,
        endpoints: [{ lb_endpoints: endpoints }],
      },
    ],
  });
};
