import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateStore, openStore } from '#db/open.ts';
import { type EdgeUnderTest, fill, startEdge } from '#lib/testing/running-edge.ts';
import { makeScene } from '#lib/testing/scene.ts';
import { projectDir } from './prepare-pages.ts';

const hasPages = existsSync(join(projectDir, '.next', 'BUILD_ID'));
let folder = '';
let edge: EdgeUnderTest;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-trouble-'));
  migrateStore({ dataDir: folder });
  const store = openStore({ dataDir: folder });
  fill(store, makeScene('partial', Date.now()), Date.now());
  store.close();
  edge = await startEdge({
    dataDir: folder,
    web: { dataDir: folder, nextDir: hasPages ? projectDir : null },
  });
}, 60_000);
afterEach(async () => {
  await edge.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = async (path: string) => {
  const response = await fetch(edge.url + path, {
    headers: { accept: 'text/html', 'user-agent': 'Mozilla/5.0' },
  });
  return { status: response.status, body: await response.text() };
};
interface Feed {
  valid_until: string;
  targets: { state: string; advice: { action: string } }[];
}
const feed = async () => JSON.parse((await get('/api/v1/health?view=routing')).body) as Feed;
const sentence = async () => (JSON.parse((await get('/status.json')).body) as { sentence: string }).sentence;

/** Readable, honest: a page if pages are built, and a feed whose opinions end with its expiry. */
async function expectHonest(): Promise<void> {
  if (hasPages) {
    const { status, body } = await get('/');
    expect(status).toBe(200);
    expect(body).toContain('<main');
  }
  for (const path of ['/status.txt', '/feed.atom', '/api/v2/summary.json', '/badge.svg', '/healthz'])
    expect((await get(path)).status, path).toBe(200);
  const document = await feed();
  expect(document.targets.length).toBeGreaterThan(0);
  if (Date.parse(document.valid_until) >= edge.nowMs()) return;
  expect(new Set(document.targets.map((target) => target.state))).toEqual(new Set(['unknown']));
  expect(new Set(document.targets.map((target) => target.advice.action))).toEqual(new Set(['use']));
  const said = await sentence();
  expect(said).toMatch(/not been able to check since/);
  if (hasPages) expect((await get('/')).body).toContain(said.replace(/\.$/, ''));
}

const passHour = () => {
  edge.setNow(Date.now() + 3_600_000);
  edge.web.edge.live.look();
};

// Seen red with the expiry not looked at: everything stayed as green as an hour before.
describe('the pages stay readable and say what they do not know', () => {
  it('V7: when the worker is dead for an hour', async () => {
    await expectHonest();
    passHour();
    await expectHonest();
    expect((await feed()).targets.every((target) => target.state === 'unknown')).toBe(true);
  });

  it('D1: when somebody else holds the database', async () => {
    await expectHonest();
    const lock = new Database(join(folder, 'signalbox.db'));
    lock.exec('begin exclusive');
    await expectHonest();
    passHour();
    await expectHonest();
    lock.exec('rollback');
    lock.close();
  });

  it('D5: when the database file is gone, and when something else stands in its place', async () => {
    await expectHonest();
    for (const name of ['signalbox.db', 'signalbox.db-wal', 'signalbox.db-shm'])
      rmSync(join(folder, name), { force: true });
    await expectHonest();
    writeFileSync(join(folder, 'signalbox.db'), Buffer.alloc(40_960));
    passHour();
    await expectHonest();
  });

  it('D7: when the database is overwritten under the running process', async () => {
    await expectHonest();
    for (const name of ['signalbox.db', 'signalbox.db-wal'])
      writeFileSync(join(folder, name), Buffer.alloc(200_000, 0x5a), { flag: 'r+' });
    await expectHonest();
    passHour();
    await expectHonest();
  });

  it('D4: when nothing can be written any more, its own copies of pages neither', async () => {
    await expectHonest();
    rmSync(join(folder, 'pages'), { recursive: true, force: true });
    writeFileSync(join(folder, 'pages'), 'in the way');
    passHour();
    await expectHonest();
  });
});
