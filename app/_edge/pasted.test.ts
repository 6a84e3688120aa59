import { expect, test } from 'vitest';
import { createPasted } from './pasted.ts';

test('what is pasted is counted by kind for an hour, and forgotten then', () => {
  const pasted = createPasted();
  pasted.count('no_credit', 0);
  pasted.count('no_credit', 30_000);
  pasted.count('http_5xx', 50 * 60_000);
  expect(pasted.lastHour(55 * 60_000)).toEqual(
    new Map([
      ['no_credit', 2],
      ['http_5xx', 1],
    ]),
  );
  expect(pasted.lastHour(80 * 60_000)).toEqual(new Map([['http_5xx', 1]]));
});
