import { publicNames } from '#lib/config/presets.ts';
import { isChargeable } from '#lib/core/budget.ts';
import type { Observation, ProbeKind } from '#lib/core/observation.ts';
import type { Http } from '#lib/http.ts';
import { createRedact } from '#lib/redact.ts';
import { type LoopClock, tickMs } from './clock.ts';
import { createControlsFirst } from './controls-first.ts';
import { createFollowUps } from './follow-up.ts';
import { createGates, type GateLimits } from './gates.ts';
import { createGrants } from './grants.ts';
import { createLateness } from './lateness.ts';
import type { LookingFacts, Missed, Settlement, ToDeciding, ToLooking } from './messages.ts';
import type { Run } from './plan-of-target.ts';
import { createPostbox } from './postbox.ts';
import type { Probe, ProbeIo } from './probe.ts';
import { type Looked, look, type RunnerIo } from './runner.ts';
import { Scheduler } from './scheduler.ts';
import { createSuspicions } from './suspicion.ts';

/** The looking side: scheduler and probes. It knows no store; what it sees it posts, what it may spend it asks for. */

export interface LookingOptions {
  vantage: string;
  probes: Partial<Record<ProbeKind, Probe>>;
  http: Http;
  clock: LoopClock;
  random: () => number;
  newId: () => string;
  post: (message: ToDeciding) => void;
  limits?: GateLimits;
  /** When the record of a doubtful call is asked for, counted from its end. */
  followUpAfterMs?: readonly number[];
}

export interface Looking {
  receive(message: ToLooking): void;
  facts(): LookingFacts;
  /** Stops everything at once; what is in flight is dropped. */
  stop(): void;
}

