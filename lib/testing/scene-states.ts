import type { ComponentState, Confidence, RouteState } from '../core/plan.ts';
import { routeScopeId, type TargetRef, targetId } from '../core/target.ts';
import { type ComponentKind, type Verdict, verdictWords } from '../core/words.ts';

export function confidence(samples: number, atMs: number): Confidence {
  return { level: 'high', samples, pUp: 0.99, vantages: 1, agreeingVantages: 1, lastSampleAtMs: atMs };
}

export interface StateAbout {
  verdict: Verdict;
  sinceMs: number;
  reason: string;
  affectedBy?: string | null;
  incidentId?: string | null;
}

export function component(
  kind: ComponentKind,
  id: string,
  nowMs: number,
  about: StateAbout,
  chain: ComponentState['chain'] = null,
): ComponentState {
  return {
    kind,
    id,
    affectedBy: null,
    incidentId: null,
    ...about,
    confidence:
      about.verdict === 'unknown'
        ? { ...confidence(0, nowMs), level: 'none' }
        : confidence(41, nowMs - 9_000),
    chain,
    updatedAtMs: nowMs - 4_000,
  };
}

export function routeState(target: TargetRef, nowMs: number, about: StateAbout): RouteState {
  const isOut = about.verdict === 'major_outage';
  return {
    targetId: targetId(target),
    target,
    endpoint: target.provider,
    state: verdictWords[about.verdict].feed,
    verdict: about.verdict,
    stateSinceMs: about.sinceMs,
    reason: about.reason,
    circuit: {
      state: isOut ? 'open' : 'closed',
      sinceMs: about.sinceMs,
      reason: isOut ? 'http_5xx' : null,
      openedAtMs: isOut ? [about.sinceMs] : [],
      retryAtMs: isOut ? nowMs + 21_000 : null,
      rampUntilMs: null,
      source: 'auto',
      backoff: 0,
    },
    advice: isOut ? { action: 'avoid', weight: 0 } : { action: 'use', weight: 100 },
    limited: false,
    confidence:
      about.verdict === 'unknown'
        ? { ...confidence(0, nowMs), level: 'none' }
        : confidence(12, nowMs - 11_000),
    observedAtMs: nowMs - 11_000,
    affectedBy: about.affectedBy ?? null,
    incidentId: about.incidentId ?? null,
    removed: false,
  };
}

export function routeComponent(route: RouteState, nowMs: number): ComponentState {
  return component('route', routeScopeId(route.target), nowMs, {
    verdict: route.verdict,
    sinceMs: route.stateSinceMs,
    reason: route.reason,
    affectedBy: route.affectedBy,
    incidentId: route.incidentId,
  });
}
