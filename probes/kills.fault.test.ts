import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { openStore } from '#db/open.ts';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { invariants, lookId } from '#lib/testing/invariants.ts';
import { type Sim, startSim } from './sim/main.ts';

/** The whole worker, killed again and again while something is wrong and messages go out. */

const host = fileURLToPath(new URL('../lib/testing/worker-host.mjs', import.meta.url));
const endings: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const caps = { usdPerDay: 50, requestsPerDay: 4_000_000 };
const models = [
  'google/gemma-3-27b-it',
  'mistralai/mistral-small-3.2-24b-instruct',
  'qwen/qwen3-235b-a22b-2507',
];
const yamlOf = (sim: Sim, receiver: HostileReceiver) => `
gateways:
  openrouter:
    base_url: ${sim.baseUrl}
    key: sk-or-v1-0123456789abcdef
    status_page: null
    every: { completion: 1s }
    routes:
${models.flatMap((model) => ['deepinfra', 'novita', 'parasail'].map((provider) => `      - { provider: ${provider}, model: ${model} }`)).join('\n')}
controls:
  - { name: one, url: ${sim.statusUrl}/ }
  - { name: two, url: ${sim.baseUrl}/none }
channels:
  - { type: webhook, name: sink, url: "${receiver.url}/hook", secret: "whsec_${Buffer.alloc(32, 1).toString('base64')}", on: [incident, circuit] }
budget: { usd_per_day: ${caps.usdPerDay}, usd_per_month: 1000, requests_per_day: ${caps.requestsPerDay} }
`;

async function until(check: () => boolean, limitMs = 20_000): Promise<void> {
  const startedMs = performance.now();
  while (!check()) {
    if (performance.now() - startedMs > limitMs) throw new Error('waited in vain');
    await new Promise((go) => setTimeout(go, 20));
  }
}

function startWorker(cwd: string): { child: ChildProcess; gone: Promise<unknown> } {
  const child = spawn(process.execPath, [host], { cwd, stdio: 'ignore' });
  const gone = once(child, 'exit');
  endings.push(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  return { child, gone };
}

// What each check catches is shown beside the checks themselves, with planted damage.
it('K1, K5, K9: a worker killed twenty times while a provider falls and rises keeps every promise', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'signalbox-kills-'));
  endings.push(() => rmSync(cwd, { recursive: true, force: true }));
  const sim = await startSim();
  endings.push(() => sim.close());
  const receiver = await startHostileReceiver();
  endings.push(() => receiver.close());
  writeFileSync(join(cwd, 'signalbox.yaml'), yamlOf(sim, receiver));
  const dataDir = join(cwd, 'data');
  const file = join(dataDir, 'signalbox.db');
  const chats = () => sim.calls.filter((call) => call.path.endsWith('/chat/completions')).length;
  const known = new Set<string>();
  const check = () => {
    const store = openStore({ dataDir, isReader: true });
    try {
      const nowMs = Date.now();
      const flaws = invariants(store, { nowMs, caps, file, acknowledged: known });
      // What was readable once was acknowledged: no later kill may take it.
      for (const { observation } of store.looks.between({ fromMs: 0, toMs: nowMs + 60_000, limit: 1e6 }))
        known.add(lookId(observation));
      return { flaws, types: store.events.list({ limit: 500 }).map((event) => event.type) };
    } finally {
      store.close();
    }
  };
  let mend: (() => void) | null = null;
  let last = { flaws: [] as string[], types: [] as string[] };
  for (let round = 0; round < 20; round++) {
    if (round === 2) mend = sim.script({ provider: 'deepinfra', status: 502, body: 'bad gateway' });
    if (round === 14) mend?.();
    const worker = startWorker(cwd);
    const before = chats();
    await until(() => chats() > before + 9);
    await new Promise((go) => setTimeout(go, round % 5 === 4 ? 6_000 : Math.random() * 900));
    // Once it lives long enough to see what is wrong, and is killed when it has said so.
    if (round === 8) await until(() => check().types.includes('incident.opened'), 90_000);
    worker.child.kill('SIGKILL');
    await worker.gone;
    last = check();
    expect(last.flaws, `after kill ${round + 1}`).toEqual([]);
  }
  expect(known.size).toBeGreaterThan(200);
  const final = startWorker(cwd);
  await until(() => receiver.got.length > 0, 80_000);
  final.child.kill('SIGTERM');
  await final.gone;
  expect(check().flaws).toEqual([]);
  // A body sent twice carries the id it had: as many ids as events, never more.
  const byBody = new Map<string, Set<string>>();
  for (const got of receiver.got) {
    const { type, data } = JSON.parse(got.body) as { type: string; data: Record<string, unknown> };
    const key = `${type} ${data.seq}`;
    byBody.set(key, (byBody.get(key) ?? new Set()).add(String(got.headers['webhook-id'])));
  }
  for (const [key, ids] of byBody) expect(ids.size, key).toBe(1);
}, 300_000);
