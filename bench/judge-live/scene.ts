import { readFileSync } from 'node:fs';
import { endedAtMs } from '#lib/core/observation.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { gatewayErrors, providerDown } from '#probes/sim/faults.ts';
import type { Step } from '#probes/sim/script.ts';
import { type Stage, startStage } from './stage.ts';

/**
 * One fault, live, in a process of its own: a scene as JSON on stdin, one JSON line of seconds as the result.
 */
export interface Scene {
  fault: keyof typeof faults;
  seed: number;
  /** It begins before any route has answered: nothing is known of their speed. */
  isFresh?: boolean;
  /** It ends half a minute after it was found, and the time to its end is measured too. */
  isMended?: boolean;
}

export interface Seen {
  /** From the fault to the incident in the store, and to the feed's readers. */
  openedS: number;
  /** From the end of the first failing look. */
  afterFirstS: number;
  inFeedS: number | null;
  /** Until most of its routes are marked as out in the feed. */
  outS: number | null;
  resolvedS: number | null;
  scope: string;
  incidents: number;
}

const faults = {
  'gateway errors': (): Step[] => [gatewayErrors(1)],
  'gateway hangs': (): Step[] => [{ path: '/api/v1', at: 'gateway', hang: true }],
  'calls hang': (): Step[] => [{ path: '/chat/completions', at: 'gateway', hang: true }],
  'provider dead': ({ store }: Stage): Step[] => [providerDown(someProvider(store))],
  'provider fails at 40 %': ({ store }: Stage): Step[] => [providerDown(someProvider(store), 502, 0.4)],
} satisfies Record<string, (stage: Stage) => Step[]>;

type Store = Stage['store'];

const routesOf = (store: Store) =>
  store.looks.current().fleet.filter((one) => one.probe === 'completion' && one.target.gateway !== 'direct');

/** One that is watched on more than one route, as the default fleet crosses them. */
function someProvider(store: Store): string {
  const counts = new Map<string, number>();
  for (const { target } of routesOf(store))
    if (target.provider !== 'any') counts.set(target.provider!, (counts.get(target.provider!) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]![0];
}

export async function play(scene: Scene): Promise<Seen> {
  const stage = await startStage(scene.seed, scene.fault.includes('hang'));
  const { store, sim } = stage;
  try {
    await until(() => routesOf(store).length > 15, 90_000);
    if (!scene.isFresh) {
      await until(() => routesOf(store).every((one) => store.looks.last(one.key, 1).length > 0), 120_000);
      await pause(60_000 * ((scene.seed * 0.618) % 1));
    }
    const fellAtMs = Date.now();
    const mend = sim.script(...faults[scene.fault](stage));
    const outside = watchFeed(stage);
    const event = await until(() => store.events.list({ types: ['incident.opened'], limit: 5 })[0], 900_000);
    const openedAtMs = Date.now();
    const firstMs = firstFailure(store, fellAtMs);
    const feed = await outside(openedAtMs + 30_000);
    let resolvedS: number | null = null;
    if (scene.isMended) {
      if (!stage.url) await pause(30_000);
      mend();
      const mendedAtMs = Date.now();
      await until(() => store.events.list({ types: ['incident.resolved'], limit: 1 })[0], 300_000);
      resolvedS = (Date.now() - mendedAtMs) / 1_000;
    }
    const since = (atMs: number | null) => (atMs === null ? null : (atMs - fellAtMs) / 1_000);
    return {
      openedS: since(openedAtMs)!,
      afterFirstS: (openedAtMs - firstMs) / 1_000,
      inFeedS: since(feed.incidentAtMs),
      outS: since(feed.outAtMs),
      resolvedS,
      scope: scopeOf(event),
      incidents: store.incidents.list({ limit: 10 }).length,
    };
  } finally {
    await stage.stop();
  }
}

function scopeOf({ scope }: CoreEvent): string {
  return scope ? `${scope.kind}:${scope.id}` : '';
}

function firstFailure(store: Store, sinceMs: number): number {
  const ends = routesOf(store)
    .flatMap((one) => store.looks.last(one.key, 50))
    .filter((look) => endedAtMs(look.observation) >= sinceMs && look.outcome !== 'ok')
    .map((look) => endedAtMs(look.observation));
  return Math.min(...ends);
}

interface Full {
  targets: { gateway: string; circuit: { state: string } }[];
  incidents: unknown[];
}

/** What a reader of the feed sees, asked ten times a second. */
function watchFeed({ url }: Stage) {
  const seen: { incidentAtMs: number | null; outAtMs: number | null } = { incidentAtMs: null, outAtMs: null };
  let isDone = url === '';
  const ask = async () => {
    const answer = await fetch(`${url}/api/v1/health?view=full&limit=1000`);
    const { targets, incidents } = (await answer.json()) as Full;
    const out = targets.filter((one) => one.circuit.state !== 'closed').length;
    if (incidents.length > 0) seen.incidentAtMs ??= Date.now();
    if (2 * out > targets.length) seen.outAtMs ??= Date.now();
    isDone = seen.incidentAtMs !== null && seen.outAtMs !== null;
  };
  const asking = (async () => {
    while (!isDone) {
      await ask().catch(() => undefined);
      await pause(100);
    }
  })();
  return async (untilMs: number) => {
    await Promise.race([asking, pause(untilMs - Date.now())]);
    isDone = true;
    return seen;
  };
}

const pause = (ms: number) => new Promise<void>((go) => setTimeout(go, Math.max(0, ms)));

async function until<T>(read: () => T | null | undefined | false, limitMs: number): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const found = read();
    if (found) return found;
    if (performance.now() > endMs) throw new Error('it did not come to be');
    await pause(25);
  }
}

if (import.meta.main) {
  const seen = await play(JSON.parse(readFileSync(0, 'utf8')) as Scene);
  process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0));
}
