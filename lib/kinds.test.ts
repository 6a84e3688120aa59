import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * A kind is a file and a line: one of each is planted into a copy of this project, and the copy must hold together and
 * know it. What each planting touched is counted.
 */

const run = promisify(execFile);
const root = process.cwd();
const copy = mkdtempSync(join(tmpdir(), 'signalbox-planted-'));

interface Planted {
  /** An existing kind that is copied under another name. */
  like: string;
  file: string;
  rename: [from: string, to: string];
  table: string;
  /** What is added to the table: its import where it has one, and its line. */
  lines: [after: string, add: string][];
}

const kinds: Record<string, Planted> = {
  channel: {
    like: 'lib/notify/ntfy.ts',
    file: 'lib/notify/pigeon.ts',
    rename: ['ntfy', 'pigeon'],
    table: 'lib/notify/table.ts',
    lines: [
      ["import { ntfy } from './ntfy.ts';", "import { pigeon } from './pigeon.ts';"],
      ['  ntfy,', '  pigeon,'],
    ],
  },
  'router export': {
    like: 'lib/exports/nginx.ts',
    file: 'lib/exports/traefik.ts',
    rename: ['nginx', 'traefik'],
    table: 'lib/exports/table.ts',
    lines: [
      ["import { nginx } from './nginx.ts';", "import { traefik } from './traefik.ts';"],
      ['  nginx,', '  traefik,'],
    ],
  },
  dialect: {
    like: 'probes/dialects/cohere-v2.ts',
    file: 'probes/dialects/semaphore.ts',
    rename: ['cohereV2', 'semaphore'],
    table: 'probes/dialects/table.ts',
    lines: [
      ["import { cohereV2 } from './cohere-v2.ts';", "import { semaphore } from './semaphore.ts';"],
      ["  'cohere-v2': cohereV2,", '  semaphore,'],
    ],
  },
  'status-page platform': {
    like: 'probes/pages/instatus.ts',
    file: 'probes/pages/noticeboard.ts',
    rename: ['instatus', 'noticeboard'],
    table: 'probes/pages/table.ts',
    lines: [
      ["import { instatus } from './instatus.ts';", "import { noticeboard } from './noticeboard.ts';"],
      ['  instatus,', '  noticeboard,'],
    ],
  },
  'probe kind': {
    like: 'probes/kinds/http.ts',
    file: 'probes/kinds/tide.ts',
    rename: ['http', 'tide'],
    table: 'probes/kinds/table.ts',
    lines: [
      ["import { http } from './http.ts';", "import { tide } from './tide.ts';"],
      ['  http,', '  tide,'],
    ],
  },
  command: {
    like: 'bin/signalbox/explain.ts',
    file: 'bin/signalbox/weather.ts',
    rename: ['explain', 'weather'],
    table: 'bin/signalbox/commands.ts',
    lines: [
      [
        "  explain: () => import('./explain.ts').then((m) => m.explain),",
        "  weather: () => import('./weather.ts').then((m) => m.weather),",
      ],
    ],
  },
};

/** A probe kind has a word on the wire too, with what it is judged like: the core may not read the table. */
const word = { file: 'lib/core/observation.ts', after: "  http: 'address',", add: "  tide: 'address'," };

const at = (path: string) => join(copy, path);

function addLine(path: string, after: string, add: string): void {
  const text = readFileSync(at(path), 'utf8');
  expect(
    text.split('\n').filter((line) => line === after),
    `${path}: ${after}`,
  ).toHaveLength(1);
  writeFileSync(at(path), text.replace(`${after}\n`, `${after}\n${add}\n`));
}

beforeAll(async () => {
  const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard'], { maxBuffer: 1 << 24 });
  const needed =
    /^(?:(?:lib|db|probes|app|bin)\/.*\.(?:tsx?|mjs|css|json|sql)|package\.json|tsconfig\.json|css\.d\.ts|deploy\/.*\.json)$/;
  for (const path of stdout.split('\n').filter((one) => needed.test(one) && !/\.test\.tsx?$/.test(one))) {
    mkdirSync(dirname(at(path)), { recursive: true });
    cpSync(join(root, path), at(path));
  }
  const { compilerOptions } = JSON.parse(readFileSync(at('tsconfig.json'), 'utf8')) as {
    compilerOptions: object;
  };
  // Benchmarks, screenshots and test kits are no place that a kind could touch.
  const include = ['css.d.ts', 'lib', 'probes', 'db', 'app', 'bin/signalbox'];
  const exclude = ['node_modules', 'lib/client/dist', '**/*.check.ts'];
  writeFileSync(at('tsconfig.json'), JSON.stringify({ compilerOptions, include, exclude }));
  symlinkSync(join(root, 'node_modules'), at('node_modules'));
  for (const { like, file, rename, table, lines } of Object.values(kinds)) {
    const [from, to] = rename;
    const own = new RegExp(`(export const |')${from}\\b(?!\\.ts)`, 'g');
    writeFileSync(at(file), readFileSync(at(like), 'utf8').replace(own, `$1${to}`));
    for (const [after, add] of lines) addLine(table, after, add);
  }
  addLine(word.file, word.after, word.add);
}, 60_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('a kind', () => {
  it.each(Object.entries(kinds))('%s is one file, and one line in one table', (kind, { lines, table }) => {
    const entries = lines.filter(([, add]) => !add.startsWith('import '));
    expect(entries).toHaveLength(1);
    const contributing = readFileSync('CONTRIBUTING.md', 'utf8');
    const told = contributing.split('\n').find((line) => line.startsWith(`| a ${kind} |`));
    expect(told, 'CONTRIBUTING.md says how').toContain(`\`${table}\``);
  });

  it('that was planted breaks no type anywhere', async () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const checked = await run(process.execPath, [tsc, '--noEmit', '--incremental', 'false', '-p', copy], {
      cwd: copy,
    }).then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    );
    expect(checked).toBe('');
  }, 120_000);

  it('that was planted is known to everything that asks the tables', async () => {
    writeFileSync(
      at('ask.ts'),
      `import { channelOf } from '#lib/notify/table.ts';
import { exportNames } from '#lib/exports/table.ts';
import { dialectOf } from '#probes/dialects/table.ts';
import { isPlatformId } from '#probes/pages/table.ts';
import { probeTable } from '#probes/kinds/table.ts';
import { parseObservation } from '#lib/core/observation-wire.ts';
const line = { v: 1, at: '2026-02-17T05:27:03.120Z', vantage: 'local', probe: 'tide', target: { gateway: null, provider: 'x', model: null } };
console.log(JSON.stringify([
  channelOf('pigeon') !== null, exportNames.includes('traefik'), dialectOf('semaphore') !== null,
  isPlatformId('noticeboard'), typeof probeTable.tide, parseObservation(line).ok,
]));
`,
    );
    const { stdout } = await run(process.execPath, [at('ask.ts')], { cwd: copy });
    expect(JSON.parse(stdout)).toEqual([true, true, true, true, 'function', true]);
    const help = await run(process.execPath, [at('bin/signalbox.mjs'), 'help'], { cwd: copy });
    expect(help.stdout).toMatch(/^ {2}weather /m);
    const config = at('signalbox.yaml');
    writeFileSync(config, 'channels:\n  - { type: pigeon, url: "https://ntfy.sh/x" }\n');
    const env = { ...process.env, SIGNALBOX_CONFIG: config };
    await run(process.execPath, [at('bin/signalbox.mjs'), 'validate'], { cwd: copy, env });
  }, 60_000);
});
