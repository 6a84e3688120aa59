import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningWeb, runWeb, type WebOptions } from '#app/_edge/main.ts';
import { migrateStore, openStore } from '#db/open.ts';
import { type ConfigInput, configSchema } from '../config/schema.ts';
import type { Store } from '../store.ts';
import { makeScene, type Scene, type SceneName } from './scene.ts';

/** The real edge on a real store on a free port of the loopback, holding one of the scenes. No pages unless asked for. */
export interface EdgeUnderTest {
  url: string;
  /** The worker's side of the store: the web sees it through a connection of its own. */
  store: Store;
  dataDir: string;
  scene: Scene;
  web: RunningWeb;
  logged: { level: string; facts: Record<string, unknown>; text: string }[];
  setNow(ms: number): void;
  nowMs(): number;
  stop(): Promise<void>;
}

export const adminToken = 'admin-token-of-a-test-0123456789';

export async function startEdge(
  options: { scene?: SceneName; config?: ConfigInput; web?: Partial<WebOptions>; dataDir?: string } = {},
): Promise<EdgeUnderTest> {
  let offsetMs = 0;
  const nowMs = () => Date.now() + offsetMs;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'signalbox-edge-'));
  migrateStore({ dataDir });
  const store = openStore({ dataDir, nowMs });
  const scene = makeScene(options.scene ?? 'partial', nowMs());
  if (!options.dataDir) fill(store, scene, nowMs());
  const logged: EdgeUnderTest['logged'] = [];
  const keep = (level: string) => (facts: Record<string, unknown>, text: string) =>
    void logged.push({ level, facts, text });
  const web = await runWeb({
    config: configSchema.parse(options.config ?? {}),
    openStore: () => openStore({ dataDir, isReader: true, nowMs }),
    host: '127.0.0.1',
    port: 0,
    dataDir: null,
    adminToken,
    log: { info: keep('info'), warn: keep('warn'), error: keep('error') },
    nowMs,
    nextDir: null,
    ...options.web,
  });
  return {
    url: `http://127.0.0.1:${web.address.port}`,
    ...{ store, dataDir, scene, web, logged, nowMs },
    setNow: (ms) => (offsetMs = ms - Date.now()),
    stop: async () => {
      await web.close();
      store.close();
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Writes a scene as the worker would have. */
export function fill(store: Store, scene: Scene, nowMs: number): void {
  const { components, routes, guard, fleet } = scene.facts;
  store.looks.saveFleet(fleet, nowMs);
  store.looks.advance(nowMs, () => ({
    components,
    routes,
    incidents: scene.incidents,
    events: [],
    guard,
    asks: [],
  }));
  if (scene.facts.beatMs !== null)
    store.upkeep.beat({
      atMs: nowMs,
      startedAtMs: scene.facts.workerStartedAtMs ?? nowMs,
      vantage: 'local',
      facts: {},
    });
}
