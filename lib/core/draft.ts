import type { Ask, ComponentState, CoreEvent, GuardState, Incident, Plan, RouteState } from './plan.ts';
import type { State } from './state.ts';

/** A plan in the making: what changed several times in one decision is written once. */
export interface Draft {
  components: Map<string, ComponentState>;
  routes: Map<string, RouteState>;
  incidents: Map<string, Incident>;
  events: CoreEvent[];
  guard: GuardState | null;
  asks: Map<string, Ask>;
}

export function newDraft(): Draft {
  return {
    components: new Map(),
    routes: new Map(),
    incidents: new Map(),
    events: [],
    guard: null,
    asks: new Map(),
  };
}

/** What leaves the core is a copy: the state goes on changing. */
export function planOf(draft: Draft): Plan {
  return {
    components: [...draft.components.values()].map((one) => ({ ...one })),
    routes: [...draft.routes.values()].map((one) => ({
      ...one,
      circuit: { ...one.circuit },
      advice: { ...one.advice },
    })),
    incidents: [...draft.incidents.values()].map((one) => structuredClone(one)),
    events: draft.events,
    guard: draft.guard === null ? null : { ...draft.guard },
    asks: [...draft.asks.values()],
  };
}

export function addEvent(
  state: State,
  draft: Draft,
  event: Partial<CoreEvent> & Pick<CoreEvent, 'id' | 'type' | 'sentence'>,
): void {
  if (state.isQuiet) return;
  draft.events.push({
    atMs: state.nowMs,
    scope: null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: true,
    reason: event.sentence,
    startedAtMs: null,
    expiresAtMs: null,
    data: {},
    ...event,
  });
}

/** The earlier and more urgent of two asks for the same target stays, and of two paces the quicker. */
export function addAsk(state: State, draft: Draft, ask: Ask): void {
  if (state.isQuiet) return;
  const key = `${ask.targetKey}\n${ask.why}`;
  const before = draft.asks.get(key);
  if (!before || isMoreUrgent(ask, before)) draft.asks.set(key, ask);
}

function isMoreUrgent(ask: Ask, before: Ask): boolean {
  const [pace, paceBefore] = [ask.everyMs ?? 0, before.everyMs ?? 0];
  return pace === paceBefore ? ask.notBeforeMs < before.notBeforeMs : pace < paceBefore;
}
