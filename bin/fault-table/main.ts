import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTemporaryFolder } from '#lib/testing/temporary-folder.ts';
import { markdown, mayShow, missing, rowsOf, type TestResult, withTable } from './table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs every file of tests that shows a case, fast and slow, and writes the table of the fault cases into the README. */
export async function main(): Promise<number> {
  openTemporaryFolder();
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-faults-'));
  const files = globSync('{lib,db,probes,app,bin,e2e}/**/*.test.ts', { cwd: root }).filter((file) =>
    mayShow(readFileSync(join(root, file), 'utf8')),
  );
  const slow = files.filter((file) => file.endsWith('.fault.test.ts'));
  const fast = files.filter((file) => !slow.includes(file));
  const results = [
    ...run(join(folder, 'fast.json'), fast),
    ...run(join(folder, 'slow.json'), [...slowArgs, ...inPairs, ...slow.filter((file) => !isTiming(file))]),
    ...run(join(folder, 'timing.json'), [...slowArgs, ...slow.filter(isTiming)]),
  ];
  const rows = rowsOf(results);
  const readme = join(root, 'README.md');
  const text = withTable(readFileSync(readme, 'utf8'), `${markdown(rows)}\n\n${missing(rows)}`);
  if (text === null) {
    process.stderr.write('The README has no marks to put the table between.\n');
    return 1;
  }
  writeFileSync(readme, text);
  process.stdout.write(`${rows.length} cases shown by ${results.length} tests\n`);
  return rows.some(({ failed }) => failed > 0) ? 1 : 0;
}

const slowArgs = ['--config', 'vitest.faults.config.ts'];
/** Most of them wait: two at a time take half the time. */
const inPairs = ['--fileParallelism', '--maxWorkers=2'];

/** What measures lateness wants the machine for itself. */
function isTiming(file: string): boolean {
  return /(?:worker|sinks|canary)\.fault\.test\.ts$/.test(file);
}

interface Report {
  testResults: { assertionResults: TestResult[] }[];
}

function run(file: string, args: string[]): TestResult[] {
  spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json', `--outputFile=${file}`, ...args],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return report.testResults.flatMap(({ assertionResults }) => assertionResults);
}
