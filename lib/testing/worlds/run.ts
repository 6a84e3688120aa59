import { createState, decideObservation, decideTime, type State } from '#lib/core/decide.ts';
import { endedAtMs, type Observation } from '#lib/core/observation.ts';
import type { CoreEvent, Plan, Scope } from '#lib/core/plan.ts';
import { defaultPolicy, type Policy } from '#lib/core/policy.ts';
import type { Impact } from '#lib/core/words.ts';

/** Runs the core over a world as `replay` does. */
export function runWorld(
  observations: readonly Observation[],
  policy: Policy = defaultPolicy,
): { events: CoreEvent[]; state: State } {
  const state = createState(policy, { watched: [], chains: [] });
  const events: CoreEvent[] = [];
  const take = (plan: Plan) => {
    for (const event of plan.events) events.push(event);
  };
  for (const o of observations) {
    take(decideTime(state, endedAtMs(o)));
    take(decideObservation(state, o).plan);
  }
  return { events, state };
}

/** One incident as its events told it. */
export interface Story {
  id: string;
  openedAtMs: number;
  majorAtMs: number | null;
  resolvedAtMs: number | null;
  firstResolvedAtMs: number | null;
  startedAtMs: number;
  scopes: Scope[];
  impacts: Impact[];
  candidates: Scope[];
  isPublic: boolean;
  wasEverPublic: boolean;
  wasUnstable: boolean;
  reason: string;
}

export function storiesOf(events: readonly CoreEvent[]): Story[] {
  const stories = new Map<string, Story>();
  for (const event of events) {
    if (event.incidentId === null || !event.type.startsWith('incident.')) continue;
    const story = stories.get(event.incidentId) ?? blankStory(event);
    stories.set(event.incidentId, story);
    story.scopes.push(event.scope as Scope);
    if (event.impact) story.impacts.push(event.impact);
    if (event.impact === 'major_outage') story.majorAtMs ??= event.atMs;
    story.startedAtMs = event.startedAtMs ?? story.startedAtMs;
    story.isPublic = event.isPublic;
    story.wasEverPublic ||= event.isPublic;
    story.wasUnstable ||= event.data.isUnstable === true;
    story.candidates = (event.data.candidates as Scope[] | undefined) ?? [];
    story.reason = event.reason;
    const isEnd = event.type === 'incident.resolved';
    story.resolvedAtMs = isEnd ? event.atMs : null;
    if (isEnd) story.firstResolvedAtMs ??= event.atMs;
  }
  return [...stories.values()];
}

function blankStory(event: CoreEvent): Story {
  return {
    id: event.incidentId!,
    openedAtMs: event.atMs,
    majorAtMs: null,
    resolvedAtMs: null,
    firstResolvedAtMs: null,
    startedAtMs: event.startedAtMs ?? event.atMs,
    scopes: [],
    impacts: [],
    candidates: [],
    isPublic: event.isPublic,
    wasEverPublic: false,
    wasUnstable: false,
    reason: '',
  };
}
