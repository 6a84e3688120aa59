import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '#app/_edge/prepare-pages.ts';
import { type Sim, startSim } from '#probes/sim/main.ts';
import { howRun } from '../bin/signalbox/readme-blocks.ts';
import { freePorts } from './running-demo.ts';

/** The commands of the README, typed into a shell as they stand there; only ports and folders are this test's own. */

const lines = (where: (typeof howRun)[string]) =>
  Object.keys(howRun).filter((line) => howRun[line] === where);
const folder = mkdtempSync(join(tmpdir(), 'signalbox-typed-'));
let sim: Sim;
let config: string;

beforeAll(async () => {
  sim = await startSim({ seed: 1 });
  config = join(folder, 'signalbox.yaml');
  const routes = '[{ provider: any, model: openai/gpt-4o-mini }]';
  writeFileSync(
    config,
    `known_providers: false
gateways: { openrouter: { base_url: "${sim.baseUrl}", status_page: null, routes: ${routes} } }
controls: [{ name: a, url: "${new URL(sim.baseUrl).origin}/" }]
`,
  );
});
afterAll(async () => {
  await sim?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The right Node comes with the packages: nothing is said to the shell of which one. */
function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, npm_config_cache, npm_config_registry } = process.env;
  const own = Object.fromEntries(
    Object.entries({ HOME, npm_config_cache, npm_config_registry }).filter(([, v]) => v),
  );
  return { PATH, NODE_ENV: 'production', ...own, ...more } as NodeJS.ProcessEnv;
}

interface Typed {
  shell: ChildProcess;
  said(): string;
}

/** A process group of its own, so that the signal reaches npm and all below it, as Ctrl-C does. */
function type(line: string, cwd: string, more: Record<string, string>): Typed {
  const shell = spawn('sh', ['-c', line], { cwd, env: environment(more), detached: true });
  let said = '';
  for (const stream of [shell.stdout, shell.stderr]) stream?.on('data', (chunk) => (said += chunk));
  return { shell, said: () => said };
}

async function untilDone(typed: Typed): Promise<number | null> {
  return new Promise((done) => typed.shell.once('close', done));
}

async function interrupt({ shell }: Typed): Promise<void> {
  const gone = new Promise((exit) => shell.once('close', exit));
  if (shell.exitCode !== null || shell.pid === undefined) return;
  process.kill(-shell.pid, 'SIGINT');
  await gone;
}

/** Waits for a sentence, for a page behind it, and sees that nothing is left when it is interrupted. */
async function serves(typed: Typed, promise: RegExp, url: string, limitMs: number): Promise<void> {
  try {
    await expect
      .poll(() => (typed.shell.exitCode === null ? typed.said() : `ended: ${typed.said()}`), {
        timeout: limitMs,
      })
      .toMatch(promise);
    await expect.poll(typed.said, { timeout: 10_000 }).toContain(new URL(url).host);
    const answer = await fetch(url, { headers: { 'user-agent': 'Mozilla/5.0', accept: 'text/html' } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<h1');
  } finally {
    await interrupt(typed);
  }
  await expect(fetch(url)).rejects.toThrow();
}

describe('typed and done', () => {
  it.each(lines('shell'))('%s', async (line) => {
    const typed = type(line, projectDir, { SIGNALBOX_CONFIG: config, SIGNALBOX_DATA: join(folder, 'data') });
    expect([0, 1, 3]).toContain(await untilDone(typed));
    expect(typed.said().trim()).not.toBe('');
    expect(typed.said()).not.toMatch(/^\s+at |^node:/m);
  });

  it('npm run bench -- import-cost', async () => {
    const typed = type('npm run --silent bench -- import-cost', projectDir, {});
    expect(await untilDone(typed)).toBe(0);
    const figures = typed.said().trim().split('\n');
    for (const line of figures) expect(JSON.parse(line)).toMatchObject({ bench: expect.any(String) });
  });
});

describe('typed, shown and interrupted', () => {
  it.each(lines('server'))('%s', async (line) => {
    const port = await freePorts();
    const data = join(folder, `data-${line.length}`);
    const url = `http://127.0.0.1:${port}/`;
    if (line === 'npm run demo') {
      await serves(
        type(`${line} -- --port ${port} --data ${data}`, projectDir, {}),
        /The demo is at http/,
        url,
        60_000,
      );
      return;
    }
    const typed = type(line, projectDir, {
      SIGNALBOX_CONFIG: config,
      SIGNALBOX_DATA: data,
      PORT: String(port),
    });
    await serves(typed, /Calls cost about .* USD a day, .* USD a month/, url, 60_000);
  });
});

describe('typed in a clone', () => {
  it.each(lines('clone'))('%s', async (line) => {
    const clone = join(folder, 'clone');
    expect(await untilDone(type(`git clone --quiet '${projectDir}' '${clone}'`, folder, {}))).toBe(0);
    const port = await freePorts();
    const more = { SIGNALBOX_DATA: join(folder, 'clone-data'), PORT: String(port) };
    const typed = type(line, clone, { ...more, npm_config_prefer_offline: 'true' });
    await serves(typed, /Signalbox is at http/, `http://127.0.0.1:${port}/`, 110_000);
    expect(typed.said()).toContain('OPENROUTER_API_KEY=sk-or-v1-… npm start');
  });
});
