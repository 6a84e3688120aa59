import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { mutate, mutations } from './fuzz-mutate.ts';
import type { FuzzedParser } from './fuzz-parser.ts';
import { fuzzedParsers } from './fuzz-parsers.ts';
import type { LoadCase, LoadLine } from './load-case.ts';

/** So long one input of the far side may take the processor. What was slow once is timed again: a collection is no hang. */
const hangMs = 50;
/** The operator's own files are read once, mostly by a parser that is not ours. */
const ownHangMs = 500;

export interface Fuzzed {
  inputs: number;
  slowestMs: number;
  slowest: string;
}

/** Throws with the parser, the seed and the input at the first crash or hang. */
export async function fuzz(
  inputs: number,
  seed: number,
  parsers: FuzzedParser[] = fuzzedParsers,
  limitMs = hangMs,
): Promise<Fuzzed> {
  const done: Fuzzed = { inputs: 0, slowestMs: 0, slowest: '' };
  const each = Math.ceil(inputs / parsers.length);
  for (const parser of parsers)
    await fc
      .assert(
        fc.asyncProperty(fc.nat(parser.seeds.length - 1), mutations, async (which, changes) => {
          const bytes = mutate(parser.seeds[which] as Uint8Array, changes);
          const most = parser.isOwn ? Math.max(limitMs, ownHangMs) : limitMs;
          const ms = await fastestMs(() => parser.read(bytes), most);
          done.inputs += 1;
          if (ms > done.slowestMs && !parser.isOwn)
            Object.assign(done, { slowestMs: ms, slowest: parser.name });
          if (ms > most) throw new Error(`${ms.toFixed(0)} ms for ${bytes.length} bytes`);
        }),
        { numRuns: each, seed },
      )
      .catch((cause: Error) => {
        const [first = ''] = String((cause.cause as Error | undefined)?.message ?? '').split('\n');
        throw new Error(`${parser.name}: ${first}`, { cause });
      });
  return done;
}

/** Processor time, not the clock's: other programs of the machine are not the parser. */
async function fastestMs(work: () => unknown, enoughMs: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && best > enoughMs; tries++) {
    const started = process.cpuUsage();
    const result = work();
    if (result instanceof Promise) await result;
    const used = process.cpuUsage(started);
    best = Math.min(best, (used.user + used.system) / 1_000);
  }
  return best;
}

const wanted = Number(process.env.FUZZ_INPUTS ?? 1_000_000);
const parts = Number(process.env.FUZZ_PARTS ?? Math.min(2, availableParallelism()));
const seedsApart = 1_000_000;

export const fuzzCase: LoadCase = {
  title: `${wanted} mutated inputs through each of ${fuzzedParsers.length} parsers in turn`,
  async run(print) {
    const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_007);
    process.stderr.write(`seed ${seed}\n`);
    if (parts <= 1) return alone(seed, print);
    const startedMs = performance.now();
    const share = Math.ceil(wanted / parts);
    const told = await Promise.all(
      Array.from({ length: parts }, (_, part) => inProcess(seed + part * seedsApart, share)),
    );
    const all = (figure: string) =>
      told.flat().flatMap((line) => (line.figure.startsWith(figure) ? [line] : []));
    const sum = all('mutated inputs').reduce((total, { value }) => total + value, 0);
    print({ figure: 'mutated inputs without a crash', value: sum, unit: 'inputs' });
    print({ figure: 'parsers', value: fuzzedParsers.length, unit: 'parsers' });
    for (const figure of ['slowest input', 'memory grew']) {
      const worst = all(figure).toSorted((a, b) => b.value - a.value)[0];
      if (worst) print(worst);
    }
    print({ figure: 'took', value: (performance.now() - startedMs) / 1_000, unit: 's' });
  },
};

async function alone(seed: number, print: (line: LoadLine) => void): Promise<void> {
  const rss = () => process.memoryUsage().rss / 2 ** 20;
  const chunk = 20_000;
  let done = 0;
  let slowest = { slowestMs: 0, slowest: '' };
  let settledMb = 0;
  for (let round = 0; done < wanted; round++) {
    const part = await fuzz(Math.min(chunk, wanted - done), seed + round);
    done += part.inputs;
    if (part.slowestMs > slowest.slowestMs) slowest = part;
    if (round === 4) settledMb = rss();
  }
  print({ figure: 'mutated inputs without a crash', value: done, unit: 'inputs' });
  print({
    figure: 'slowest input',
    value: slowest.slowestMs,
    unit: 'ms',
    limit: hangMs,
    note: slowest.slowest,
  });
  if (settledMb > 0)
    print({
      figure: 'memory grew after the first 100,000',
      value: rss() - settledMb,
      unit: 'MB',
      limit: 150,
    });
}

const entry = fileURLToPath(new URL('../load.mjs', import.meta.url));

/** A process of its own: a core each, and memory and processor time that are nobody else's. */
async function inProcess(seed: number, inputs: number): Promise<LoadLine[]> {
  const child = spawn(process.execPath, [entry, 'fuzz'], {
    env: { ...process.env, FUZZ_PARTS: '1', FUZZ_INPUTS: String(inputs), FUZZ_SEED: String(seed) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  const lines = text
    .trim()
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LoadLine] : []));
  if (lines.length === 0) throw new Error(`the part with the seed ${seed} ended with ${code}`);
  return lines;
}
