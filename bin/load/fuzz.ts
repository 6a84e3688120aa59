import fc from 'fast-check';
import { mutate, mutations } from './fuzz-mutate.ts';
import { type FuzzedParser, fuzzedParsers } from './fuzz-parsers.ts';
import type { LoadCase } from './load-case.ts';

/** So long one input of the far side may take the processor. What was slow once is timed again: a collection is no hang. */
const hangMs = 50;
/** The operator's own file is read once at a start, by a parser that is not ours. */
const ownHangMs = 500;

export interface Fuzzed {
  inputs: number;
  slowestMs: number;
  slowest: string;
}

/** Throws with the parser, the seed and the input at the first crash or hang. */
export function fuzz(
  inputs: number,
  seed: number,
  parsers: FuzzedParser[] = fuzzedParsers,
  limitMs = hangMs,
): Fuzzed {
  const done: Fuzzed = { inputs: 0, slowestMs: 0, slowest: '' };
  const each = Math.ceil(inputs / parsers.length);
  for (const parser of parsers)
    fc.assert(
      fc.property(fc.nat(parser.seeds.length - 1), mutations, (which, changes) => {
        const bytes = mutate(parser.seeds[which] as Uint8Array, changes);
        const most = parser.isOwn ? Math.max(limitMs, ownHangMs) : limitMs;
        const ms = fastestMs(() => parser.read(bytes), most);
        done.inputs += 1;
        if (ms > done.slowestMs && !parser.isOwn)
          Object.assign(done, { slowestMs: ms, slowest: parser.name });
        if (ms > most) throw new Error(`${parser.name}: ${ms.toFixed(0)} ms for ${bytes.length} bytes`);
      }),
      { numRuns: each, seed },
    );
  return done;
}

/** Processor time, not the clock's: other programs of the machine are not the parser. */
function fastestMs(work: () => void, enoughMs: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && best > enoughMs; tries++) {
    const started = process.cpuUsage();
    work();
    const used = process.cpuUsage(started);
    best = Math.min(best, (used.user + used.system) / 1_000);
  }
  return best;
}

const wanted = Number(process.env.FUZZ_INPUTS ?? 1_000_000);

export const fuzzCase: LoadCase = {
  title: 'a million mutated inputs through every parser',
  async run(print) {
    const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_007);
    process.stderr.write(`seed ${seed}\n`);
    const rss = () => process.memoryUsage().rss / 2 ** 20;
    const chunk = 20_000;
    let done = 0;
    let slowestMs = 0;
    let settledMb = 0;
    for (let round = 0; done < wanted; round++) {
      const part = fuzz(Math.min(chunk, wanted - done), seed + round);
      done += part.inputs;
      slowestMs = Math.max(slowestMs, part.slowestMs);
      if (round === 4) settledMb = rss();
    }
    print({ figure: 'mutated inputs without a crash', value: done, unit: 'inputs' });
    print({ figure: 'slowest input', value: slowestMs, unit: 'ms', limit: hangMs });
    if (settledMb > 0)
      print({
        figure: 'memory grew after the first tenth',
        value: rss() - settledMb,
        unit: 'MB',
        limit: 150,
      });
  },
};
