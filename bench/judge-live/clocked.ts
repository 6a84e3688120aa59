import { readFileSync } from 'node:fs';
import { mock } from 'node:test';
import { openMemory } from '#db/sqlite/store.ts';
import { loadConfig } from '#lib/config/load.ts';
import type { Watched } from '#lib/core/fleet.ts';
import { blankObservation, endedAtMs, type Observation } from '#lib/core/observation.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { createTrusted } from '#lib/http.ts';
import type { Store } from '#lib/store.ts';
import { type Answer, type Facts, hangs, refuses, timing, whole } from '#lib/testing/worlds/answers.ts';
import { type Random, randomFrom } from '#lib/testing/worlds/random.ts';
import { createClock } from '#probes/clock.ts';
import { createDeciding } from '#probes/deciding.ts';
import { createLeadership } from '#probes/heartbeat.ts';
import { createLiveCore } from '#probes/live-core.ts';
import { createLooking } from '#probes/looking.ts';
import type { ToDeciding } from '#probes/messages.ts';
import type { Probe, ProbeIo } from '#probes/probe.ts';
import { createStallMeter } from '#probes/stall.ts';

/**
 * The worker's own two sides (scheduler, ledger, confirmations, judgement, store) on a clock that is turned by hand;
 * only the sockets are replaced by what a look would have seen. Minutes pass in a second, so that many seeds fit.
 */
export interface ClockedFault {
  gateway: string;
  /** Only calls to it; absent: everything the gateway answers. */
  provider?: string;
  share: number;
  way: 'hangs' | 'refuses' | 'is slow';
}

export interface ClockedScene {
  fleet: readonly Watched[];
  seed: number;
  fault: ClockedFault;
  /** Nothing of any route is known when it begins. */
  isFresh?: boolean;
  /** How long it lasts after it was found. */
  lastsMs?: number;
}

export interface ClockedSeen {
  openedS: number;
  afterFirstS: number;
  /** Most of the routes it hits are out in the feed. */
  outS: number | null;
  resolvedS: number | null;
  scope: string;
  /** Every incident there was, as it was last called. */
  told: string[];
  incidents: number;
}

/** For the rest of the process: enabled a second time, the mocked timers no longer fire. */
let isTurnedByHand = false;
const stepMs = 20;
const baseMs = Date.UTC(2026, 2, 3, 12, 0, 0);

export async function playClocked(scene: ClockedScene): Promise<ClockedSeen> {
  if (!isTurnedByHand) mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  isTurnedByHand = true;
  const world = createWorld(scene);
  try {
    return await follow(world, scene);
  } finally {
    world.stop();
  }
}

async function follow(world: World, scene: ClockedScene): Promise<ClockedSeen> {
  const { store } = world;
  const hit = scene.fleet.filter((one) => one.probe === 'completion' && isHitBy(scene.fault, one));
  if (!scene.isFresh) await world.pass(90_000 + 60_000 * ((scene.seed * 0.618) % 1));
  const fellAtMs = world.nowMs();
  world.setBroken(true);
  const opened = await world.until(() => eventOf(store, 'incident.opened'), 1_800_000);
  const openedAtMs = world.nowMs();
  const isOut = () => outOf(store, hit) * 2 > hit.length;
  const outAtMs = await world.until(() => isOut() && world.nowMs(), 30_000);
  let resolvedS: number | null = null;
  if (opened && scene.lastsMs !== undefined) {
    await world.pass(scene.lastsMs);
    world.setBroken(false);
    const mendedAtMs = world.nowMs();
    await world.until(() => eventOf(store, 'incident.resolved'), 1_800_000);
    resolvedS = (world.nowMs() - mendedAtMs) / 1_000;
  }
  const firstMs = firstFailure(store, hit, fellAtMs);
  return {
    openedS: opened ? (openedAtMs - fellAtMs) / 1_000 : Number.POSITIVE_INFINITY,
    afterFirstS: (openedAtMs - firstMs) / 1_000,
    outS: typeof outAtMs === 'number' ? (outAtMs - fellAtMs) / 1_000 : null,
    resolvedS,
    scope: opened ? `${opened.scope?.kind}:${opened.scope?.id}` : '',
    told: store.incidents.list({ limit: 20 }).map((one) => `${one.scope.kind}:${one.scope.id} ${one.title}`),
    incidents: store.incidents.list({ limit: 20 }).length,
  };
}

function eventOf(store: Store, type: CoreEvent['type']): CoreEvent | undefined {
  return store.events.list({ types: [type], limit: 1 })[0];
}

function outOf(store: Store, hit: readonly Watched[]): number {
  const { routes } = store.looks.current();
  const isHit = (t: { gateway: string | null; provider: string | null; model: string | null }) =>
    hit.some(
      ({ target }) =>
        target.gateway === t.gateway && target.provider === t.provider && target.model === t.model,
    );
  return routes.filter((one) => one.circuit.state !== 'closed' && isHit(one.target)).length;
}

function firstFailure(store: Store, hit: readonly Watched[], sinceMs: number): number {
  const ends = hit
    .flatMap((one) => store.looks.last(one.key, 100))
    .filter((look) => endedAtMs(look.observation) >= sinceMs && look.outcome !== 'ok')
    .map((look) => endedAtMs(look.observation));
  return Math.min(...ends);
}

