import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { openStore } from '#db/open.ts';
import { expectSound } from '#lib/testing/after-fault.ts';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import type { LookingFacts } from './messages.ts';
import { startSim } from './sim/main.ts';

const host = fileURLToPath(new URL('../lib/testing/worker-host.mjs', import.meta.url));
const endings: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function until(check: () => boolean, limitMs: number): Promise<void> {
  const startedMs = performance.now();
  while (!check()) {
    if (performance.now() - startedMs > limitMs) throw new Error('waited in vain');
    await new Promise((go) => setTimeout(go, 50));
  }
}

// Seen red with the deciding thread waiting for each message.
it('A9: with every receiver hanging, looks go on as punctually as before', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'signalbox-sinks-'));
  endings.push(() => rmSync(cwd, { recursive: true, force: true }));
  endings.push(() => expectSound(join(cwd, 'data')));
  const sim = await startSim();
  endings.push(() => sim.close());
  const sinks: HostileReceiver[] = [];
  for (let i = 0; i < 8; i++) {
    const sink = await startHostileReceiver();
    sink.script('hang');
    sinks.push(sink);
    endings.push(() => sink.close());
  }
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const models = ['google/gemma-3-27b-it', 'qwen/qwen3-235b-a22b-2507'];
  const routes = models.flatMap((model) =>
    ['deepinfra', 'novita', 'parasail'].map(
      (provider) => `      - { provider: ${provider}, model: ${model} }`,
    ),
  );
  writeFileSync(
    join(cwd, 'signalbox.yaml'),
    `gateways:
  openrouter:
    base_url: ${sim.baseUrl}
    key: sk-or-v1-0123456789abcdef
    status_page: null
    every: { completion: 1s }
    routes:
${routes.join('\n')}
controls:
  - { name: one, url: ${sim.statusUrl}/ }
  - { name: two, url: ${sim.baseUrl}/none }
channels:
${sinks.map((sink, i) => `  - { type: webhook, name: s${i}, url: "${sink.url}", secret: "${secret}", on: [incident, circuit] }`).join('\n')}
budget: { usd_per_day: 50, usd_per_month: 1000, requests_per_day: 4000000 }
`,
  );
  const child = spawn(process.execPath, [host], { cwd, stdio: 'ignore' });
  const gone = once(child, 'exit');
  endings.push(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const facts = (): Partial<LookingFacts> => {
    const store = openStore({ dataDir: join(cwd, 'data'), isReader: true });
    try {
      return (store.upkeep.lastBeat()?.facts.looking ?? {}) as Partial<LookingFacts>;
    } finally {
      store.close();
    }
  };
  const chats = () => sim.calls.filter((call) => call.path.endsWith('/chat/completions')).length;
  await until(() => chats() > 30, 20_000);
  sim.script({ provider: 'deepinfra', status: 502, body: 'bad gateway' });
  await until(() => sinks.every((sink) => sink.got.length > 0), 90_000);
  const before = chats();
  await new Promise((go) => setTimeout(go, 8_000));
  // Four routes that work, once a second, and none of them waits for a receiver.
  expect(chats() - before).toBeGreaterThan(20);
  expect(facts().latenessP99Ms ?? 0).toBeLessThan(1_000);
}, 180_000);
