import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Heap } from './heap.ts';

it('a heap gives back everything, earliest first, however it was filled', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 1_000 })), { maxLength: 300 }), (steps) => {
      const heap = new Heap<{ dueMs: number }>();
      const model: number[] = [];
      for (const dueMs of steps) {
        if (dueMs === null) {
          model.sort((a, b) => a - b);
          expect(heap.peek()?.dueMs).toBe(model[0]);
          expect(heap.pop()?.dueMs).toBe(model.shift());
        } else {
          heap.push({ dueMs });
          model.push(dueMs);
        }
        expect(heap.size).toBe(model.length);
      }
    }),
  );
});
