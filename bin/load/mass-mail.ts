import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '#db/open.ts';
import { sealSettings } from '#lib/notify/public.ts';
import { openSealer, secretFileName } from '#lib/seal.ts';
import { startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { startPostOffice } from '#lib/testing/post-office.ts';
import type { LoadCase } from './load-case.ts';
import { childrenOf, rssMb } from './processes.ts';
import { type Product, startProduct } from './product.ts';

/** L6: an incident that thousands subscribed to, while the page is read: owners first, memory flat, one mail each. */

const people = Number(process.env.PEOPLE ?? 5_000);

export const massMail: LoadCase = {
  title: `${people} subscribers are told of an incident while the page is read`,
  async run(print) {
    const [post, owner] = await Promise.all([startPostOffice(), startHostileReceiver()]);
    const yaml = [
      `smtp: { url: "${post.url}", from: status@example.com }`,
      'channels:',
      `  - { type: slack, name: owner, webhook_url: "${owner.url}", on: [incident] }`,
    ].join('\n');
    const product = await startProduct(yaml);
    let isOver = false;
    try {
      subscribe(product);
      // What a young process grows by is no growth of the load's.
      await sleep(20_000);
      const worker = childrenOf(product.pid).get('worker') as number;
      const before = { rss: rssMb(worker), lateness: (await product.facts()).latenessP99Ms };
      const reads = readOn(product.url, () => isOver);
      product.sim.script({ provider: 'deepinfra', status: 502, body: 'bad gateway' });
      const firstMailMs = await untilCount(() => post.got.length, 1, 120_000);
      const ownerMs = owner.got[0]?.atMs ?? Number.NaN;
      const endMs = await untilCount(() => post.got.length, people, 900_000);
      isOver = true;
      const { failed, slowestMs } = await reads;
      const each = new Map<string, number>();
      for (const { to } of post.got) for (const one of to) each.set(one, (each.get(one) ?? 0) + 1);
      print({ figure: 'people told', value: each.size, unit: 'people' });
      print({
        figure: 'told more than once of one event',
        value: [...each.values()].filter((n) => n > 2).length,
        unit: 'people',
        limit: 0,
      });
      print({
        figure: 'owner told after the first mail by',
        value: Math.max(0, ownerMs - firstMailMs),
        unit: 'ms',
        limit: 1_000,
      });
      print({ figure: 'all mails out in', value: (endMs - firstMailMs) / 1_000, unit: 's' });
      print({
        figure: 'memory of the worker grew',
        value: rssMb(worker) - before.rss,
        unit: 'MB',
        limit: 64,
      });
      print({
        figure: 'lateness p99 grew',
        value: Math.max(0, (await product.facts()).latenessP99Ms - before.lateness),
        unit: 'ms',
        limit: 100,
      });
      print({ figure: 'failed reads', value: failed, unit: 'reads', limit: 0 });
      print({ figure: 'slowest read', value: slowestMs, unit: 'ms' });
    } finally {
      isOver = true;
      await product.stop();
      await Promise.all([post.close(), owner.close()]);
    }
  },
};

/** As if each had asked and said yes. */
function subscribe({ dataDir }: Product): void {
  const store = openStore({ dataDir });
  const sealer = openSealer({ secret: process.env.SIGNALBOX_SECRET, file: join(dataDir, secretFileName) });
  for (let i = 0; i < people; i++)
    store.people.addReceiver({
      id: `pub_${i}`,
      origin: 'public',
      channel: 'email',
      settings: { sealed: sealSettings(sealer, `pub_${i}`, { to: `reader-${i}@example.com` }) },
      scope: [],
      minImpact: null,
      kinds: ['incident'],
      untilIncidentId: null,
      status: 'active',
      createdAtMs: Date.now() - 60_000,
      isMutedUntilMs: null,
    });
  store.close();
}

async function readOn(url: string, isOver: () => boolean): Promise<{ failed: number; slowestMs: number }> {
  const told = { failed: 0, slowestMs: 0 };
  while (!isOver()) {
    const startedMs = performance.now();
    const isOk = await fetch(`${url}/api/v1/health`).then(
      async (response) => response.ok && (await response.text()).length > 0,
      () => false,
    );
    if (!isOk) told.failed++;
    told.slowestMs = Math.max(told.slowestMs, performance.now() - startedMs);
  }
  return told;
}

async function untilCount(count: () => number, wanted: number, limitMs: number): Promise<number> {
  const startedMs = Date.now();
  while (count() < wanted) {
    if (Date.now() - startedMs > limitMs)
      throw new Error(`${count()} of ${wanted} after ${limitMs / 1_000} s`);
    await sleep(50);
  }
  return Date.now();
}
