import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { boundsMs } from './bounds.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');

it('every bound is published as it is in force', () => {
  const published = read('README.md');
  for (const [verb, { ms, of }] of Object.entries(boundsMs))
    expect(published).toContain(`| \`${verb}\` | ${of} | ${ms} ms |`);
});

it('every bound is measured', () => {
  const bench = read('../bench/store-history.bench.ts');
  for (const verb of Object.keys(boundsMs))
    expect(bench, verb).toMatch(new RegExp(`ask\\(\\s*'${verb}'|boundsMs\\.${verb}\\.ms`));
});
