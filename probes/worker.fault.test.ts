import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { openStore } from '#db/open.ts';
import { targetKey } from '#lib/core/target.ts';
import { expectSound } from '#lib/testing/after-fault.ts';
import type { LookingFacts } from './messages.ts';
import { type Sim, startSim } from './sim/main.ts';

/** The worker as a process, and what the world does to it. */

const host = fileURLToPath(new URL('../lib/testing/worker-host.mjs', import.meta.url));
const endings: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const models = [
  'google/gemma-3-27b-it',
  'mistralai/mistral-small-3.2-24b-instruct',
  'qwen/qwen3-235b-a22b-2507',
];
const yamlOf = (sim: Sim, more = '') => `
gateways:
  openrouter:
    base_url: ${sim.baseUrl}
    key: sk-or-v1-0123456789abcdef
    status_page: null
    every: { completion: 1s }
    routes:
${models.flatMap((model) => ['deepinfra', 'any', 'novita', 'parasail'].map((provider) => `      - { provider: ${provider}, model: ${model} }`)).join('\n')}
controls:
  - { name: one, url: ${sim.statusUrl}/ }
  - { name: two, url: ${sim.baseUrl}/none }
budget: { usd_per_day: 50, usd_per_month: 1000, requests_per_day: 4000000 }
${more}`;

async function stage(yaml = yamlOf) {
  const cwd = mkdtempSync(join(tmpdir(), 'signalbox-fault-'));
  endings.push(() => rmSync(cwd, { recursive: true, force: true }));
  // After every fault, once the worker is gone.
  endings.push(() => expectSound(join(cwd, 'data'), { caps: { usdPerDay: 50, requestsPerDay: 4_000_000 } }));
  const sim = await startSim();
  endings.push(() => sim.close());
  writeFileSync(join(cwd, 'signalbox.yaml'), yaml(sim));
  const dataDir = join(cwd, 'data');
  const read = <T>(ask: (store: ReturnType<typeof openStore>) => T): T => {
    const store = openStore({ dataDir, isReader: true });
    try {
      return ask(store);
    } finally {
      store.close();
    }
  };
  return { cwd, sim, dataDir, read, start: () => startWorker(cwd) };
}

function startWorker(cwd: string) {
  const child = spawn(process.execPath, [host], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    out += chunk;
  });
  const gone = once(child, 'exit');
  endings.push(async () => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await gone;
  });
  return { child, gone, said: () => out, hasSaid: (text: string) => until(() => out.includes(text)) };
}

/** As a stranger's program would; returns what ends it. */
function hold(dataDir: string): () => void {
  const lock = new Database(join(dataDir, 'signalbox.db'));
  lock.exec('begin immediate');
  return () => {
    lock.exec('rollback');
    lock.close();
  };
}

const wait = (ms: number) => new Promise((go) => setTimeout(go, ms));

async function until(check: () => boolean, limitMs = 15_000): Promise<void> {
  const startedMs = performance.now();
  while (!check()) {
    if (performance.now() - startedMs > limitMs) throw new Error('waited in vain');
    await wait(20);
  }
}

const kill = async (worker: { child: ChildProcess; gone: Promise<unknown> }, signal: NodeJS.Signals) => {
  worker.child.kill(signal);
  await worker.gone;
};

const chats = (sim: Sim) => sim.calls.filter((call) => call.path.endsWith('/chat/completions'));

