import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadCase } from './load-case.ts';
import { childrenOf } from './processes.ts';
import { startProduct } from './product.ts';

/** L3: what caches in front of us are told, whatever is asked, and what the front says while the worker is gone. */

const pageCaching = 'public, max-age=5, s-maxage=5, stale-while-revalidate=30, stale-if-error=600';

export const staleFront: LoadCase = {
  title: 'caches: headers, odd questions, and an origin whose worker stands still',
  async run(print) {
    const product = await startProduct();
    const ask = async (path: string) => {
      const startedMs = performance.now();
      const response = await fetch(product.url + path, {
        headers: { accept: 'text/html', 'user-agent': 'Mozilla/5.0' },
      });
      const body = await response.text();
      return {
        status: response.status,
        caching: response.headers.get('cache-control') ?? '',
        body,
        ms: performance.now() - startedMs,
      };
    };
    try {
      const wrong: string[] = [];
      const plain = await ask('/');
      if (plain.caching !== pageCaching) wrong.push(`/ says ${plain.caching}`);
      for (let i = 0; i < 500; i++) {
        const odd = await ask(`/?x${i}=<script>${i}&utm_source=${i}`);
        if (odd.status !== 200 || odd.body.includes('<script>') || odd.caching !== pageCaching)
          wrong.push(`odd ${i}`);
      }
      for (const path of ['/nothing', '/api/v1/health?view=odd', '/api/v1/health/targets/none']) {
        const { status, caching } = await ask(path);
        if (status < 400 || /public|s-maxage/.test(caching)) wrong.push(`${path}: ${status} ${caching}`);
      }
      print({
        figure: 'answers with wrong caching or an echo',
        value: wrong.length,
        unit: 'answers',
        limit: 0,
      });
      for (const line of wrong.slice(0, 5)) process.stderr.write(`${line}\n`);
      const worker = childrenOf(product.pid).get('worker') as number;
      process.kill(worker, 'SIGSTOP');
      const stoppedMs = Date.now();
      let greyMs = Number.NaN;
      let slowestMs = 0;
      while (Date.now() - stoppedMs < 240_000 && Number.isNaN(greyMs)) {
        const { status, body, ms } = await ask('/api/v1/health?view=routing');
        slowestMs = Math.max(slowestMs, ms);
        const { targets } = JSON.parse(body) as { targets: { state: string }[] };
        if (status === 200 && targets.every((target) => target.state === 'unknown'))
          greyMs = Date.now() - stoppedMs;
        await sleep(500);
      }
      process.kill(worker, 'SIGCONT');
      print({ figure: 'grey after the worker stood still', value: greyMs / 1_000, unit: 's', limit: 180 });
      print({ figure: 'slowest answer meanwhile', value: slowestMs, unit: 'ms', limit: 1_000 });
    } finally {
      await product.stop();
    }
  },
};
