import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStore } from '#db/open.ts';
import { endedAtMs } from '#lib/core/observation.ts';
import { median, type Print } from './figure.ts';

export const name = 'start';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = 5;

/** From the command, with everything installed and built, to the first page and to the first look in the database. */
export async function run(print: Print): Promise<void> {
  const control = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((ready) => control.listen(0, '127.0.0.1', ready));
  const controlPort = (control.address() as AddressInfo).port;
  const pages: number[] = [];
  const looks: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { pageMs, lookMs, againMs } = await startOnce(controlPort);
    // The first round fills the compile cache and the file cache: that is an installation's first start, not every start.
    if (round > 0) {
      pages.push(pageMs);
      looks.push(lookMs);
      again.push(againMs);
    }
  }
  control.close();
  print({ figure: 'from the command to the first page', value: median(pages), unit: 'ms', limit: 1_000 });
  print({
    figure: 'from the command to the first look stored',
    value: median(looks),
    unit: 'ms',
    limit: 1_500,
  });
  print({
    figure: 'from kill -9 of the web process to the next page',
    value: median(again),
    unit: 'ms',
    limit: 1_000,
  });
}

async function startOnce(controlPort: number): Promise<{ pageMs: number; lookMs: number; againMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-start-'));
  const port = await freePort();
  writeFileSync(
    join(folder, 'signalbox.yaml'),
    `data: ${folder}/data\nlisten: { port: ${port} }\ncontrols: [{ name: one, url: "http://127.0.0.1:${controlPort}/" }]\n`,
  );
  const startedMs = performance.now();
  const startedAtMs = Date.now();
  const child = spawn(process.execPath, [join(root, 'bin', 'start.mjs')], {
    cwd: folder,
    env: { ...process.env, SIGNALBOX_CONFIG: join(folder, 'signalbox.yaml') },
    stdio: 'ignore',
  });
  try {
    const isPageThere = () => isAnswered(port);
    const pageMs = await until(isPageThere, startedMs);
    // Read as pages are read: now and then.
    for (let second = 0; second < 12; second++) {
      await sleep(1_000);
      await isPageThere();
    }
    // Asked of the record afterwards: opening the database again and again would take a core from what is measured.
    const lookMs = firstLookAtMs(join(folder, 'data')) - startedAtMs;
    const killedMs = performance.now();
    process.kill(webOf(child.pid as number), 'SIGKILL');
    const againMs = await until(isPageThere, killedMs);
    return { pageMs, lookMs, againMs };
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await new Promise((done) => child.once('exit', done));
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A bare request: one that is refused costs next to nothing, and whoever asks often must not take the core that is measured. */
function isAnswered(port: number): Promise<boolean> {
  return new Promise((done, fail) => {
    const request = get({ host: '127.0.0.1', port, path: '/', agent: false }, (response) => {
      response.resume();
      response.once('end', () => done(response.statusCode === 200));
    });
    request.once('error', fail);
  });
}

/** The second child of the launcher (Linux). */
function webOf(launcher: number): number {
  const children = readFileSync(`/proc/${launcher}/task/${launcher}/children`, 'utf8').trim().split(' ');
  const web = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('web.mjs'));
  if (!web) throw new Error('no web process');
  return Number(web);
}

async function until(isThere: () => boolean | Promise<boolean>, startedMs: number): Promise<number> {
  while (performance.now() - startedMs < 15_000) {
    try {
      if (await isThere()) return performance.now() - startedMs;
    } catch {
      // Not listening yet, or no database yet.
    }
    await sleep(10);
  }
  throw new Error('did not come within 15 s');
}

/** When the first look had been stored, at the latest: a batch is written every 25 ms. */
function firstLookAtMs(dataDir: string): number {
  const store = openStore({ dataDir, isReader: true });
  try {
    return Math.min(...[...store.looks.replaySince(0)].map(endedAtMs)) + 25;
  } finally {
    store.close();
  }
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    }),
  );
}
