import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectDir } from '#app/_edge/prepare-pages.ts';
import { openStore } from '#db/open.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import type { DemoStatus } from '../bin/demo/control-api.ts';
import { placesFrom } from '../bin/demo/places.ts';

const places = placesFrom(3930);
const at = (port: number): string => `http://${places.host}:${port}`;
const run = promisify(execFile);

let demo: ChildProcess;
let dataDir: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-sentence-'));
  const args = ['--quiet', '--port', String(places.page), '--data', dataDir];
  demo = spawn(process.execPath, [join(projectDir, 'bin', 'demo.mjs'), ...args], { stdio: 'ignore' });
  while (!(await isShown())) await new Promise((resolve) => setTimeout(resolve, 200));
  // The first looks are in, so that a failure is a change and not the first thing ever seen.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
}, 120_000);
afterAll(async () => {
  const ended = new Promise((resolve) => demo.once('exit', resolve));
  demo.kill('SIGTERM');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
}, 30_000);

async function isShown(): Promise<boolean> {
  try {
    return (await fetch(at(places.page))).status === 200;
  } catch {
    return false;
  }
}

const page = async (path: string): Promise<string> => (await fetch(at(places.page) + path)).text();
const letters = async (): Promise<DemoStatus['letters']> =>
  ((await (await fetch(at(places.control))).json()) as DemoStatus).letters;

/** What markup does to a sentence is undone, so that only its words are compared. */
function plain(text: string): string {
  return text
    .replace(/<!-- -->/g, '')
    .replace(/&#x27;|&#39;|&apos;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

it('the gateway fails, and everybody is told the same sentence within ten seconds', async () => {
  const store = openStore({ dataDir, isReader: true });
  try {
    await fetch(`${at(places.control)}/strike/gateway`, { method: 'POST' });
    const opened = (): CoreEvent | undefined =>
      store.events.list({ types: ['incident.opened'], limit: 1 }).find((e) => e.atMs > Date.now() - 60_000);
    await expect
      .poll(() => opened()?.scope, { timeout: 10_000 })
      .toMatchObject({ kind: 'gateway', id: 'openrouter' });
    const event = opened() as CoreEvent;
    // Subjects and previews are cut where a phone would cut them.
    const words = event.sentence.slice(0, 60);
    const told = async (channel: string): Promise<boolean> =>
      (await letters()).some((l) => l.channel === channel && l.subject.includes(words));
    for (const channel of ['slack', 'email'])
      await expect.poll(() => told(channel), { timeout: 5_000, message: channel }).toBe(true);
    expect(plain(await page('/feed.atom'))).toContain(event.sentence);

    const incident = store.incidents.get(event.incidentId ?? '');
    const title = incident?.title ?? 'no incident';
    // The page is rendered after the change, within the same ten seconds.
    await expect.poll(async () => plain(await page('/')), { timeout: 5_000 }).toContain(title);
    expect(await page('/status.txt')).toContain(title);
    expect(await page('/api/v1/health')).toContain(title);
    const asked = await run(process.execPath, [join(projectDir, 'bin', 'signalbox.mjs'), 'ask'], {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        SIGNALBOX_CONFIG: join(dataDir, 'signalbox.yaml'),
      },
    }).catch((failed: { stdout: string }) => failed);
    expect(asked.stdout).toMatch(/OpenRouter/);
    expect(asked.stdout).toContain(title);
  } finally {
    store.close();
  }
}, 60_000);
