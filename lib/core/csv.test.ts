import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine } from './csv.ts';

it('leaves plain values plain and says nothing for null', () => {
  expect(csvLine(['a', 1.5, null, true])).toBe('a,1.5,,true');
});

it('quotes what would end a field or a line', () => {
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines', ' edge '])).toBe(
    '"a,b","say ""hi""","two\nlines"," edge "',
  );
});

it('lets no text begin as a formula', () => {
  for (const text of [
    '=1+1',
    '+1',
    '-1',
    '@x',
    '\t=1',
    '=cmd|" /c calc"!A1',
    ' =1',
    '\n=1',
    '\ufeff=1',
    '＝1+1',
    '＠x',
  ])
    expect(csvLine([text]).replace(/^"/, '').startsWith("'")).toBe(true);
});

it('keeps a number a number, also a negative one', () => {
  expect(csvLine([-1])).toBe('-1');
});

it('can always be taken apart again', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 6 }), (texts) => {
      const read = parse(csvLine(texts));
      // A quote in front of what could be a formula, and nothing else is changed.
      expect(read.map((field, i) => (field === texts[i] ? field : field.slice(1)))).toEqual(texts);
      for (const [i, field] of read.entries())
        expect(field.startsWith("'") && field !== texts[i]).toBe(
          /^(\s|\u0000|\ufeff)*[=+\-@＝＋－＠]|^[\t\r\n]/.test(texts[i] ?? ''),
        );
    }),
  );
});

function parse(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string;
    if (isQuoted && char === '"' && line[i + 1] === '"') {
      field += '"';
      i++;
    } else if (char === '"') isQuoted = !isQuoted;
    else if (char === ',' && !isQuoted) {
      fields.push(field);
      field = '';
    } else field += char;
  }
  return [...fields, field];
}
