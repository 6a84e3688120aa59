import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const skipped = /(^|\/)(node_modules|\.next|sim|testing|demo)(\/|$)/;

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (skipped.test(path)) return [];
    if (entry.isDirectory()) return sources(path);
    return /\.(ts|tsx|mjs)$/.test(path) && !/\.test\.tsx?$/.test(path) ? [path] : [];
  });
}

test('nothing that runs in a real start knows the simulator', () => {
  const guilty = ['probes', 'lib', 'db', 'app', 'bin/start', 'bin/signalbox']
    .flatMap(sources)
    .filter((path) =>
      /from '[^']*\bsim\/|import\('[^']*\bsim\//.test(readFileSync(join(root, path), 'utf8')),
    );
  expect(guilty).toEqual([]);
});

test('the simulator listens on loopback only', () => {
  const listening = readFileSync(join(root, 'probes/sim/main.ts'), 'utf8').match(/\.listen\([^)]*\)/g) ?? [];
  expect(listening).toHaveLength(1);
  expect(listening[0]).toContain("'127.0.0.1'");
});
