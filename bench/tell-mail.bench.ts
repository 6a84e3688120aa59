import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { sealSettings } from '#lib/notify/public.ts';
import type { Store } from '#lib/store.ts';
import type { Print } from './figure.ts';
import { anEvent, commit, openWorld, sealer, startReceivers, wallMs } from './tell/world.ts';

export const name = 'tell: five thousand mails';

const subscribers = 5_000;

export async function run(print: Print): Promise<void> {
  const { child, ports } = await startReceivers();
  const smtp = { url: `smtp://127.0.0.1:${ports.smtp}`, from: 'status@example.com' };
  const { store, deliverer, close } = openWorld({ smtp });
  try {
    fill(store);
    const done = new Promise<number>((go) =>
      child.on('message', (message: { type: string; mails: number; atMs: number }) => {
        if (message.type !== 'mails') return;
        if (message.mails >= subscribers) go(message.atMs);
      }),
    );
    await new Promise((go) => setTimeout(go, 500));
    const before = liveHeapMb();
    const looking = new Worker(new URL('./tell/lateness.ts', import.meta.url));
    await new Promise((go) => setTimeout(go, 2_000));
    const calm = await latenessOf(looking);
    const startMs = wallMs();
    const cpuBefore = process.cpuUsage();
    commit(store, anEvent({}));
    deliverer.poke();
    const endMs = await Promise.race([
      done,
      new Promise<number>((go) => setTimeout(() => go(Number.NaN), 120_000)),
    ]);
    const late = await latenessOf(looking);
    const cpu = process.cpuUsage(cpuBefore);
    print({ figure: '5,000 mails handed over', value: (endMs - startMs) / 1_000, unit: 's', limit: 60 });
    const cpuS = (cpu.user + cpu.system) / 1e6;
    print({ figure: 'processor time for them', value: cpuS, unit: 's', note: 'this process, all threads' });
    print({ figure: 'live heap grown', value: liveHeapMb() - before, unit: 'MB', limit: 10 });
    print({ figure: 'resident set at the end', value: process.memoryUsage().rss / 1e6, unit: 'MB' });
    const note = `calm: p99 ${calm.p99.toFixed(1)} ms, worst ${calm.max.toFixed(1)} ms; worst now ${late.max.toFixed(1)} ms`;
    print({
      figure: 'probing thread woken late, p99',
      value: late.p99 - calm.p99,
      unit: 'ms',
      limit: 50,
      note,
    });
    await looking.terminate();
  } finally {
    child.kill();
    await close();
  }
}

function fill(store: Store): void {
  for (let i = 0; i < subscribers; i++) {
    const id = `pub_${String(i).padStart(5, '0')}`;
    store.people.addReceiver({
      id,
      origin: 'public',
      channel: 'email',
      settings: {
        sealed: sealSettings(sealer, id, { to: `person${i}@example.org` }),
        about: 'p…@example.org',
      },
      scope: [],
      minImpact: null,
      kinds: ['incident'],
      untilIncidentId: null,
      status: 'active',
      createdAtMs: Date.now(),
      isMutedUntilMs: null,
    });
  }
}

function latenessOf(looking: Worker): Promise<{ p99: number; max: number }> {
  return new Promise((go) => {
    looking.once('message', go);
    looking.postMessage('how late?');
  });
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is still needed after a full collection: growth here is a leak, growth of the resident set is V8's leisure. */
function liveHeapMb(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}
