import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStore } from '#db/open.ts';
import { invariants, lookId } from '#lib/testing/invariants.ts';
import type { LoadCase } from './load-case.ts';
import { type Product, startProduct } from './product.ts';

/** Worker and web of the whole product, killed in turns while it checks and is read; after each kill what must hold is checked. */

const rounds = Number(process.env.KILLS ?? 100);

export const kills: LoadCase = {
  title: `${rounds} × kill -9 of the worker and of the web under load`,
  async run(print) {
    const product = await startProduct();
    const known = new Set<string>();
    const flaws: string[] = [];
    const probing: number[] = [];
    const firstPage: number[] = [];
    await endLauncher(product);
    const running = { worker: startPart(product, 'worker'), web: startPart(product, 'web') };
    const mend = product.sim.script({ provider: 'deepinfra', status: 502, body: 'bad gateway' });
    try {
      for (let round = 0; round < rounds; round++) {
        const again = callsAgain(product);
        await killed(running.worker);
        running.worker = startPart(product, 'worker');
        probing.push(await untilMs(again));
        flaws.push(...check(product, known));
        await killed(running.web);
        running.web = startPart(product, 'web');
        firstPage.push(await untilMs(() => isPage(product.url)));
        await sleep(Math.random() * 400);
      }
      flaws.push(...check(product, known));
    } finally {
      mend();
      await Promise.all([killed(running.worker), killed(running.web)]);
      await product.stop();
    }
    for (const flaw of new Set(flaws)) process.stderr.write(`${flaw}\n`);
    print({ figure: 'kills of each', value: rounds, unit: 'kills' });
    print({ figure: 'what must hold and did not', value: flaws.length, unit: 'flaws', limit: 0 });
    print({ figure: 'looks that were known and are kept', value: known.size, unit: 'looks' });
    print({ figure: 'from start to probing, median', value: median(probing), unit: 'ms', limit: 1_000 });
    print({
      figure: 'from start to the first page, median',
      value: median(firstPage),
      unit: 'ms',
      limit: 1_000,
    });
  },
};

const bin = fileURLToPath(new URL('..', import.meta.url));

/** The launcher waits longer after every death: here nobody waits. */
async function endLauncher({ pid }: Product): Promise<void> {
  process.kill(pid, 'SIGTERM');
  for (let tries = 0; tries < 600; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(50);
  }
}

function startPart({ dataDir }: Product, name: string): ChildProcess {
  const folder = dirname(dataDir);
  const child = spawn(process.execPath, [join(bin, `${name}.mjs`)], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production', SIGNALBOX_CONFIG: join(folder, 'signalbox.yaml') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // What it said last is what one wants to know when it does not come back.
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said.set(name, `${said.get(name) ?? ''}${chunk.toString()}`.slice(-2_000));
    });
  child.once('exit', (code, signal) => {
    if (signal !== 'SIGKILL') said.set(name, `${said.get(name) ?? ''}ended with ${code ?? signal}\n`);
  });
  said.delete(name);
  return child;
}

const said = new Map<string, string>();

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function callsAgain(product: Product): () => Promise<boolean> {
  const before = product.lookCount();
  return async () => product.lookCount() > before;
}

async function isPage(url: string): Promise<boolean> {
  const answer = await fetch(url, { headers: { accept: 'text/html', 'user-agent': 'Mozilla/5.0' } }).catch(
    () => null,
  );
  const text = (await answer?.text().catch(() => '')) ?? '';
  return answer?.status === 200 && text.includes('<main');
}

async function untilMs(check: () => Promise<boolean>): Promise<number> {
  const startedMs = performance.now();
  while (!(await check())) {
    if (performance.now() - startedMs > 60_000) {
      const last = [...said].map(([name, text]) => `${name}: ${text}`).join('\n');
      throw new Error(`it did not come back within a minute; last words:\n${last}`);
    }
    await sleep(10);
  }
  return performance.now() - startedMs;
}

export function check(product: Pick<Product, 'dataDir'>, known: Set<string>): string[] {
  const store = openStore({ dataDir: product.dataDir, isReader: true });
  try {
    const nowMs = Date.now();
    const flaws = invariants(store, {
      nowMs,
      acknowledged: known,
      caps: { usdPerDay: 1_000, requestsPerDay: 1_000_000 },
      file: join(product.dataDir, 'signalbox.db'),
    });
    for (const { observation } of store.looks.between({ fromMs: 0, toMs: nowMs + 60_000, limit: 1e6 }))
      known.add(lookId(observation));
    return flaws;
  } finally {
    store.close();
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
