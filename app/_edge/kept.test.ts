import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startEdge } from '#lib/testing/running-edge.ts';
import { Kept } from './kept.ts';

test('whatever is put in and taken out, neither count nor bytes are exceeded, and the sum is right', () => {
  const act = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    bytes: fc.nat(60),
    isOut: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const kept = new Kept<number>({ count: 3, bytes: 100 }, (bytes) => bytes);
      for (const { key, bytes, isOut } of acts) {
        if (isOut) kept.delete(key);
        else kept.set(key, bytes);
        expect(kept.size).toBeLessThanOrEqual(3);
        expect(kept.bytes).toBe([...kept.values()].reduce((sum, one) => sum + one, 0));
        expect(kept.bytes).toBeLessThanOrEqual(100);
        if (!isOut) expect(kept.get(key)).toBe(bytes);
      }
    }),
  );
});

test('one that would not fit is not kept, and pushes nobody out', () => {
  const kept = new Kept<number>({ count: 3, bytes: 100 }, (bytes) => bytes);
  kept.set('small', 10);
  expect(kept.set('large', 101).get('large')).toBeUndefined();
  expect(kept.get('small')).toBe(10);
});

test('questions nobody asked before are rationed, those that are known are not', async () => {
  const edge = await startEdge({ scene: 'calm' });
  try {
    const ask = async (limit: number) => (await fetch(`${edge.url}/api/v1/health?limit=${limit}`)).status;
    expect(await ask(1)).toBe(200);
    // Spent a minute from now, so that nothing comes back meanwhile.
    const { rates } = edge.web.edge;
    for (let i = 0; i < 300; i++) rates.take('read', '127.0.0.1', edge.nowMs() + 60_000);
    expect(await ask(2)).toBe(429);
    expect(await ask(1)).toBe(200);
    expect((await fetch(`${edge.url}/api/v1/health`)).status).toBe(200);
  } finally {
    await edge.stop();
  }
});
