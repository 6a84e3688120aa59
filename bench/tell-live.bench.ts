import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFleet } from '#lib/config/fleet.ts';
import { endedAtMs } from '#lib/core/observation.ts';
import type { Store } from '#lib/store.ts';
import { type RunningWorker, runWorker } from '#probes/main.ts';
import { providerDown } from '#probes/sim/faults.ts';
import { type Sim, startSim } from '#probes/sim/main.ts';
import type { Print } from './figure.ts';

export const name = 'tell: failing look to webhook';

const intervalsS = [10, 60];
/** By their own arithmetic of interval and retries, at the shortest interval they offer. */
const peers = [
  { peer: 'Uptime Kuma with one retry', bestS: 20 },
  { peer: 'Gatus with three failures', bestS: 10 },
];
const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

/** With three controls, as a real installation has. The whole worker against the scripted OpenRouter: a provider falls, confirmation and all, and a webhook hears of it. */
export async function run(print: Print): Promise<void> {
  for (const everyS of intervalsS) {
    const { seconds, note } = await once(everyS);
    print({
      figure: `end of the first failing look to the webhook, every ${everyS} s`,
      value: seconds,
      unit: 's',
      limit: 6,
      note,
    });
    for (const { peer, bestS } of peers)
      print({
        figure: `so many times as long takes ${peer}, every ${everyS} s`,
        value: bestS / seconds,
        unit: 'times',
        note: `its best case, ${bestS} s`,
      });
  }
}

async function once(everyS: number): Promise<{ seconds: number; note: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'tell-live-'));
  const sim = await startSim({ latencyScale: 0.2 });
  const hook = await startHook();
  let worker: RunningWorker | null = null;
  try {
    writeFileSync(join(cwd, 'signalbox.yaml'), yamlOf(sim, hook.url, everyS));
    worker = await runWorker({ env: {}, cwd, say: () => undefined, build: onlyOurs });
    const { store } = worker;
    await until(() => allSeen(store), 90_000);
    const fellAtMs = Date.now();
    sim.script(providerDown('deepinfra'));
    const arrivedAtMs = await hook.arrived(90_000);
    const first = firstFailure(store, fellAtMs);
    return {
      seconds: (arrivedAtMs - first) / 1_000,
      note: `fault to webhook ${((arrivedAtMs - fellAtMs) / 1_000).toFixed(1)} s`,
    };
  } finally {
    await worker?.stop();
    await sim.close();
    hook.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

const routes = [
  ['deepinfra', 'meta-llama/llama-3.3-70b-instruct'],
  ['deepinfra', 'meta-llama/llama-3.1-8b-instruct'],
  ['groq', 'meta-llama/llama-3.3-70b-instruct'],
  ['groq', 'meta-llama/llama-3.1-8b-instruct'],
  ['novita', 'meta-llama/llama-3.3-70b-instruct'],
  ['openai', 'openai/gpt-4.1-nano'],
  ['azure', 'openai/gpt-4.1-nano'],
];

function yamlOf(sim: Sim, hookUrl: string, everyS: number): string {
  const listed = routes
    .map(([provider, model]) => `      - { provider: ${provider}, model: ${model} }`)
    .join('\n');
  return `
known_providers: false
gateways:
  openrouter:
    base_url: ${sim.baseUrl}
    key: sk-or-v1-bench
    status_page: ${sim.statusUrl}
    every: { completion: ${everyS}s, catalog: 60s, account: 60s }
    routes:
${listed}
controls:
  - { name: one, url: ${sim.statusUrl}/ }
  - { name: two, url: ${sim.statusUrl}/config.json }
  - { name: three, url: ${sim.baseUrl}/providers }
budget: { usd_per_day: 50, usd_per_month: 500, requests_per_day: 1000000 }
channels:
  - { type: webhook, name: hook, url: "${hookUrl}", secret: "${secret}", on: [incident] }
`;
}

const onlyOurs: typeof buildFleet = (...args) => {
  const built = buildFleet(...args);
  return { ...built, watched: built.watched.filter((one) => /127\.0\.0\.1/.test(one.baseUrl)) };
};

/** Three good looks of every route: what a fall is measured against. */
function allSeen(store: Store): boolean {
  const watched = store.looks.current().fleet.filter((one) => one.probe === 'completion');
  return watched.length > 0 && watched.every((one) => store.looks.last(one.key, 1)[0]?.outcome === 'ok');
}

function firstFailure(store: Store, sinceMs: number): number {
  const ends = store.looks
    .current()
    .fleet.filter((one) => one.probe === 'completion')
    .flatMap((one) => store.looks.last(one.key, 50))
    .filter((look) => look.observation.atMs >= sinceMs && look.outcome !== 'ok')
    .map((look) => endedAtMs(look.observation));
  return Math.min(...ends);
}

async function startHook(): Promise<{
  url: string;
  arrived(limitMs: number): Promise<number>;
  close(): void;
}> {
  const first = Promise.withResolvers<number>();
  const server = createServer((request, response) => {
    const atMs = Date.now();
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.end();
      if (body.includes('"incident.opened"')) first.resolve(atMs);
    });
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', () => go()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    arrived: (limitMs) =>
      Promise.race([
        first.promise,
        new Promise<number>((_go, fail) =>
          setTimeout(() => fail(new Error('no webhook came')), limitMs).unref(),
        ),
      ]),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function until(check: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!check()) {
    if (performance.now() > end) throw new Error('it did not come to be');
    await new Promise((go) => setTimeout(go, 50));
  }
}
