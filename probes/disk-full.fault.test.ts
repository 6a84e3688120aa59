import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { openStore } from '#db/open.ts';
import { expectSound } from '#lib/testing/after-fault.ts';
import { startSim } from './sim/main.ts';

const host = fileURLToPath(new URL('../lib/testing/worker-host.mjs', import.meta.url));
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A file system of its own, where the machine lets us have one; null elsewhere. */
function smallDisk(megabytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true });
    return null;
  }
  endings.push(() => {
    spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function canMount(): boolean {
  const folder = smallDisk(1);
  for (const end of endings.splice(0)) end();
  return folder !== null;
}

/** To the last byte: somebody else writes beside us. */
function fillUp(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = 1 << 20; size >= 512; ) {
      try {
        writeSync(file, Buffer.alloc(size));
      } catch {
        size /= 2;
      }
    }
  } finally {
    closeSync(file);
  }
}

const wait = (ms: number) => new Promise((go) => setTimeout(go, ms));
async function until(check: () => boolean, limitMs = 30_000): Promise<void> {
  const startedMs = performance.now();
  while (!check()) {
    if (performance.now() - startedMs > limitMs) throw new Error('waited in vain');
    await wait(50);
  }
}

// Seen red with the reserve not given up, and with looks stored in what it left.
it.skipIf(!canMount())(
  'D4: on a disk that fills up to the last byte the worker stays, an incident is kept and told, and it recovers alone',
  async () => {
    const disk = smallDisk(200) as string;
    const cwd = mkdtempSync(join(tmpdir(), 'signalbox-full-'));
    endings.push(() => rmSync(cwd, { recursive: true, force: true }));
    const dataDir = join(disk, 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    const sim = await startSim();
    endings.push(() => sim.close());
    const routes = ['deepinfra', 'any', 'novita'].map(
      (provider) => `      - { provider: ${provider}, model: google/gemma-3-27b-it }`,
    );
    writeFileSync(
      join(cwd, 'signalbox.yaml'),
      `data: ${dataDir}
known_providers: false
gateways:
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
budget: { usd_per_day: 50, usd_per_month: 1000, requests_per_day: 4000000 }
`,
    );
    const worker = spawn(process.execPath, [host], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [worker.stdout, worker.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    const gone = once(worker, 'exit');
    endings.push(async () => {
      worker.kill('SIGKILL');
      await gone;
    });
    const read = <T>(ask: (store: ReturnType<typeof openStore>) => T): T => {
      const store = openStore({ dataDir, isReader: true });
      try {
        return ask(store);
      } finally {
        store.close();
      }
    };
    const looks = () =>
      read((store) => store.looks.between({ fromMs: 0, toMs: Date.now() + 60_000, limit: 100_000 })).length;
    await until(() => said.includes('running') && existsSync(join(dataDir, 'reserve')));
    await until(() => looks() > 20);
    const filler = join(disk, 'filler');
    fillUp(filler);
    await until(() => !existsSync(join(dataDir, 'reserve')) || looksStand());
    const before = looks();
    sim.script({ provider: 'deepinfra', status: 502, body: 'bad gateway' });
    await until(
      () => read((store) => store.incidents.list({ status: 'open', limit: 9 })).length === 1,
      60_000,
    );
    expect(worker.exitCode, said).toBeNull();
    expect(said).toContain('The disk is full');
    expect(read((store) => store.upkeep.lastBeat())?.facts.isDiskFull).toBe(true);
    const told = read((store) => store.events.list({ types: ['notice'], limit: 9 }));
    expect(told.map(({ data }) => data.what)).toEqual(['disk_full']);
    expect(looks()).toBeLessThanOrEqual(before + 100);
    rmSync(filler);
    const full = looks();
    await until(() => looks() > full + 20);
    await until(() => existsSync(join(dataDir, 'reserve')));
    await until(() => said.includes('room on the disk again'));
    expect(worker.exitCode, said).toBeNull();
    worker.kill('SIGTERM');
    await gone;
    expectSound(dataDir, { caps: { usdPerDay: 50, requestsPerDay: 4_000_000 } });

    /** No look is stored any more. */
    function looksStand(): boolean {
      const at = looks();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_000);
      return looks() === at;
    }
  },
  120_000,
);
