import type { Circuit, GuardState, RouteState } from './plan.ts';
import { providerBase } from './target.ts';

/** The routing view: decisions only. One complete object per target, never a patch. */
export interface RoutingTarget {
  id: string;
  gateway: string;
  provider: string | null;
  model: string;
  groups: string[];
  state: RouteState['state'];
  circuit: { state: Circuit['state']; since: string; retry_at: string | null; ramp_until: string | null };
  advice: { action: RouteState['advice']['action']; weight: number };
  confidence: { level: RouteState['confidence']['level']; samples: number };
  observed_at: string | null;
}

export interface RoutingGuard {
  state: GuardState['state'];
  open_fraction: number;
  max_open_fraction: number;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

/** Shared fates a fallback should avoid: `direct` is no gateway, `any` is no provider. */
export function routingGroups({ target }: Pick<RouteState, 'target'>): string[] {
  const groups: string[] = [];
  if (target.gateway && target.gateway !== 'direct') groups.push(`gateway:${target.gateway}`);
  if (target.provider && target.provider !== 'any') groups.push(`provider:${providerBase(target.provider)}`);
  return groups;
}

/** The provider as a router names it: the pinned endpoint's tag where there is one; null when the gateway chooses. */
export function wireProvider(route: Pick<RouteState, 'target' | 'endpoint'>): string | null {
  if (route.endpoint) return route.endpoint;
  return route.target.provider === 'any' ? null : route.target.provider;
}

export function routingTarget(route: RouteState): RoutingTarget {
  const { circuit, advice, confidence, target } = route;
  return {
    id: route.targetId,
    gateway: target.gateway ?? 'direct',
    provider: wireProvider(route),
    model: target.model ?? '',
    groups: routingGroups(route),
    state: route.state,
    circuit: {
      state: circuit.state,
      since: iso(circuit.sinceMs),
      retry_at: isoOrNull(circuit.retryAtMs),
      ramp_until: isoOrNull(circuit.rampUntilMs),
    },
    advice: { action: advice.action, weight: advice.weight },
    confidence: { level: confidence.level, samples: confidence.samples },
    observed_at: isoOrNull(route.observedAtMs),
  };
}

export function routingGuard(guard: GuardState): RoutingGuard {
  return {
    state: guard.state,
    open_fraction: share(guard.openFraction),
    max_open_fraction: share(guard.maxOpenFraction),
  };
}

/** Three places are enough for a reader, and keep equal states equal. */
export function share(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}

/** Whether somebody who follows the advice would send ordinary traffic there. */
export function isUsable({ advice }: Pick<RouteState, 'advice'>): boolean {
  return advice.action === 'use' || advice.action === 'prefer_not';
}
