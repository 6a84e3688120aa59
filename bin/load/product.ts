import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStore } from '#db/open.ts';
import { type Sim, startSim } from '#probes/sim/main.ts';

/** The whole product as it is started by hand, against a scripted OpenRouter, in its own processes. */

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Product {
  url: string;
  dataDir: string;
  /** Of the launcher, whose children are the worker and the web. */
  pid: number;
  sim: Sim;
  /** How often anything was looked at: the simulated gateway, or a control. */
  lookCount(): number;
  facts(): Promise<WorkerFacts>;
  /** `look` sees the data folder once nobody writes any more, before it goes. */
  stop(look?: (dataDir: string) => void): Promise<void>;
}

export interface WorkerFacts {
  latenessP99Ms: number;
  looks: number;
  maxStallMs: number;
  recentStallMs: number;
}

/** What a case wants otherwise: something between us and the far side, another key, to hear what is said. */
export interface ProductChange {
  key?: string;
  upstream?: (sim: Sim) => Promise<{ baseUrl: string; statusUrl: string; close(): void }>;
  hear?: (text: string) => void;
}

export async function startProduct(extraYaml = '', change: ProductChange = {}): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-load-'));
  const sim = await startSim({ latencyScale: 1 });
  const far = (await change.upstream?.(sim)) ?? { ...sim, close: () => undefined };
  const controls = await Promise.all([plainServer(), plainServer(), plainServer()]);
  const port = await freePort();
  const dataDir = join(folder, 'data');
  writeFileSync(
    join(folder, 'signalbox.yaml'),
    `${[
      `data: ${dataDir}`,
      `listen: { port: ${port} }`,
      'known_providers: false',
      `gateways: { openrouter: { base_url: "${far.baseUrl}", key: ${change.key ?? `sk-or-v1-${'0'.repeat(32)}`}, status_page: "${far.statusUrl}" } }`,
      `controls: [${controls.map((one, i) => `{ name: c${i}, url: "${one.url}" }`).join(', ')}]`,
      'budget: { usd_per_day: 1000, usd_per_month: 30000, requests_per_day: 1000000 }',
    ].join('\n')}\n${extraYaml}`,
  );
  const child = spawn(process.execPath, [join(root, 'bin', 'start.mjs')], {
    cwd: folder,
    env: { ...process.env, SIGNALBOX_CONFIG: join(folder, 'signalbox.yaml') },
    stdio: ['ignore', change.hear ? 'pipe' : 'ignore', change.hear ? 'pipe' : 'inherit'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => change.hear?.(chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await untilRoutes(url, child);
  return {
    url,
    pid: child.pid ?? 0,
    dataDir,
    sim,
    lookCount: () => sim.callCount() + controls.reduce((sum, one) => sum + one.hits(), 0),
    facts: async () => factsOf(dataDir),
    async stop(look) {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await new Promise((done) => child.once('exit', done));
      }
      for (const one of controls) one.server.close();
      far.close();
      await sim.close();
      look?.(dataDir);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ready means: routes are judged, not only listed. */
async function untilRoutes(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}`);
    const document = await fetch(`${url}/api/v1/health?view=routing`).then(
      (response) => response.json() as Promise<{ targets?: { state: string }[] }>,
      () => null,
    );
    const targets = document?.targets ?? [];
    if (targets.length >= 12 && targets.filter(({ state }) => state === 'up').length >= 12) return;
    await sleep(300);
  }
  throw new Error('no route was judged within 90 s');
}

function factsOf(dataDir: string): WorkerFacts {
  const store = openStore({ dataDir, isReader: true });
  try {
    const looking = (store.upkeep.lastBeat()?.facts.looking ?? {}) as Partial<WorkerFacts>;
    return {
      latenessP99Ms: looking.latenessP99Ms ?? Number.NaN,
      looks: looking.looks ?? 0,
      maxStallMs: looking.maxStallMs ?? Number.NaN,
      recentStallMs: looking.recentStallMs ?? Number.NaN,
    };
  } finally {
    store.close();
  }
}

async function plainServer(): Promise<{ server: Server; url: string; hits(): number }> {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits += 1;
    response.end('ok');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, hits: () => hits };
}

async function freePort(): Promise<number> {
  const { server } = await plainServer();
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