function isHitBy(fault: ClockedFault, { target }: Watched): boolean {
  if (target.gateway !== fault.gateway) return false;
  return fault.provider === undefined || target.provider === fault.provider;
}

type World = ReturnType<typeof createWorld>;

function createWorld(scene: ClockedScene) {
  const random = randomFrom(scene.seed);
  let elapsedMs = 0;
  let isBroken = false;
  const nowMs = () => baseMs + scene.seed * 977 + elapsedMs;
  const clock = createClock({ wallMs: nowMs, monoMs: () => elapsedMs, bootMs: () => elapsedMs });
  const store = openMemory(nowMs);
  const loaded = loadConfig({ env: {}, cwd: '/nonexistent' });
  const leadership = createLeadership({ store, vantage: 'local', bootId: 'b', nowMs, monoMs: clock.monoMs });
  leadership.renew();
  const probe = probeOf(scene.fault, () => isBroken, random);
  let ids = 0;
  const looking = createLooking({
    vantage: 'local',
    probes: { completion: probe, control: probe, catalog: probe, account: probe },
    http: createTrusted(),
    clock,
    random: random.next,
    newId: () => `w${++ids}`,
    post: (message: ToDeciding) => deciding.receive(message),
  });
  const deciding = createDeciding({
    store,
    core: createLiveCore(loaded),
    loaded,
    build: () => ({ watched: [...scene.fleet], chains: [], keys: new Map(), chosen: {}, remarks: [] }),
    leadership,
    health: { lookingAtMs: null, beatAtMs: null },
    stalls: createStallMeter(stepMs, 0),
    nowMs,
    post: (message) => looking.receive(message),
    say: () => undefined,
    complain: () => undefined,
    deposed: () => undefined,
    poke: () => undefined,
    subscribe: () => undefined,
  });
  deciding.start();

  const pass = async (ms: number) => {
    for (const endMs = elapsedMs + ms; elapsedMs < endMs; ) await step();
  };
  async function step(): Promise<void> {
    elapsedMs += stepMs;
    mock.timers.tick(stepMs);
    // Whatever the timers promised happens before time goes on.
    await new Promise((go) => setImmediate(go));
  }
  return {
    store,
    nowMs,
    pass,
    setBroken(is: boolean) {
      isBroken = is;
    },
    async until<T>(read: () => T | false | undefined, limitMs: number): Promise<T | undefined> {
      for (const endMs = elapsedMs + limitMs; elapsedMs < endMs; await step()) {
        const found = read();
        if (found) return found;
      }
      return undefined;
    },
    stop() {
      looking.stop();
      deciding.stop();
      store.close();
    },
  };
}

/** What a look sees, as long as it takes; a late first token is told, and ends a confirmation, as in a real call. */
function probeOf(fault: ClockedFault, isBroken: () => boolean, random: Random): Probe {
  return async (watched, io) => {
    const isHit = isBroken() && isHitBy(fault, watched) && random.chance(fault.share);
    const blank = blankObservation({
      atMs: io.clock.nowMs(),
      vantage: io.vantage,
      probe: watched.probe,
      target: watched.target,
      why: io.why,
      slot: io.slot,
      keyed: watched.probe === 'completion' || watched.probe === 'account',
    });
    const answer = isHit ? answerOf(fault.way, watched) : whole;
    const facts = await lived(answer(blank, random), blank, io);
    return { observation: { ...blank, ...facts } };
  };
}

function answerOf(way: ClockedFault['way'], watched: Watched): Answer {
  switch (way) {
    case 'hangs':
      return hangs(watched.timeoutMs);
    case 'refuses':
      return refuses(502, {}, watched.target.provider !== 'any');
    case 'is slow':
      return later(6_000);
    default:
      return way satisfies never;
  }
}

function later(byMs: number): Answer {
  return (o, random) => {
    const facts = whole(o, random);
    const firstTokenMs = (facts.timing?.firstTokenMs ?? 100) + byMs;
    return { ...facts, timing: timing(firstTokenMs + 300, firstTokenMs) };
  };
}

async function lived(facts: Facts, blank: Observation, io: ProbeIo): Promise<Facts> {
  const { suspicion, signal } = io;
  const totalMs = facts.timing?.totalMs ?? 0;
  const isLate = suspicion !== undefined && (facts.timing?.firstTokenMs ?? totalMs) > suspicion.afterMs;
  if (!isLate || facts.error) {
    await wait(totalMs, signal);
    return facts;
  }
  await wait(suspicion.afterMs, signal);
  suspicion.tell();
  if (suspicion.isFinal) return hangs(suspicion.afterMs)(blank, randomFrom(1));
  await wait(totalMs - suspicion.afterMs, signal);
  return facts;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((go) => {
    const timer = setTimeout(go, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      go();
    });
  });
}

if (import.meta.main) {
  const { seeds, ...scene } = JSON.parse(readFileSync(0, 'utf8')) as ClockedScene & { seeds: number };
  const seen: ClockedSeen[] = [];
  for (let seed = scene.seed; seed < scene.seed + seeds; seed++)
    seen.push(await playClocked({ ...scene, seed }));
  process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0));
}
