import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Step } from '#probes/sim/script.ts';
import { check } from './kills.ts';
import type { LoadCase } from './load-case.ts';
import { childrenOf, openFiles, rssMb } from './processes.ts';
import { type Product, startProduct } from './product.ts';

/** A random fault every ten seconds, from a printed seed; what must hold is checked after each, and that all is green at the end. */

const minutes = Number(process.env.SOAK_MINUTES ?? 20);

export const soak: LoadCase = {
  title: `${minutes} min of random faults`,
  async run(print) {
    const seed = Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000_007);
    process.stderr.write(`seed ${seed}\n`);
    const random = seeded(seed);
    const product = await startProduct();
    const known = new Set<string>();
    const flaws: string[] = [];
    const endMs = Date.now() + minutes * 60_000;
    let faults = 0;
    try {
      while (Date.now() < endMs) {
        const name = pick(random, Object.keys(faultTable)) as keyof typeof faultTable;
        process.stderr.write(`${new Date().toISOString()} ${name}\n`);
        const end = await faultTable[name](product, random);
        await sleep(3_000 + random() * 7_000);
        await end();
        faults++;
        const found = check(product, known);
        for (const flaw of found) process.stderr.write(`after ${name}: ${flaw}\n`);
        flaws.push(...found);
      }
      await sleep(2_000);
      const parts = childrenOf(product.pid);
      print({ figure: 'faults', value: faults, unit: 'faults', note: `seed ${seed}` });
      print({ figure: 'what must hold and did not', value: flaws.length, unit: 'flaws', limit: 0 });
      print({ figure: 'looks kept', value: known.size, unit: 'looks' });
      for (const [name, pid] of parts) {
        print({ figure: `memory of the ${name}`, value: rssMb(pid), unit: 'MB' });
        print({ figure: `open files of the ${name}`, value: openFiles(pid), unit: 'files' });
      }
    } finally {
      await product.stop();
    }
  },
};

type End = () => void | Promise<void>;
type Fault = (product: Product, random: () => number) => End | Promise<End>;

const scripted =
  (step: Step): Fault =>
  ({ sim }) =>
    sim.script(step);
const signalled =
  (part: 'worker' | 'web', signal: NodeJS.Signals, then?: NodeJS.Signals): Fault =>
  ({ pid }) => {
    const child = childrenOf(pid).get(part);
    if (child !== undefined) process.kill(child, signal);
    return () => {
      if (child !== undefined && then) process.kill(child, then);
    };
  };

const faultTable = {
  'a provider answers 502': scripted({ provider: 'deepinfra', status: 502, body: 'bad gateway' }),
  'a provider hangs': scripted({ provider: 'novita', hang: true }),
  'everything is reset': scripted({ path: '/chat/completions', share: 0.5, resetAfterTokens: 1 }),
  'only comments': scripted({ path: '/chat/completions', share: 0.3, commentsOnly: true }),
  'half of all is limited': scripted({ path: '/chat/completions', share: 0.5, status: 429, body: {} }),
  'the key is refused': scripted({ path: '/chat/completions', status: 401, body: {} }),
  'the catalogue is broken': scripted({ path: '/models', status: 200, body: '<html>' }),
  'the worker is killed': signalled('worker', 'SIGKILL'),
  'the web is killed': signalled('web', 'SIGKILL'),
  'the worker stands still': signalled('worker', 'SIGSTOP', 'SIGCONT'),
  'the web stands still': signalled('web', 'SIGSTOP', 'SIGCONT'),
  'the database is held': ({ dataDir }) => {
    const lock = new Database(join(dataDir, 'signalbox.db'));
    try {
      lock.exec('begin immediate');
    } catch {
      // The worker was writing: a fault that did not come about.
    }
    return () => void lock.close();
  },
  'a burst of readers': async ({ url }) => {
    await Promise.allSettled(
      Array.from({ length: 500 }, () => fetch(`${url}/api/v1/health`).then((r) => r.text())),
    );
    return () => undefined;
  },
} satisfies Record<string, Fault>;

function pick<T>(random: () => number, list: T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
