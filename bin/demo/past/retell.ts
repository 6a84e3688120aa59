import { createState, decideObservation, decideTime, type State, setFleet } from '#lib/core/decide.ts';
import type { Fleet, Watched } from '#lib/core/fleet.ts';
import { endedAtMs, type Observation } from '#lib/core/observation.ts';
import type { CoreEvent, Incident, Plan } from '#lib/core/plan.ts';
import type { Policy } from '#lib/core/policy.ts';
import type { Verdict } from '#lib/core/words.ts';
import { type PastIo, pastLook } from './past-looks.ts';

/** What the very judgement of the product makes of a stretch of the past. */
export interface Told {
  incidents: Incident[];
  events: CoreEvent[];
  verdicts: { key: string; atMs: number; verdict: Verdict }[];
}

interface Due {
  atMs: number;
  watched: Watched;
  why: Observation['why'];
}

const tickMs = 5_000;

export interface Teller {
  /** Runs the looks of a stretch in order; each is shown with what was decided. */
  run(fromMs: number, toMs: number, onLook?: (o: Observation, outcome: string, plan: Plan) => void): void;
  told(): Told;
}

/** Slots, confirmations and the passing of time, as a worker would have lived them. */
export function createTeller(fleet: Fleet, policy: Policy, io: PastIo): Teller {
  const state: State = createState(policy, fleet);
  setFleet(state, fleet);
  const byKey = new Map(fleet.watched.map((w) => [w.key, w]));
  const incidents = new Map<string, Incident>();
  const events: CoreEvent[] = [];
  const verdicts: Told['verdicts'] = [];
  const last = new Map<string, Verdict>();

  function note(key: string, atMs: number, verdict: Verdict): void {
    if (verdict === 'unknown' || last.get(key) === verdict) return;
    last.set(key, verdict);
    verdicts.push({ key, atMs, verdict });
  }

  function keep(plan: Plan): void {
    for (const one of plan.incidents) incidents.set(one.id, structuredClone(one));
    events.push(...plan.events);
    for (const c of plan.components) note(`${c.kind}:${c.id}`, c.sinceMs, c.verdict);
    for (const r of plan.routes) note(r.targetId, r.stateSinceMs, r.verdict);
  }

  return {
    run(fromMs, toMs, onLook) {
      const queue = slotsOf(fleet.watched, fromMs, toMs);
      let nextTickMs = fromMs;
      for (let due = queue.shift(); due && due.atMs < toMs; due = queue.shift()) {
        for (; nextTickMs <= due.atMs; nextTickMs += tickMs) keep(decideTime(state, nextTickMs));
        const o = pastLook(due.watched, due.atMs, due.why, io);
        const { outcome, plan } = decideObservation(state, o);
        keep(plan);
        onLook?.(o, outcome.class, plan);
        for (const ask of plan.asks) {
          const watched = byKey.get(ask.targetKey);
          if (!watched || ask.why === 'slot') continue;
          const atMs = Math.max(ask.notBeforeMs, endedAtMs(o) + 50);
          insert(queue, { atMs, watched, why: ask.why });
        }
      }
    },
    told: () => ({ incidents: [...incidents.values()], events, verdicts }),
  };
}

function slotsOf(watched: readonly Watched[], fromMs: number, toMs: number): Due[] {
  const all: Due[] = [];
  for (const [i, one] of watched.entries()) {
    const phase = (i * 7_919) % one.everyMs;
    for (let atMs = fromMs + phase; atMs < toMs; atMs += one.everyMs)
      all.push({ atMs, watched: one, why: 'slot' });
  }
  return all.sort((a, b) => a.atMs - b.atMs);
}

/** Confirmations are few and due soon: a walk from the front is short. */
function insert(queue: Due[], due: Due): void {
  const at = queue.findIndex((q) => q.atMs > due.atMs);
  if (at < 0) queue.push(due);
  else queue.splice(at, 0, due);
}
