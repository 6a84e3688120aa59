import type { Watched } from '../../lib/core/fleet.ts';
import { blankObservation, noTiming, type Observation } from '../../lib/core/observation.ts';
import {
  type ComponentState,
  type Confidence,
  type CoreEvent,
  type DeliveryDraft,
  emptyPlan,
  type Incident,
  type Plan,
  type RouteState,
} from '../../lib/core/plan.ts';
import { type TargetRef, targetId, targetKey } from '../../lib/core/target.ts';
import type { Receiver, Store } from '../../lib/store.ts';

/** What a contract test needs of an engine. */
export interface Bench {
  store: Store;
  /** A second connection, as the web process has it. */
  reader(): Store;
  /** Closes the store and opens it again, as a restart does. */
  restart(): Store;
  clock: { nowMs: number };
}
export type OpenBench = (startMs: number) => Bench;

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
export const minuteMs = 60_000;
/** A Monday, far from any month's end. */
export const monday = Date.UTC(2026, 5, 8);

export const haiku: TargetRef = {
  gateway: 'openrouter',
  provider: 'anthropic',
  model: 'anthropic/claude-haiku-4.5',
};
export const haikuKey = targetKey('completion', haiku);
export const haikuId = targetId(haiku);

export function look(atMs: number, change: Partial<Observation> = {}): Observation {
  return blankObservation({
    atMs,
    vantage: 'local',
    probe: 'completion',
    target: haiku,
    reached: 'done',
    status: 200,
    timing: {
      ...noTiming,
      headersMs: 180.2,
      firstByteMs: 181,
      firstTokenMs: 430.5,
      worstGapMs: 61,
      totalMs: 912.3,
    },
    output: { tokens: 12, reasoningTokens: 0, finish: 'stop', done: true, answer: 'match' },
    ...change,
  });
}

export function planOf(change: Partial<Plan>): Plan {
  return { ...emptyPlan, ...change };
}

/** Records looks that all have the same outcome and decide nothing. */
export function recordAll(store: Store, looks: Observation[], outcome = 'ok'): void {
  store.looks.record(
    looks.map((observation) => ({ observation, found: [] })),
    () => ({ outcome, plan: emptyPlan }),
  );
}

/** One look a minute from `fromMs`, outcome by its number. */
export function recordMinutes(
  store: Store,
  fromMs: number,
  minutes: number,
  outcomeOf: (minute: number) => string = () => 'ok',
  change: (minute: number) => Partial<Observation> = () => ({}),
): void {
  const seen = Array.from({ length: minutes }, (_, i) => ({
    observation: look(fromMs + i * minuteMs, { slot: (fromMs + i * minuteMs) / minuteMs, ...change(i) }),
    found: [],
  }));
  store.looks.record(seen, (o) => ({
    outcome: outcomeOf(Math.round((o.atMs - fromMs) / minuteMs)),
    plan: emptyPlan,
  }));
}

export function watched(target: TargetRef = haiku, change: Partial<Watched> = {}): Watched {
  return {
    key: targetKey('completion', target),
    probe: 'completion',
    target,
    dialect: 'openai-chat',
    baseUrl: 'http://127.0.0.1:1/v1',
    keyName: null,
    wireModel: target.model,
    endpoint: null,
    providerName: null,
    everyMs: minuteMs,
    timeoutMs: 30_000,
    priceUsd: 0.00001,
    price: null,
    maxTokens: 16,
    supportedParameters: null,
    isReasoningMandatory: false,
    origin: 'config',
    options: {},
    ...change,
  };
}

const sure: Confidence = {
  level: 'high',
  samples: 9,
  pUp: 1,
  vantages: 1,
  agreeingVantages: 1,
  lastSampleAtMs: monday,
};

export function route(change: Partial<RouteState> = {}): RouteState {
  return {
    targetId: haikuId,
    target: haiku,
    endpoint: null,
    state: 'up',
    verdict: 'operational',
    stateSinceMs: monday,
    reason: 'It answers.',
    circuit: {
      state: 'closed',
      sinceMs: monday,
      reason: null,
      openedAtMs: [],
      retryAtMs: null,
      rampUntilMs: null,
      source: 'auto',
      backoff: 0,
    },
    advice: { action: 'use', weight: 100 },
    limited: false,
    confidence: sure,
    observedAtMs: monday,
    affectedBy: null,
    incidentId: null,
    removed: false,
    ...change,
  };
}

export function component(change: Partial<ComponentState> = {}): ComponentState {
  return {
    kind: 'gateway',
    id: 'openrouter',
    verdict: 'operational',
    sinceMs: monday,
    reason: 'All of 14 routes answer.',
    confidence: sure,
    affectedBy: null,
    incidentId: null,
    chain: null,
    updatedAtMs: monday,
    ...change,
  };
}

export function incident(change: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    scope: { kind: 'gateway', id: 'openrouter' },
    impact: 'partial_outage',
    status: 'open',
    isUnstable: false,
    isPublic: true,
    confidence: 'high',
    startedAtMs: monday,
    openedAtMs: monday + 30_000,
    resolvedAtMs: null,
    title: 'OpenRouter: some calls fail',
    reason: '9 of 41 route checks failed in 90 s.',
    evidence: {
      failed: 9,
      total: 41,
      providers: 7,
      windowMs: 90_000,
      byClass: { http_5xx: 9 },
      sample: null,
      working: [],
      witnesses: [],
      candidates: [],
    },
    timeline: [{ atMs: monday + 30_000, kind: 'opened', text: 'Opened.', by: 'machine' }],
    affected: [],
    acknowledgedBy: null,
    pinned: [],
    ...change,
  };
}

export function event(id: string, change: Partial<CoreEvent> = {}): CoreEvent {
  return {
    id,
    type: 'incident.opened',
    atMs: monday + 30_000,
    scope: { kind: 'gateway', id: 'openrouter' },
    impact: 'partial_outage',
    incidentId: 'i1',
    targetId: null,
    isPublic: true,
    sentence: 'OpenRouter fails.',
    reason: '9 of 41.',
    startedAtMs: monday,
    expiresAtMs: null,
    data: {},
    ...change,
  };
}

export function draft(id: string, change: Partial<DeliveryDraft> = {}): DeliveryDraft {
  return {
    id,
    eventId: 'e1',
    receiverId: 'slack-1',
    channel: 'slack',
    incidentId: 'i1',
    isSent: true,
    reason: 'asked for',
    onlyIfTold: false,
    nextAtMs: monday,
    notAfterMs: null,
    ...change,
  };
}

export function receiver(id: string, change: Partial<Receiver> = {}): Receiver {
  return {
    id,
    origin: 'public',
    channel: 'email',
    settings: { to: `${id}@example.com` },
    scope: [],
    minImpact: null,
    kinds: ['incident'],
    untilIncidentId: null,
    status: 'active',
    createdAtMs: monday,
    isMutedUntilMs: null,
    ...change,
  };
}
