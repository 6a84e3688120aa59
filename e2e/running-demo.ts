import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDir } from '#app/_edge/prepare-pages.ts';
import type { DemoStatus } from '../bin/demo/control-api.ts';
import type { FaultId } from '../bin/demo/demo-faults.ts';
import { placesFrom } from '../bin/demo/places.ts';

/** The demo as a newcomer starts it, without its story, and what it tells to whom. */
export interface RunningDemo {
  dataDir: string;
  page(path: string): Promise<string>;
  /** null mends everything. */
  strike(fault: FaultId | null): Promise<void>;
  letters(): Promise<DemoStatus['letters']>;
  ask(): Promise<string>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const browserAgent = { 'user-agent': 'Mozilla/5.0', accept: 'text/html' };

export async function startDemo(): Promise<RunningDemo> {
  const places = placesFrom(await freePorts());
  const at = (port: number): string => `http://${places.host}:${port}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-demo-'));
  const args = ['--quiet', '--port', String(places.page), '--data', dataDir];
  const demo = spawn(process.execPath, [join(projectDir, 'bin', 'demo.mjs'), ...args], { stdio: 'ignore' });
  const isShown = (): Promise<boolean> =>
    fetch(at(places.page)).then(
      ({ status }) => status === 200,
      () => false,
    );
  do {
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (demo.exitCode !== null) throw new Error(`the demo ended with ${demo.exitCode}`);
  } while (!(await isShown()));
  // The first looks are in, so that a failure is a change and not the first thing ever seen.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  return {
    dataDir,
    page: async (path) =>
      plain(await (await fetch(at(places.page) + path, { headers: browserAgent })).text()),
    async strike(fault) {
      await fetch(`${at(places.control)}/${fault ? `strike/${fault}` : 'mend'}`, { method: 'POST' });
    },
    letters: async () => ((await (await fetch(at(places.control))).json()) as DemoStatus).letters,
    async ask() {
      const { PATH } = process.env;
      const env = {
        PATH,
        NODE_ENV: 'production',
        SIGNALBOX_CONFIG: join(dataDir, 'signalbox.yaml'),
      } as const;
      const asked = await run(process.execPath, [join(projectDir, 'bin', 'signalbox.mjs'), 'ask'], {
        env,
      }).catch((failed: { stdout: string }) => failed);
      return asked.stdout;
    },
    async stop() {
      const ended = new Promise((resolve) => demo.once('exit', resolve));
      if (demo.exitCode === null && demo.kill('SIGTERM')) await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A row of ports that nobody holds, below those that the system gives to connections that go out. */
export async function freePorts(): Promise<number> {
  for (let first = 19_500 + 20 * (process.pid % 400); ; first += 20) {
    const { controls } = placesFrom(first);
    const row = Array.from({ length: controls[2] - first + 1 }, (_, i) => first + i);
    if ((await Promise.all(row.map(isFree))).every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** What markup does to a sentence is undone, so that only its words are compared. */
function plain(text: string): string {
  return text
    .replace(/<!-- -->/g, '')
    .replace(/&#x27;|&#39;|&apos;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

export function titleOf(html: string): string {
  return /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? '';
}