export function createLooking(options: LookingOptions): Looking {
  const { clock, post } = options;
  const keys = new Map<string, string>();
  let redact = createRedact([]);
  const memories = new Map<string, Map<string, unknown>>();
  const suspicions = createSuspicions();
  const flights = new Map<Run, AbortController>();
  const lateness = createLateness();
  const counts = { looks: 0, missed: 0, localErrors: 0, discontinuities: 0 };
  let lastLocalError: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let maxStallMs = 0;
  let isStopped = false;
  let hasBegun = false;

  const postbox = createPostbox(post);
  const gates = createGates(options.limits);
  const grants = createGrants({
    newId: options.newId,
    want: (want) => postbox.want(want),
    release: (id) =>
      postbox.settled({ id, targetKey: '', atMs: clock.nowMs(), reportedUsd: null, isCharged: false }),
  });
  const scheduler = new Scheduler({
    vantage: options.vantage,
    nowMs: clock.nowMs,
    gates,
    grants,
    start: (run) => void fly(run),
    missed: (missed: Missed) => {
      counts.missed += 1;
      postbox.missed(missed);
    },
    wakeAt(atMs) {
      if (timer) clearTimeout(timer);
      timer = setTimeout(wake, Math.max(0, atMs - clock.nowMs()));
    },
  });
  const controls = createControlsFirst({ clock, scheduler });
  const runner: RunnerIo = {
    ...options,
    keyOf: (name) => (name === null ? null : (keys.get(name) ?? null)),
    redact: (text) => redact(text),
  };

  const followUps = createFollowUps(
    {
      http: options.http,
      keyOf: runner.keyOf,
      redact: (text) => redact(text),
      done(run, { observation }, record) {
        const costUsd = record?.recordedUsd ?? observation.costUsd;
        settle(run, { ...observation, costUsd });
        if (record) post({ type: 'learned', found: [record], atMs: clock.nowMs() });
      },
    },
    options.followUpAfterMs,
  );

  async function fly(run: Run): Promise<void> {
    const controller = new AbortController();
    flights.set(run, controller);
    if (run.lane === 'slot') lateness.add(clock.nowMs() - run.dueMs);
    controls.began(run);
    const looked = await look(
      run,
      { memory: memoryOf(run.watched.key), controller, ...suspicionOf(run) },
      runner,
    );
    // Whoever dropped the flight (a pause, a stop) has already accounted for it.
    if (!flights.delete(run)) return settle(run, looked.observation);
    land(run, looked);
  }

  function land(run: Run, looked: Looked): void {
    const { observation } = looked;
    counts.looks += 1;
    postbox.seen({ observation, found: looked.found });
    if (!followUps.take(run, looked)) settle(run, observation);
    scheduler.done(run);
    suspicions.remember(run.watched.key, observation);
    if (looked.localError) {
      counts.localErrors += 1;
      lastLocalError = looked.localError;
    }
    controls.ended(run, looked);
    const isPatience = [402, 429, 503].includes(observation.status ?? 0);
    if (isPatience && (observation.retryAfterMs ?? 0) > 0)
      scheduler.postpone(run.watched.key, clock.nowMs() + Math.min(600_000, observation.retryAfterMs ?? 0));
    if (looked.isInconclusive && run.lane === 'slot')
      ask([run.watched.key], 'confirm', 'our own loop stood still');
  }

  function ask(targetKeys: readonly string[], why: 'confirm' | 'neighbour', reason: string): void {
    const soon = { notBeforeMs: clock.nowMs(), everyMs: null, untilMs: null };
    scheduler.ask(targetKeys.map((targetKey) => ({ targetKey, why, reason, ...soon })));
  }

  function settle(run: Run, o: Observation): void {
    if (!run.wantId) return;
    const settlement: Settlement = {
      id: run.wantId,
      targetKey: run.watched.key,
      atMs: o.atMs,
      reportedUsd: o.costUsd,
      isCharged: isChargeable(o),
    };
    postbox.settled(settlement);
  }

  /** A first token that is late starts the confirmation before the look ends, and asks the neighbours. */
  function suspicionOf(run: Run) {
    const { key, probe } = run.watched;
    if (probe !== 'completion') return {};
    const tell = () => {
      const plan = scheduler.targets.get(key);
      if (run.lane !== 'slot' || !plan) return;
      ask([key], 'confirm', 'no first token yet');
      const neighbours = suspicions.neighboursOf(plan, scheduler.targets.values(), clock.nowMs());
      ask(neighbours, 'neighbour', `no first token yet from ${key}`);
    };
    return { suspicion: suspicions.watch(key, run.why, tell) } satisfies Pick<ProbeIo, 'suspicion'>;
  }

  function memoryOf(key: string): Map<string, unknown> {
    const known = memories.get(key);
    if (known) return known;
    const fresh = new Map<string, unknown>();
    memories.set(key, fresh);
    return fresh;
  }

  /** What was in flight while we slept says nothing. It ends as nobody's fault and its slot as missed. */
  function dropFlights(reason: string): void {
    for (const [run, controller] of flights) {
      flights.delete(run);
      controller.abort(new Error(reason));
      scheduler.done(run);
      if (run.slot !== null)
        postbox.missed({ targetKey: run.watched.key, slot: run.slot, atMs: clock.nowMs(), reason });
    }
  }

  /** After a pause any timer may be the first to run: slots that were slept through must not be taken for late ones. */
  function wake(): void {
    noticeBreak();
    if (!isStopped) scheduler.drain();
  }

  function noticeBreak(): void {
    const broken = clock.tick();
    if (!broken || isStopped) return;
    counts.discontinuities += 1;
    post({ type: 'discontinuity', kind: broken.kind, lostMs: broken.lostMs, atMs: clock.nowMs() });
    dropFlights(broken.kind);
    controls.hold();
    scheduler.rephase(broken.kind === 'clock_step' ? null : broken.kind);
  }
  const ticker = setInterval(noticeBreak, tickMs);
  const reporter = setInterval(() => {
    post({ type: 'facts', facts: facts() });
    maxStallMs = Math.max(maxStallMs, clock.stalls.max());
    clock.stalls.resetMax();
  }, 1_000);

  function facts(): LookingFacts {
    const late = lateness.read();
    // Absent below Node 23.9: then the whole process stands for the thread.
    const usage = process.threadCpuUsage?.() ?? process.cpuUsage();
    return {
      watched: scheduler.targets.size,
      inFlight: gates.inFlight(),
      queued: gates.queued(),
      latenessP50Ms: late.p50,
      latenessP99Ms: late.p99,
      latenessMaxMs: late.max,
      within100Share: late.within100,
      maxStallMs: Math.round(Math.max(maxStallMs, clock.stalls.max())),
      recentStallMs: Math.round(clock.stalls.max()),
      ...counts,
      lastLocalError,
      cpuMs: (usage.user + usage.system) / 1_000,
    };
  }

  function stop(): void {
    if (isStopped) return;
    isStopped = true;
    clearInterval(ticker);
    clearInterval(reporter);
    if (timer) clearTimeout(timer);
    dropFlights('stopping');
    followUps.stop();
    scheduler.stop();
    postbox.flush();
    post({ type: 'stopped' });
  }

  return {
    facts,
    stop,
    receive(message) {
      switch (message.type) {
        case 'fleet': {
          keys.clear();
          for (const [name, secret] of Object.entries(message.keys)) keys.set(name, secret);
          redact = createRedact([...keys.values()], publicNames);
          for (const key of memories.keys())
            if (!message.watched.some((w) => w.key === key)) memories.delete(key);
          scheduler.setFleet(message.watched, message.lastSeenAt);
          if (!hasBegun) controls.started(message.lastSeenAt);
          hasBegun = true;
          return;
        }
        case 'history':
          return suspicions.recall(message.firstTokens);
        case 'remember':
          memoryOf(message.targetKey).set(message.name, message.value);
          return;
        case 'asks':
          return scheduler.ask(message.asks);
        case 'look_now':
          return scheduler.lookNow(message.targetKeys);
        case 'grants':
          return grants.answer(message.granted, message.refused);
        case 'stop':
          return stop();
        default:
          message satisfies never;
      }
    },
  };
}
