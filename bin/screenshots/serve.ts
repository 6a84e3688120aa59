import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import next from 'next';
import { setWeb } from '#app/_data/web.ts';
import { makeScene, type SceneName } from '#lib/testing/scene.ts';
import { sceneStore } from '#lib/testing/scene-store.ts';

const scene = makeScene((process.argv[2] ?? 'calm') as SceneName, Date.now());
setWeb({
  store: sceneStore(scene) as never,
  settings: {
    title: 'LLM status',
    logo: null,
    accent: null,
    links: [],
    groups: [],
    hide: [],
    timeZone: 'UTC',
    url: null,
    vantages: [{ id: 'fra1', place: 'Frankfurt' }],
    gateways: ['openrouter'],
    budget: { usdPerDay: 0.5, usdPerMonth: 15, requestsPerDay: 40_000 },
    channels: [],
    hasSmtp: true,
  },
  nowMs: () => scene.nowMs,
  facts: () => scene.facts,
});
const app = next({ dev: false, dir: join(import.meta.dirname, '../..'), customServer: true } as never);
await app.prepare();
const handle = app.getRequestHandler();
const server = createServer((req, res) => void handle(req, res));
server.listen(Number(process.env.PORT ?? 4100), '127.0.0.1', () =>
  console.log((server.address() as AddressInfo).port),
);