describe('the worker under faults', () => {
  it('K1: killed thirty times under load it forgets no spend and keeps every look once', async () => {
    const { sim, read, start, dataDir } = await stage();
    for (let round = 0; round < 30; round++) {
      const worker = start();
      const before = chats(sim).length;
      await until(() => chats(sim).length > before);
      await wait(Math.random() * 400);
      await kill(worker, 'SIGKILL');
    }
    const spent = read((store) => store.ledger.spent({ fromMs: 0, toMs: Date.now() + 86_400_000 }));
    expect(spent.requests).toBeGreaterThanOrEqual(chats(sim).length);
    // Whoever was killed between reserving and calling has reserved in vain: a little more, never less.
    expect(spent.requests).toBeLessThanOrEqual(chats(sim).length + 30 * 12);
    const db = new Database(join(dataDir, 'signalbox.db'), { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
    const events = read((store) => store.events.list({ limit: 100 }));
    expect(events.filter((event) => event.type === 'incident.opened')).toEqual([]);
  }, 180_000);

  it('W1: of three workers one watches, and when it is killed the next one does within seconds', async () => {
    const { read, start, sim } = await stage();
    const three = [start(), start(), start()];
    await until(() => three.filter((one) => one.said().includes('running')).length === 1);
    await until(() => three.filter((one) => one.said().includes('Another worker')).length === 2);
    const leader = three.find((one) => one.said().includes('running'));
    await kill(leader as (typeof three)[0], 'SIGKILL');
    const at = chats(sim).length;
    await until(() => three.filter((one) => one.said().includes('running')).length === 2);
    await until(() => chats(sim).length > at);
    expect(read((store) => store.upkeep.lastBeat())).not.toBeNull();
  }, 60_000);

  it('C6: stopped for five seconds it blames nobody and names the slots it missed', async () => {
    const { read, start, sim, dataDir } = await stage();
    sim.script({ path: '/chat/completions', delayMs: 300 });
    const worker = start();
    await until(() => chats(sim).length > 30);
    worker.child.kill('SIGSTOP');
    await wait(5_000);
    worker.child.kill('SIGCONT');
    await worker.hasSaid('Time did not pass as it should (paused');
    const at = chats(sim).length;
    await until(() => chats(sim).length > at + 12);
    await wait(1_500);
    expect(read((store) => store.events.list({ types: ['incident.opened'], limit: 10 }))).toEqual([]);
    const db = new Database(join(dataDir, 'signalbox.db'), { readonly: true });
    const paused = db.prepare("select count(*) as n from missed where reason = 'paused'").get() as {
      n: number;
    };
    db.close();
    expect(paused.n).toBeGreaterThan(12 * 3);
  }, 60_000);

  it('D1: while another process holds the database, looks go on and none is lost', async () => {
    const { read, start, sim, dataDir } = await stage();
    const worker = start();
    await until(() => chats(sim).length > 24);
    const letGo = hold(dataDir);
    const at = chats(sim).length;
    await wait(2_000);
    letGo();
    // Paid looks wait for the ledger; what was under way is kept and stored when the lock is gone.
    await until(() => chats(sim).length > at + 24);
    await kill(worker, 'SIGTERM');
    const beat = read((store) => store.upkeep.lastBeat());
    expect(beat?.facts.recorder).toMatchObject({ dropped: 0, parked: 0 });
    expect(read((store) => store.events.list({ types: ['incident.opened'], limit: 10 }))).toEqual([]);
    expect(worker.child.exitCode).toBe(0);
  }, 60_000);

  // Seen red with a lease that cannot be asked for taken for an error: the worker ended, and its looks with it.
  it('D1: held for longer than the lease, it is not given up either, and every look of the time is there', async () => {
    const { read, start, dataDir } = await stage(
      (sim) => `
known_providers: false
gateways: { openrouter: { base_url: "${sim.baseUrl}", status_page: null } }
controls: [{ name: one, url: "${sim.statusUrl}/" }]
http: [{ name: own, url: "${sim.statusUrl}/", every: 1s }]`,
    );
    const worker = start();
    const ownKey = targetKey('http', { gateway: null, provider: 'own', model: null });
    const kept = () => read((store) => store.looks.last(ownKey, 100));
    await worker.hasSaid('running');
    await until(() => kept().length > 1);
    const letGo = hold(dataDir);
    const fromMs = Date.now();
    await wait(15_000);
    expect(worker.child.exitCode, worker.said()).toBeNull();
    letGo();
    await until(() => kept().some(({ observation }) => observation.atMs > fromMs + 15_500));
    const during = kept().filter(({ observation: { atMs } }) => atMs > fromMs && atMs < fromMs + 15_000);
    expect(during.length).toBeGreaterThanOrEqual(14);
    expect(read((store) => store.events.list({ types: ['incident.opened'], limit: 10 }))).toEqual([]);
    await kill(worker, 'SIGTERM');
    expect(worker.child.exitCode).toBe(0);
  }, 60_000);

  // Seen red with the place of the file not looked at: it went on as if all were well, into a file without a name.
  it('D5: when the database is taken away nothing more is bought, readers turn grey, and it goes on when it is back', async () => {
    const { read, start, sim, dataDir, cwd } = await stage();
    const worker = start();
    await until(() => chats(sim).length > 24);
    const names = ['signalbox.db', 'signalbox.db-wal', 'signalbox.db-shm'];
    for (const name of names) renameSync(join(dataDir, name), join(cwd, name));
    await worker.hasSaid('was taken away or replaced');
    await wait(1_500);
    const at = chats(sim).length;
    await wait(3_000);
    expect(chats(sim).length).toBe(at);
    expect(existsSync(join(dataDir, 'signalbox.db'))).toBe(false);
    expect(worker.child.exitCode, worker.said()).toBeNull();
    for (const name of names) renameSync(join(cwd, name), join(dataDir, name));
    await worker.hasSaid('in its place again');
    await until(() => chats(sim).length > at);
    const told = read((store) => store.events.list({ types: ['notice'], limit: 10 }));
    expect(told.map(({ data }) => data.what)).toEqual(['database_gone']);
    await kill(worker, 'SIGTERM');
    expect(worker.child.exitCode).toBe(0);
  }, 60_000);

  // Seen red with a socket that could not be had not counted as our own.
  it('N10: without enough sockets everything is our own fault', async () => {
    const { read, start, sim } = await stage();
    const worker = start();
    await until(() => chats(sim).length > 12);
    // A few more than it has open at rest: what a start needs depends on the machine.
    const pid = String(worker.child.pid);
    let atRest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 50; i++) {
      atRest = Math.min(atRest, readdirSync(`/proc/${pid}/fd`).length);
      await wait(20);
    }
    const most = String(atRest + 3);
    sim.script({ path: '/chat/completions', hang: true });
    expect(spawnSync('prlimit', ['--pid', pid, `--nofile=${most}:${most}`]).status).toBe(0);
    await until(() => {
      const facts = read((store) => store.upkeep.lastBeat())?.facts.looking as LookingFacts | undefined;
      return (facts?.localErrors ?? 0) > 5;
    }, 30_000);
    expect(
      read((store) => store.events.list({ types: ['incident.opened'], limit: 10 })).filter((e) => e.isPublic),
    ).toEqual([]);
    const facts = read((store) => store.upkeep.lastBeat())?.facts.looking as LookingFacts;
    expect(facts.lastLocalError).toMatch(/EMFILE|ENFILE/);
  }, 60_000);

  it('V3: with its own connection cut it is blind and accuses nobody', async () => {
    const { read, start, sim } = await stage();
    start();
    await until(() => chats(sim).length > 40);
    await sim.close();
    await wait(25_000);
    const opened = read((store) => store.events.list({ types: ['incident.opened'], limit: 10 }));
    expect(opened.filter((event) => event.isPublic)).toEqual([]);
    expect(read((store) => store.looks.current().guard.self)).toBe('blind');
  }, 60_000);

  it('W6: under load it ends within ten seconds, and the next one begins at once', async () => {
    const { start, sim } = await stage();
    sim.script({ path: '/chat/completions', hang: true });
    const worker = start();
    await until(() => chats(sim).length > 8);
    const startedMs = performance.now();
    await kill(worker, 'SIGTERM');
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(worker.child.exitCode).toBe(0);
    const next = start();
    await next.hasSaid('running');
    expect(next.said()).not.toContain('Another worker');
  }, 60_000);
});
