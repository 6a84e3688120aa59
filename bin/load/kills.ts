import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '#db/open.ts';
import { invariants, lookId } from '#lib/testing/invariants.ts';
import type { LoadCase } from './load-case.ts';
import { childrenOf } from './processes.ts';
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
    const mend = product.sim.script({ provider: 'deepinfra', status: 502, body: 'bad gateway' });
    try {
      for (let round = 0; round < rounds; round++) {
        await killed(product, 'worker');
        probing.push(await untilMs(callsAgain(product)));
        flaws.push(...check(product, known));
        await killed(product, 'web');
        firstPage.push(await untilMs(() => isPage(product.url)));
        await sleep(Math.random() * 400);
      }
      flaws.push(...check(product, known));
    } finally {
      mend();
      await product.stop();
    }
    for (const flaw of new Set(flaws)) process.stderr.write(`${flaw}\n`);
    print({ figure: 'kills of each', value: rounds, unit: 'kills' });
    print({ figure: 'what must hold and did not', value: flaws.length, unit: 'flaws', limit: 0 });
    print({ figure: 'looks that were known and are kept', value: known.size, unit: 'looks' });
    const note = 'from the kill, with the launcher’s wait in it';
    print({ figure: 'from a kill to probing, median', value: median(probing), unit: 'ms', note });
    print({ figure: 'from a kill to the first page, median', value: median(firstPage), unit: 'ms', note });
  },
};

async function killed(product: Product, part: 'worker' | 'web'): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const pid = childrenOf(product.pid).get(part);
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      return;
    }
    await sleep(50);
  }
  throw new Error(`the ${part} did not come back within 30 s`);
}

function callsAgain(product: Product): () => Promise<boolean> {
  const before = product.sim.callCount();
  return async () => product.sim.callCount() > before;
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
    if (performance.now() - startedMs > 60_000) throw new Error('it did not come back within a minute');
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
