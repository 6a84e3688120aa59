import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageOfMoments } from './moments.ts';

interface Moment {
  id: number;
  atMs: number;
  isPublic: boolean;
}

function pages(all: Moment[], limit: number): Moment[][] {
  const sorted = all.toSorted((a, b) => b.atMs - a.atMs || b.id - a.id);
  const found: Moment[][] = [];
  let cursor: string | undefined;
  for (let i = 0; i < 200; i++) {
    const { page, nextCursor } = pageOfMoments<Moment>({
      ...{ cursor, beforeMs: null, limit },
      read: (beforeMs, most) => sorted.filter((one) => one.atMs < beforeMs).slice(0, most),
      atMs: (one) => one.atMs,
      isShown: (one) => one.isPublic,
    });
    found.push(page);
    if (nextCursor === null) return found;
    cursor = nextCursor;
  }
  throw new Error('it never ends');
}

test('pages hold everything that is public once, in order, however many share a moment', () => {
  const moment = fc.record({ atMs: fc.integer({ min: 1, max: 6 }), isPublic: fc.boolean() });
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (list, limit) => {
      const all = list.map((one, id) => ({ ...one, id }));
      const shown = all.filter((one) => one.isPublic).sort((a, b) => b.atMs - a.atMs || b.id - a.id);
      const found = pages(all, limit);
      expect(found.flat()).toEqual(shown);
      expect(Math.max(...found.map((page) => page.length))).toBeLessThanOrEqual(limit);
    }),
  );
});

test('a page is full although most of what was read is not public', () => {
  const all = Array.from({ length: 500 }, (_, id) => ({ id, atMs: id, isPublic: id % 100 === 0 }));
  expect(pages(all, 5)[0]).toHaveLength(5);
});
