import { type FeedFacts, validUntilMs } from './feed-facts.ts';
import type { ComponentState, Confidence, RouteState } from './plan.ts';

const silence = 'no sign of life from the watching process';

function forget(confidence: Confidence): Confidence {
  return { ...confidence, level: 'none', pUp: null };
}

function unknownRoute(route: RouteState, sinceMs: number): RouteState {
  return {
    ...route,
    state: 'unknown',
    verdict: 'unknown',
    stateSinceMs: route.verdict === 'unknown' ? route.stateSinceMs : sinceMs,
    reason: silence,
    circuit: {
      ...route.circuit,
      state: 'closed',
      sinceMs: route.circuit.state === 'closed' ? route.circuit.sinceMs : sinceMs,
      reason: null,
      retryAtMs: null,
      rampUntilMs: null,
    },
    advice: { action: 'use', weight: 100 },
    limited: false,
    confidence: forget(route.confidence),
    affectedBy: null,
  };
}

function unknownComponent(component: ComponentState, sinceMs: number): ComponentState {
  if (component.verdict === 'unknown') return component;
  return {
    ...component,
    verdict: 'unknown',
    sinceMs,
    reason: silence,
    confidence: forget(component.confidence),
    affectedBy: null,
    chain: component.chain && { ...component.chain, step: null },
  };
}

/**
 * What may be published at this moment. Past the heartbeat's expiry every opinion is withdrawn: unknown means usable,
 * so circuits are closed, and nothing stays green.
 */
export function publishable(facts: FeedFacts, nowMs: number): FeedFacts {
  const expiredAtMs = validUntilMs(facts);
  if (facts.beatMs !== null && nowMs <= expiredAtMs)
    return facts.isExpired ? { ...facts, isExpired: false } : facts;
  const sinceMs = facts.beatMs === null ? nowMs : expiredAtMs;
  return {
    ...facts,
    isExpired: true,
    routes: facts.routes.map((route) => unknownRoute(route, sinceMs)),
    components: facts.components.map((component) => unknownComponent(component, sinceMs)),
    guard: { ...facts.guard, self: 'blind', openFraction: 0, reason: silence, sinceMs },
  };
}
