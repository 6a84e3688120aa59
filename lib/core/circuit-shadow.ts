import { createState, decideObservation, decideTime } from './decide.ts';
import { endedAtMs, type Observation } from './observation.ts';
import type { CoreEvent } from './plan.ts';
import type { Policy } from './policy.ts';

/**
 * What following the circuits would have done, told afterwards from the looks themselves: every opening with its
 * evidence, whether it was right, what it saved and what it wrongly kept away. What a router team asks first.
 */
export interface Opening {
  targetId: string;
  openedAtMs: number;
  /** Null while it is still open. */
  closedAtMs: number | null;
  reason: string;
  evidence: string;
  incidentId: string | null;
  /** Looks at the route while it was out: these failed, and would have cost a call each. */
  failed: number;
  /** And these worked: a reader was kept away for nothing. */
  worked: number;
  /** Null: nobody looked while it was out. */
  isRight: boolean | null;
}

export interface Shadow {
  openings: Opening[];
  right: number;
  wrong: number;
  saved: number;
  wronglyAvoided: number;
  /** Failures while the circuit was closed: what it did not save. */
  missed: number;
  looks: number;
}

/** Judged by the looks right after it opened: later ones may already show the end of the fault. */
const judgedByLooks = 4;

export function shadowOf(observations: Iterable<Observation>, policy: Policy): Shadow {
  const state = createState(policy, { watched: [], chains: [] });
  const open = new Map<string, Opening>();
  const firstLooks = new Map<Opening, { failed: number; worked: number }>();
  const shadow: Shadow = {
    openings: [],
    right: 0,
    wrong: 0,
    saved: 0,
    wronglyAvoided: 0,
    missed: 0,
    looks: 0,
  };
  const hear = (events: readonly CoreEvent[]) => {
    for (const event of events) noteEvent(event, open, shadow);
  };
  for (const o of observations) {
    hear(decideTime(state, endedAtMs(o)).events);
    const { outcome, plan } = decideObservation(state, o);
    if (o.probe === 'completion' && (outcome.weight === 'good' || outcome.weight === 'bad')) {
      noteLook(targetIdIn(state, o), outcome.weight === 'bad', open, firstLooks, shadow);
    }
    hear(plan.events);
  }
  for (const opening of shadow.openings) judge(opening, firstLooks.get(opening), shadow);
  return shadow;
}

function targetIdIn(state: ReturnType<typeof createState>, o: Observation): string {
  const { gateway, provider, model, api, region } = o.target;
  return (
    state.tracks.get(`${o.probe}\n${gateway}\n${provider}\n${model}\n${api ?? ''}\n${region ?? ''}`)?.id ?? ''
  );
}

function noteEvent(event: CoreEvent, open: Map<string, Opening>, shadow: Shadow): void {
  if (event.targetId === null) return;
  const before = open.get(event.targetId);
  if (event.type === 'circuit.closed' && before) {
    before.closedAtMs = event.atMs;
    open.delete(event.targetId);
  }
  // Opening again after a trial that failed is the same absence.
  if (event.type !== 'circuit.opened' || before) return;
  const opening: Opening = {
    targetId: event.targetId,
    openedAtMs: event.atMs,
    closedAtMs: null,
    reason: event.reason,
    evidence: event.sentence,
    incidentId: event.incidentId,
    failed: 0,
    worked: 0,
    isRight: null,
  };
  open.set(event.targetId, opening);
  shadow.openings.push(opening);
}

function noteLook(
  id: string,
  isBad: boolean,
  open: Map<string, Opening>,
  firstLooks: Map<Opening, { failed: number; worked: number }>,
  shadow: Shadow,
): void {
  shadow.looks += 1;
  const opening = open.get(id);
  if (!opening) {
    if (isBad) shadow.missed += 1;
    return;
  }
  const first = firstLooks.get(opening) ?? { failed: 0, worked: 0 };
  firstLooks.set(opening, first);
  const isEarly = first.failed + first.worked < judgedByLooks;
  if (isBad) {
    opening.failed += 1;
    shadow.saved += 1;
    if (isEarly) first.failed += 1;
  } else {
    opening.worked += 1;
    shadow.wronglyAvoided += 1;
    if (isEarly) first.worked += 1;
  }
}

function judge(
  opening: Opening,
  first: { failed: number; worked: number } | undefined,
  shadow: Shadow,
): void {
  if (!first) return;
  opening.isRight = first.failed >= first.worked;
  if (opening.isRight) shadow.right += 1;
  else shadow.wrong += 1;
}
