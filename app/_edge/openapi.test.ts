import { expect, test } from 'vitest';
import { wordsFor } from '#lib/words/words.ts';
import { guards } from './guards.ts';
import { openApi } from './openapi.ts';

type Operation = { summary?: string; tags?: string[]; parameters?: { description?: string }[] };

// Seen red with one summary left out of the Chinese list.
test('everything the description says of an operation has its Chinese', () => {
  const { paths } = openApi(guards, null) as { paths: Record<string, Record<string, Operation>> };
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  const said = operations.flatMap((o) => [
    o.summary,
    ...(o.tags ?? []),
    ...(o.parameters ?? []).map((p) => p.description),
  ]);
  const texts = [...new Set(said.filter((text) => text !== undefined))];
  expect(texts.length).toBeGreaterThan(80);
  expect(texts.filter((text) => !/[\u4e00-\u9fff]/.test(wordsFor('zh').api(text)))).toEqual([]);
});
