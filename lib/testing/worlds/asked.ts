import { createState, decideObservation, decideTime, type State, setFleet } from '#lib/core/decide.ts';
import type { Watched } from '#lib/core/fleet.ts';
import { blankObservation, endedAtMs, type Observation } from '#lib/core/observation.ts';
import type { CoreEvent, Plan } from '#lib/core/plan.ts';
import { defaultPolicy, type Policy } from '#lib/core/policy.ts';
import { targetKey } from '#lib/core/target.ts';
import { createGates } from '#probes/gates.ts';
import type { Grants } from '#probes/grants.ts';
import { Heap } from '#probes/heap.ts';
import type { Run } from '#probes/plan-of-target.ts';
import { Scheduler } from '#probes/scheduler.ts';
import { noise as noiseAnswer, whole } from './answers.ts';
import type { Watch } from './fleet.ts';
import { type Random, randomFrom } from './random.ts';
import type { Fault } from './world.ts';

/**
 * A world whose core is answered: the worker's own scheduler looks sooner where judgement asks for it. Time jumps from
 * one event to the next, so that weeks pass in seconds; no store, no money, and a look that hangs is told at its end.
 */
export interface AskedPlot {
  seed: number;
  watched: readonly Watched[];
  fromMs: number;
  lengthMs: number;
  noise: number;
  faults: readonly Fault[];
  /** It ends with the first of these, when something is waited for. */
  until?: (event: CoreEvent) => boolean;
}

export interface Asked {
  events: CoreEvent[];
  state: State;
  /** Calls made on the schedule, and those that were asked for besides. */
  slots: number;
  asked: number;
}

interface Due {
  dueMs: number;
  end: { run: Run; o: Observation } | null;
}

const isAlwaysGranted: Grants = {
  ask: () => 'granted',
  use: (_id, _untilMs, go) => go(),
  giveBack: () => undefined,
  answer: () => undefined,
  expire: () => undefined,
};

export function runAsked(plot: AskedPlot, policy: Policy = defaultPolicy): Asked {
  const random = randomFrom(plot.seed);
  const state = createState(policy, { watched: [], chains: [] });
  setFleet(state, { watched: [...plot.watched], chains: [] });
  const asked: Asked = { events: [], state, slots: 0, asked: 0 };
  const heap = new Heap<Due>();
  let nowMs = plot.fromMs;
  const scheduler = new Scheduler({
    // Another name is another phase of every target.
    vantage: `v${plot.seed}`,
    nowMs: () => nowMs,
    gates: createGates(),
    grants: isAlwaysGranted,
    start(run) {
      if (run.watched.probe === 'completion') asked[run.lane === 'slot' ? 'slots' : 'asked'] += 1;
      const o = seen(plot, run, nowMs, random);
      heap.push({ dueMs: endedAtMs(o), end: { run, o } });
    },
    missed: () => undefined,
    wakeAt: (dueMs) => heap.push({ dueMs, end: null }),
  });
  const take = (plan: Plan) => {
    asked.events.push(...plan.events);
    if (plan.asks.length > 0) scheduler.ask(plan.asks);
  };
  scheduler.setFleet(plot.watched, new Map());
  for (let due = heap.pop(); due && due.dueMs <= plot.fromMs + plot.lengthMs; due = heap.pop()) {
    nowMs = Math.max(nowMs, due.dueMs);
    take(decideTime(state, nowMs));
    if (due.end) {
      scheduler.done(due.end.run);
      take(decideObservation(state, due.end.o).plan);
    } else scheduler.drain();
    if (plot.until && asked.events.some(plot.until)) break;
  }
  return asked;
}

function seen(plot: AskedPlot, run: Run, atMs: number, random: Random): Observation {
  const { probe, target } = run.watched;
  const keyed = probe === 'completion' || probe === 'account';
  const o = blankObservation({
    atMs,
    vantage: 'local',
    probe,
    target,
    keyed,
    why: run.why,
    slot: run.slot,
  });
  const fault = plot.faults.find(
    (one) => atMs >= one.fromMs && atMs < one.toMs && one.hits(o) && random.chance(one.share),
  );
  const answer = fault?.answer ?? (random.chance(plot.noise) ? noiseAnswer : whole);
  return Object.assign(o, answer(o, random));
}

/** What a fleet of a world is to the worker. */
export function watchedOf(fleet: readonly Watch[]): Watched[] {
  return fleet.map(({ probe, target, everyMs }) => ({
    key: targetKey(probe, target),
    probe,
    target,
    dialect: null,
    baseUrl: `http://${target.gateway ?? target.provider}.example`,
    keyName: null,
    wireModel: null,
    endpoint: null,
    providerName: null,
    everyMs,
    timeoutMs: 30_000,
    priceUsd: probe === 'completion' ? 0.00001 : 0,
    price: null,
    maxTokens: 16,
    supportedParameters: null,
    isReasoningMandatory: false,
    origin: 'config',
    options: {},
  }));
}
