import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { migrateStore, openStore, snapshotOf, writeSnapshot } from '#db/open.ts';
import { startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { serveHttp } from '#lib/testing/loopback.ts';
import { startPostOffice } from '#lib/testing/post-office.ts';
import { startSim } from '#probes/sim/main.ts';
import type { Io } from './command.ts';
import { dispatch } from './main.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

async function stage() {
  const cwd = mkdtempSync(join(tmpdir(), 'signalbox-doctor-'));
  endings.push(() => rmSync(cwd, { recursive: true, force: true }));
  const [sim, place, hook, office] = await Promise.all([
    startSim(),
    serveHttp((_request, response) => response.end('ok')),
    startHostileReceiver(),
    startPostOffice(),
  ]);
  endings.push(
    () => sim.close(),
    () => place.close(),
    () => hook.close(),
    () => office.close(),
  );
  const write = (more = '') =>
    writeFileSync(
      join(cwd, 'signalbox.yaml'),
      `gateways: { openrouter: { base_url: "${sim.baseUrl}", key: sk-or-v1-0123456789abcdef, status_page: null } }
controls: [ { name: a, url: "${place.url.replace('127.0.0.1', 'localhost')}/" } ]
smtp: { url: "${office.url}", from: s@example.com }
channels:
  - { type: webhook, name: hook, url: "${hook.url}", secret: ${secret} }
${more}`,
    );
  write();
  return { cwd, hook, write, dataDir: join(cwd, 'data') };
}

async function doctor(cwd: string) {
  const lines: string[] = [];
  const out = (text: string) => void lines.push(text);
  const io: Io = { out, err: out, isTerminal: false, env: {}, cwd, root: process.cwd() };
  const status = await dispatch(['doctor', '--json'], io);
  const findings = lines.map((line) => JSON.parse(line) as { what: string; state: string; text: string });
  return { status, findings, of: (what: string) => findings.filter((one) => one.what === what) };
}

it('finds a sound installation sound: each thing it looks at has its line', async () => {
  const { cwd, dataDir, hook } = await stage();
  mkdirSync(dataDir);
  migrateStore({ dataDir });
  openStore({ dataDir, reserveBytes: 0 }).close();
  const { status, findings, of } = await doctor(cwd);
  expect(findings.filter(({ state }) => state === 'bad')).toEqual([]);
  expect(status).toBe(0);
  for (const what of [
    'signalbox',
    'node',
    'config',
    'disk',
    'names',
    'network',
    'clock',
    'gateway',
    'key',
    'database',
    'backup',
    'worker',
    'messages',
    'mail',
    'channel',
  ])
    expect(of(what), what).not.toEqual([]);
  expect(of('channel')[0]?.text).toMatch(/^op_webhook_hook: 127\.0\.0\.1:\d+ answers/);
  expect(
    of('database')
      .map(({ text }) => text)
      .join(),
  ).toContain('whole by its own check');
  expect(hook.got).toEqual([]);
});

it('names a channel that cannot be reached', async () => {
  const { cwd, write } = await stage();
  write(`  - { type: webhook, name: dead, url: "http://127.0.0.1:9", secret: ${secret} }\n`);
  const { status, of } = await doctor(cwd);
  expect(status).toBe(1);
  expect(
    of('channel')
      .map(({ state, text }) => `${state} ${text}`)
      .join('\n'),
  ).toMatch(/^bad op_webhook_dead: 127\.0\.0\.1:9 cannot be reached: ECONNREFUSED/m);
});

it('stops at a configuration that is refused, and says where', async () => {
  const { cwd, write } = await stage();
  write('  - { type: slack, name: odd, webhook_uri: "http://127.0.0.1:9" }\n');
  const { status, findings, of } = await doctor(cwd);
  expect(status).toBe(1);
  expect([...of('config'), ...of('channel')].map(({ text }) => text).join()).toContain('webhook_uri');
  expect(findings.some(({ state }) => state === 'bad')).toBe(true);
});

it('says of a damaged database that it is damaged, and changes nothing', async () => {
  const { cwd, dataDir } = await stage();
  mkdirSync(dataDir);
  migrateStore({ dataDir });
  openStore({ dataDir, reserveBytes: 0 }).close();
  const file = join(dataDir, 'signalbox.db');
  const bytes = readFileSync(file);
  // Some pages behind the first, whose header is what it was.
  bytes.fill(0xa5, 2 * 4_096, 12 * 4_096);
  writeFileSync(file, bytes);
  const { status, of } = await doctor(cwd);
  expect(status).toBe(1);
  expect(of('database').some(({ state }) => state === 'bad')).toBe(true);
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

it('tells a database that is gone from one that was never made', async () => {
  const { cwd, dataDir } = await stage();
  mkdirSync(dataDir);
  migrateStore({ dataDir });
  const store = openStore({ dataDir, reserveBytes: 0 });
  writeSnapshot(dataDir, snapshotOf(store, Date.now()));
  store.close();
  rmSync(join(dataDir, 'signalbox.db'));
  const { status, of } = await doctor(cwd);
  expect(status).toBe(1);
  expect(of('database')).toMatchObject([{ state: 'bad', text: expect.stringContaining('is gone') }]);
  rmSync(join(dataDir, 'snapshot.json'));
  expect((await doctor(cwd)).of('database')).toMatchObject([{ state: 'note' }]);
});

it('looks at a database that somebody holds without waiting for it', async () => {
  const { cwd, dataDir } = await stage();
  mkdirSync(dataDir);
  migrateStore({ dataDir });
  openStore({ dataDir, reserveBytes: 0 }).close();
  const lock = new Database(join(dataDir, 'signalbox.db'));
  lock.exec('begin exclusive');
  const { of } = await doctor(cwd);
  lock.exec('rollback');
  lock.close();
  expect(of('database').map(({ state }) => state)).toEqual(['good', 'good']);
});
