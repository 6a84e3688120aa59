import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openTemporaryFolder } from '#lib/testing/temporary-folder.ts';
import type { Figure, Print } from '../../bench/figure.ts';

/** One JSON line per figure: `{"bench","figure","value","unit","limit","ok","ratio","note"}`. */

interface Bench {
  name: string;
  run(print: Print): Promise<void>;
}

const folder = fileURLToPath(new URL('../../bench/', import.meta.url));

export async function main(argv: string[]): Promise<number> {
  openTemporaryFolder();
  const wanted = argv.filter((word) => !word.startsWith('-'));
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.bench.ts'))
    .sort();
  let failed = 0;
  for (const file of files) {
    if (wanted.length > 0 && !wanted.some((word) => file.includes(word))) continue;
    const bench = (await import(pathToFileURL(folder + file).href)) as Bench;
    try {
      await bench.run((line) => {
        process.stdout.write(
          `${JSON.stringify({ bench: bench.name, ...line, value: round(line.value), ...verdict(line) })}\n`,
        );
      });
    } catch (error) {
      failed++;
      process.stdout.write(
        `${JSON.stringify({ bench: bench.name, error: String((error as Error).stack ?? error) })}\n`,
      );
    }
  }
  return failed > 0 ? 1 : 0;
}

function verdict({ value, limit, isFloor, unit }: Figure): { ok?: boolean } {
  if (limit === undefined) return {};
  return { ok: isFloor || /per s|\/s|ratio|share/.test(unit) ? value >= limit : value <= limit };
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}
