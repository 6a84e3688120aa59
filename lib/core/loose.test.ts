import { expect, test } from 'vitest';
import { asCount, parseJson } from './loose.ts';

const wide = (members: number, pad = '') =>
  `{"data":["${pad}"],${Array.from({ length: members }, (_, i) => `"k${i}":1`).join(',')}}`;

test('a long document of honest shape is read whole, whatever its strings hold', () => {
  const said = { list: Array.from({ length: 50_000 }, (_, i) => i), text: `${'\\"{[,'.repeat(20_000)}\\` };
  expect(parseJson(JSON.stringify(said))).toEqual(said);
});

test('an object with more members than anybody needs is no document, before the parser has spent a second on it', () => {
  expect(parseJson(wide(10_000))).toHaveProperty('k9999', 1);
  expect(parseJson(wide(30_000))).toBeUndefined();
});

test('a document deeper than anybody nests is no document', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}"${'x'.repeat(70_000)}"${']'.repeat(levels)}`;
  expect(Array.isArray(parseJson(deep(400)))).toBe(true);
  expect(parseJson(deep(600))).toBeUndefined();
});

test('a string without an end and brackets without a beginning are no documents and no loops', () => {
  expect(parseJson(`{"a":"${'\\'.repeat(200_001)}`)).toBeUndefined();
  expect(parseJson(`[${']'.repeat(200_000)}`)).toBeUndefined();
});

test('a count that no number holds exactly is no count', () => {
  expect([asCount(1e308), asCount('9007199254740993'), asCount(2 ** 53 - 1)]).toEqual([
    null,
    null,
    2 ** 53 - 1,
  ]);
});
