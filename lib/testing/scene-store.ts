import { targetId, targetKey } from '../core/target.ts';
import type { Availability, Store } from '../store.ts';
import type { Scene } from './scene.ts';
import { sceneProviderNames, sceneRoutes } from './scene-fleet.ts';
import { dayStart, sceneBar, sceneClasses, sceneLook, sceneSeries, troubleAt } from './scene-looks.ts';

type Reading = Pick<
  Store,
  'looks' | 'history' | 'incidents' | 'events' | 'outbox' | 'ledger' | 'people' | 'catalog' | 'upkeep'
>;

const dayMs = 86_400_000;

/** A store that answers every reading verb from a scene, and refuses to write. */
export function sceneStore(scene: Scene): Reading {
  const refuse = (): never => {
    throw new Error('a scene is not written to');
  };
  const isEmpty = scene.name === 'empty';
  const refusing = new Proxy({}, { get: () => refuse });
  const partial = <T extends object>(own: Partial<T>): T => ({ ...(refusing as T), ...own });
  return {
    looks: partial<Store['looks']>({
      current: () => scene.facts,
      lastSeenAt: () => new Map(scene.facts.fleet.map((w) => [w.key, scene.nowMs - 20_000])),
      last: (key, limit) => (isEmpty || !scene.hasKey ? [] : lastLooks(scene, key, limit)),
    }),
    history: history(scene, partial),
    incidents: partial<Store['incidents']>({
      list: (q) =>
        scene.incidents
          .filter((i) => (q.status ? i.status === q.status : true))
          .filter((i) => (q.isPublic === undefined ? true : i.isPublic === q.isPublic))
          .filter((i) => (q.scope ? `${i.scope.kind}:${i.scope.id}` === q.scope : true))
          .filter((i) => (q.beforeMs === undefined ? true : i.startedAtMs < q.beforeMs))
          .slice(0, q.limit),
      get: (id) => scene.incidents.find((i) => i.id === id) ?? null,
    }),
    events: partial<Store['events']>({
      list: () => [],
      position: () => ({ epoch: 'scene', seq: 41 }),
      changesAfter: () => [],
    }),
    outbox: partial<Store['outbox']>({
      log: () => [],
      pending: () => ({ due: 0, oldestDueAtMs: null, dead: 0 }),
    }),
    ledger: partial<Store['ledger']>({
      spent: ({ fromMs, toMs }) => {
        const days = isEmpty || !scene.hasKey ? 0 : (toMs - fromMs) / dayMs;
        return { usd: 0.214 * days, requests: Math.round(18_240 * days), reservedUsd: 0 };
      },
      days: () => [],
      months: () => [],
    }),
    people: partial<Store['people']>({ receivers: () => [] }),
    catalog: partial<Store['catalog']>({
      endpoints: ({ model }) =>
        model ? (scene.facts.endpoints.get(model) ?? []) : [...scene.facts.endpoints.values()].flat(),
      models: () => [],
      providers: () => (isEmpty ? [] : sceneProviderNames),
      notices: () => [],
      claims: () => scene.facts.claims,
      account: () => null,
      drift: () => null,
      certificate: () => null,
      limits: () => new Map(),
      generations: () => [],
    }),
    upkeep: partial<Store['upkeep']>({
      lastBeat: () =>
        scene.facts.beatMs === null
          ? null
          : {
              atMs: scene.facts.beatMs,
              startedAtMs: scene.facts.workerStartedAtMs ?? 0,
              vantage: 'fra1',
              facts: {},
            },
      noted: () => null,
      dataVersion: () => 1,
    }),
  };
}

function lastLooks(scene: Scene, key: string, limit: number) {
  const target = sceneRoutes().find((t) => `completion|${targetId(t)}` === key);
  if (!target) return [];
  return Array.from({ length: limit }, (_, i) => {
    const atMs = Math.floor(scene.nowMs / 60_000) * 60_000 - i * 60_000 - 9_000;
    return sceneLook(target, atMs, troubleAt(scene.troubles, targetKey('completion', target), atMs));
  });
}

function history(scene: Scene, partial: <T extends object>(own: Partial<T>) => T): Store['history'] {
  const isBlank = scene.name === 'empty' || !scene.hasKey;
  const availability = (q: { fromMs: number; toMs: number; convention: Availability['convention'] }) => ({
    ...q,
    share: isBlank ? null : 0.99873,
    coverage: isBlank ? 0 : 0.974,
    measuredS: isBlank ? 0 : 7_500_000,
    badS: isBlank ? 0 : 9_526,
    elapsedS: isBlank ? 0 : 7_700_000,
    series: 3,
  });
  return partial<Store['history']>({
    bars: ({ fromMs, toMs }) => {
      if (isBlank) return [];
      const days = Math.round((toMs - fromMs) / dayMs);
      return sceneRoutes().flatMap((target) =>
        Array.from({ length: days }, (_, i) =>
          sceneBar(targetKey('completion', target), dayStart(toMs) - (days - 1 - i) * dayMs),
        ),
      );
    },
    series: ({ targetKey: key, fromMs, toMs, points }) =>
      isBlank ? [] : sceneSeries(key, fromMs, toMs, points),
    classes: ({ targetKey: key, fromMs, toMs, points }) =>
      isBlank ? [] : sceneClasses(key, fromMs, toMs, points),
    availability,
    months: (q) => (isBlank ? [] : [availability(q)]),
    limitedByHour: () => [],
    targetsIn: () => [],
    numberDaysDue: () => [],
    numbers: () => (isBlank ? { ...sceneNumbers, failover: [] } : sceneNumbers),
    windows: () => [],
  });
}

const sceneNumbers: ReturnType<Store['history']['numbers']> = {
  fromMs: 0,
  overhead: [],
  failover: [
    {
      gateway: 'openrouter',
      model: 'anthropic/claude-haiku-4.5',
      saved: { value: 0.82, low: 0.67, high: 0.91, n: 38 },
      paidMs: { value: 240, low: 180, high: 310, n: 31 },
    },
  ],
  lag: [],
  markup: [],
};
