import { expect, it } from 'vitest';
import { pageContext } from '#lib/testing/page-context.ts';
import { tickReader } from './last-ticks.ts';

function watched() {
  const ctx = pageContext('partial');
  const key = ctx.facts.fleet.find((w) => w.probe === 'completion')?.key ?? '';
  const seen = new Map([[key, 1_000]]);
  let reads = 0;
  const looks = {
    ...ctx.store.looks,
    lastSeenAt: () => new Map(seen),
    last: (...args: Parameters<typeof ctx.store.looks.last>) => {
      reads += 1;
      return ctx.store.looks.last(...args);
    },
  };
  const ticks = () => tickReader({ store: { ...ctx.store, looks } })(key);
  return { ticks, seen, key, reads: () => reads };
}

it('reads the last checks of a target once, and again after the next check', () => {
  const { ticks, seen, key, reads } = watched();
  expect(ticks()).toHaveLength(30);
  expect(ticks()[0]?.atMs).toBeLessThan(ticks()[29]?.atMs ?? 0);
  expect(reads()).toBe(1);
  seen.set(key, 61_000);
  ticks();
  expect(reads()).toBe(2);
});

it('keeps nothing of a target that has never been seen', () => {
  const { ticks, seen, key, reads } = watched();
  seen.delete(key);
  ticks();
  ticks();
  expect(reads()).toBe(2);
});
