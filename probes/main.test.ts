import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildFleet } from '#lib/config/fleet.ts';
import { startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { beatEveryMs } from './heartbeat.ts';
import { type RunningWorker, runWorker, type WorkerOptions } from './main.ts';
import { gatewayErrors } from './sim/faults.ts';
import { type Sim, startSim } from './sim/main.ts';

const canary = 'sk-or-v1-0c4na7y00c4na7y0';
const endings: (() => Promise<unknown> | unknown)[] = [];
afterAll(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Nothing of the presets: their addresses lie outside. */
const onlyOurs: typeof buildFleet = (...args) => {
  const built = buildFleet(...args);
  const watched = built.watched.filter((w) => /127\.0\.0\.1/.test(w.baseUrl));
  return { ...built, watched };
};

async function stage(yaml: (sim: Sim) => string = ours) {
  const cwd = mkdtempSync(join(tmpdir(), 'signalbox-worker-'));
  endings.push(() => rmSync(cwd, { recursive: true, force: true }));
  const sim = await startSim();
  endings.push(() => sim.close());
  writeFileSync(join(cwd, 'signalbox.yaml'), yaml(sim));
  const said: string[] = [];
  const start = async (more: Partial<WorkerOptions> = {}) => {
    const worker = await runWorker({
      env: {},
      cwd,
      say: (text) => void said.push(text),
      build: onlyOurs,
      ...more,
    });
    endings.push(() => worker.stop());
    return worker;
  };
  return { cwd, sim, said, start };
}

const ours = (sim: Sim) => `
gateways:
  openrouter:
    base_url: ${sim.baseUrl}
    key: ${canary}
    status_page: ${sim.statusUrl}
    every: { completion: 2s }
    routes:
      - { provider: deepinfra, model: google/gemma-3-27b-it }
      - { provider: any, model: google/gemma-3-27b-it }
controls:
  - { name: here, url: ${sim.statusUrl}/ }
`;

async function until<T>(read: () => T | null | undefined | false, limitMs = 45_000): Promise<T> {
  const startedMs = performance.now();
  for (;;) {
    const found = read();
    if (found) return found;
    if (performance.now() - startedMs > limitMs) throw new Error('waited in vain');
    await new Promise((go) => setTimeout(go, 20));
  }
}

const lookOf = (worker: RunningWorker, probe: string) => {
  const watched = worker.store.looks.current().fleet.find((w) => w.probe === probe);
  return watched ? worker.store.looks.last(watched.key, 1)[0] : undefined;
};

describe.concurrent('the worker', { timeout: 60_000 }, () => {
  it('looks, judges and stores, from the socket to the store', async () => {
    const { start, sim, said } = await stage();
    const worker = await start();
    for (const probe of ['catalog', 'control', 'completion', 'account', 'official']) {
      const look = await until(() => lookOf(worker, probe));
      expect([probe, look.outcome]).toEqual([probe, 'ok']);
    }
    expect(sim.calls.filter((call) => call.path.endsWith('/chat/completions')).length).toBeGreaterThan(0);
    expect(said[0]).toMatch(/^Watching \d+ targets .*2 routes/);
    expect(said[1]).toMatch(/^Calls cost about \d+\.\d\d USD a day/);
    expect(worker.store.ledger.months()[0]?.usd).toBeGreaterThan(0);
  });

  it('lets its own test target fall, hears of it through look, judgement and outbox, and then calls outside', async () => {
    const outside = await startHostileReceiver();
    endings.push(() => outside.close());
    const { start, said } = await stage((sim) => `${ours(sim)}heartbeat_url: ${outside.url}/ping\n`);
    const worker = await start();
    await outside.arrived(1, 45_000);
    const { canary: own } = worker.facts().deliveries as { canary: { isAlive: boolean } };
    expect(own.isAlive).toBe(true);
    expect(said.join()).not.toContain('canary');
    expect(worker.store.looks.current().fleet.map((w) => w.probe)).not.toContain('canary');
    expect([...worker.store.looks.lastSeenAt().keys()].join()).not.toContain('canary');
    const tests = worker.store.events.list({ limit: 300 }).filter((event) => event.data.name === 'canary');
    expect(tests.map((event) => event.isPublic)).toContain(false);
    expect(tests.map((event) => event.isPublic)).not.toContain(true);
  });

  it('tells its owner, and once, that the budget is reached', async () => {
    const owner = await startHostileReceiver();
    endings.push(() => owner.close());
    const { start, sim } = await stage(
      (own) => `${ours(own)}budget: { requests_per_day: 4 }
channels: [{ type: webhook, name: ops, url: ${owner.url}/, on: [account], secret: whsec_${'A'.repeat(43)}= }]
`,
    );
    // Whichever route is looked at first, its failure is asked about until nothing is left.
    sim.script(gatewayErrors(1));
    await start();
    const [got] = await owner.arrived(1, 45_000);
    const { type, data } = JSON.parse(got?.body ?? '');
    expect([type, data.text]).toEqual([
      'account.warning',
      'The day’s budget for paid checks is reached: 4 of 4 requests. They stop until midnight UTC; free checks go on.',
    ]);
    await new Promise((go) => setTimeout(go, 2 * beatEveryMs + 500));
    expect(owner.got).toHaveLength(1);
  });

  it('renews the beat that everything published hangs on', async () => {
    const { start } = await stage();
    const worker = await start();
    const first = await until(() => worker.store.upkeep.lastBeat());
    const later = await until(() => {
      const beat = worker.store.upkeep.lastBeat();
      const { looking, deliveries } = beat?.facts ?? {};
      return beat && beat.atMs > first.atMs && looking && deliveries ? beat : null;
    });
    expect(beatEveryMs).toBeLessThanOrEqual(5_000);
    expect(later.facts).toMatchObject({
      budget: { isCapped: false, capUsd: 0.5 },
      looking: { localErrors: 0 },
      deliveries: { due: 0, oldestDueAtMs: null, dead: 0 },
    });
  });

  it('U10: keeps the key out of the store and of everything it says', async () => {
    const { start, cwd, said } = await stage();
    const worker = await start();
    await until(() => lookOf(worker, 'completion'));
    const beat = JSON.stringify(worker.facts());
    await worker.stop();
    const data = join(cwd, 'data');
    const written = readdirSync(data).map((name) => readFileSync(join(data, name)).toString('latin1'));
    expect([...written, ...said, beat].join('\n')).not.toContain(canary.slice(9));
  });

  it('looks at once when somebody asks', async () => {
    const { start } = await stage();
    const worker = await start();
    const look = await until(() => lookOf(worker, 'official'));
    const { store } = worker;
    const key = store.looks.current().fleet.find((w) => w.probe === 'official')?.key as string;
    store.people.ask({
      id: 'i1',
      kind: 'look_now',
      body: { targetKeys: [key] },
      by: 'admin',
      atMs: Date.now(),
    });
    const again = await until(() => {
      const last = store.looks.last(key, 1)[0];
      return last && last.observation.atMs > look.observation.atMs ? last : null;
    }, 5_000);
    expect(again.observation.why).toBe('manual');
  });

  it('puts a test message into the outbox when somebody asks, once', async () => {
    const { start } = await stage(
      (sim) =>
        `${ours(sim)}\nchannels:\n  - { type: webhook, name: hook, url: '${sim.statusUrl}/hook', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }\n`,
    );
    const worker = await start();
    const receiver = await until(() => worker.store.people.receivers()[0]);
    const body = { receiverId: receiver.id };
    worker.store.people.ask({ id: 'i1', kind: 'test_message', body, by: 'admin', atMs: Date.now() });
    const log = await until(() => {
      const lines = worker.store.outbox.log({ limit: 10 });
      return lines.length > 0 ? lines : null;
    });
    expect(new Set(log.map((line) => line.receiverId))).toEqual(new Set([receiver.id]));
  });

  it('takes a changed configuration without a restart and refuses a broken one', async () => {
    const { start, cwd, sim, said } = await stage();
    const worker = await start();
    await until(() => lookOf(worker, 'catalog'));
    const file = join(cwd, 'signalbox.yaml');
    writeFileSync(file, `${ours(sim)}\nnonsense: true\n`);
    await until(() => said.find((text) => /refused/.test(text)));
    expect(said.at(-1)).toMatch(/nonsense/);
    writeFileSync(file, `${ours(sim)}\nhttp:\n  - { name: api, url: '${sim.statusUrl}/' }\n`);
    await until(() => lookOf(worker, 'http'));
    expect(said.at(-1)).toBe('The changed configuration is in use.');
  });

  it('W1: waits while another one watches, and goes on where that one ended', async () => {
    const { start, said } = await stage();
    const first = await start();
    await until(() => lookOf(first, 'catalog'));
    const second = start();
    await until(() => said.find((text) => /^Another worker is watching/.test(text)));
    await first.stop();
    const worker = await second;
    expect(lookOf(worker, 'catalog')).toBeDefined();
  });

  it('W6: stops within ten seconds whatever hangs', async () => {
    const { start, sim } = await stage();
    sim.script({ path: '/chat/completions', hang: true });
    const worker = await start();
    await until(() => sim.callCount() > 2);
    const startedMs = performance.now();
    await worker.stop();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(await worker.ended).toBe(0);
  });

  it('goes on without a key and without a network', async () => {
    const { start, said } = await stage(
      () => `
gateways:
  openrouter: { base_url: 'http://127.0.0.1:9/api/v1', status_page: null }
controls:
  - { name: nowhere, url: 'http://127.0.0.1:9/' }
`,
    );
    const worker = await start();
    const look = await until(() => lookOf(worker, 'catalog'));
    expect(look.observation.fault).toBe('refused');
    expect(said.join('\n')).toMatch(/No calls are paid for/);
  });

  it('says what is wrong with a configuration and touches nothing', async () => {
    const { start, cwd } = await stage(() => 'vantge: here\n');
    await expect(start()).rejects.toThrow(/vantge/);
    expect(readdirSync(cwd)).toEqual(['signalbox.yaml']);
  });
});
