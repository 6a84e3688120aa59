import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Print } from './figure.ts';

export const name = 'import cost';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Time and memory of one import in a fresh process, less those of an empty one; medians of five. */
function cost(code: string): { ms: number; mb: number } {
  const script = `const t = performance.now(); ${code}; console.log(JSON.stringify({ ms: performance.now() - t, mb: process.memoryUsage().rss / 1e6 }))`;
  const runs = Array.from({ length: 5 }, () => {
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
    });
    return JSON.parse(child.stdout) as { ms: number; mb: number };
  });
  const median = (pick: 'ms' | 'mb') => runs.map((run) => run[pick]).sort((a, b) => a - b)[2] as number;
  return { ms: median('ms'), mb: median('mb') };
}

export async function run(print: Print): Promise<void> {
  const empty = cost('');
  const require =
    "import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/x.js')";
  const figures: [string, string, number | undefined][] = [
    ['drizzle-orm as ESM', "await import('drizzle-orm/better-sqlite3')", undefined],
    ['drizzle-orm through createRequire', `${require}; require('drizzle-orm/better-sqlite3')`, 100],
    ['db/open.ts', "await import('./db/open.ts')", 150],
    ['command line without a verb', "await import('./bin/signalbox/main.ts')", 60],
    ['configuration', "await import('./lib/config/load.ts')", 200],
  ];
  for (const [figure, code, limit] of figures) {
    const { ms, mb } = cost(code);
    print({ figure: `${figure}: time`, value: ms - empty.ms, unit: 'ms', ...(limit ? { limit } : {}) });
    print({ figure: `${figure}: memory`, value: mb - empty.mb, unit: 'MB' });
  }
}
