import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadCase } from './load-case.ts';
import { childrenOf, openFiles, rssMb } from './processes.ts';
import { startProduct } from './product.ts';

/** L1: five hundred routes, each once a minute three times over, for as long as asked: on time, and nothing grows. */

const minutes = Number(process.env.STEADY_MINUTES ?? 60);
const looksPerMinute = 1_500;

export const steady: LoadCase = {
  title: `${looksPerMinute} checks a minute for ${minutes} min`,
  async run(print) {
    const product = await startProduct(await routesYaml());
    try {
      await sleep(60_000);
      const worker = childrenOf(product.pid).get('worker') as number;
      const before = { rss: rssMb(worker), files: openFiles(worker), ...(await product.facts()) };
      const worst = { lateness: 0, stall: 0, walMb: 0 };
      const endMs = Date.now() + minutes * 60_000;
      while (Date.now() < endMs) {
        await sleep(5_000);
        const { latenessP99Ms, maxStallMs, recentStallMs } = await product.facts();
        if (Number.isFinite(latenessP99Ms)) worst.lateness = Math.max(worst.lateness, latenessP99Ms);
        // The longest of all may be the start's, which is not what is asked for.
        const stallMs = maxStallMs > before.maxStallMs ? maxStallMs : recentStallMs;
        if (Number.isFinite(stallMs)) worst.stall = Math.max(worst.stall, stallMs);
        const wal = statSync(join(product.dataDir, 'signalbox.db-wal'), { throwIfNoEntry: false })?.size ?? 0;
        worst.walMb = Math.max(worst.walMb, wal / 2 ** 20);
      }
      const { looks } = await product.facts();
      print({ figure: 'checks a minute', value: (looks - before.looks) / minutes, unit: 'checks' });
      print({ figure: 'worst lateness p99', value: worst.lateness, unit: 'ms', limit: 500 });
      print({ figure: 'longest stall of the loop', value: worst.stall, unit: 'ms', limit: 100 });
      print({ figure: 'memory grew', value: rssMb(worker) - before.rss, unit: 'MB', limit: 64 });
      print({ figure: 'open files grew', value: openFiles(worker) - before.files, unit: 'files', limit: 50 });
      print({ figure: 'largest write-ahead log', value: worst.walMb, unit: 'MB', limit: 64 });
    } finally {
      await product.stop();
    }
  },
};

/** Addresses of our own, because a simulated catalogue has not so many routes: every one is a check of its own. */
async function routesYaml(): Promise<string> {
  const { createServer } = await import('node:http');
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  server.unref();
  const { port } = server.address() as { port: number };
  const lines = Array.from(
    { length: 500 },
    (_, i) => `  - { name: address-${i}, url: "http://127.0.0.1:${port}/${i}", every: 20s }`,
  );
  return `http:\n${lines.join('\n')}\n`;
}
