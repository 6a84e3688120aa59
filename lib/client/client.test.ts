import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, decision, fakeFeed, pictured, startClient } from '../testing/fake-feed.ts';
import { buildClient } from './build.mjs';
import { SignalboxClient } from './index.ts';

test('it is at most 10 kB when minified, and needs nothing', async () => {
  const { 'index.js': text = '' } = await buildClient({ write: false });
  expect(text.length).toBeLessThanOrEqual(10_000);
  expect(text).not.toMatch(/\bfrom\s*["']|require\(/);
});

describe('the order', () => {
  test('is never empty, loses nobody, and blocks at most half', () => {
    const actions = fc.array(fc.constantFrom<Action>('use', 'prefer_not', 'probe', 'avoid', 'last_resort'), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(actions, fc.boolean(), (list, isLocal) => {
        const ids = list.map((_, i) => `t${i}`);
        const feed = new SignalboxClient({ url: 'http://x' });
        const { picture } = pictured(list.map((a, i) => decision(`t${i}`, a)));
        Object.assign(feed, {});
        if (isLocal)
          for (const id of ids)
            for (let n = 0; n < 3; n++) {
              feed.begin(id);
              feed.end(id, { ok: false });
            }
        expect(new Set(feed.order(ids))).toEqual(new Set(ids));
        expect(ids.filter((id) => picture.standing(id).is === 'out').length).toBe(
          list.filter((a) => a === 'avoid').length,
        );
      }),
    );
  });

  test('puts what is out of rotation last, and a last resort before it', async () => {
    const feed = await startClient(await fakeFeed([decision('a', 'avoid'), decision('b'), decision('c')]));
    for (let i = 0; i < 50; i++) expect(feed.order(['a', 'b', 'c'])[2]).toBe('a');
  });

  test('of two that are out one comes back, and traffic is shared by weight', async () => {
    const feed = await startClient(await fakeFeed([decision('a', 'avoid'), decision('b', 'avoid')]));
    expect(new Set(feed.order(['a', 'b']))).toEqual(new Set(['a', 'b']));
    const shared = await startClient(
      await fakeFeed([decision('a'), decision('b', 'use', { advice: { action: 'use', weight: 10 } })]),
    );
    const first = Array.from({ length: 2_000 }, () => shared.order(['a', 'b'])[0]).filter(
      (id) => id === 'a',
    ).length;
    expect(first).toBeGreaterThan(1_700);
  });

  test('trials are rare while somebody is in', async () => {
    const feed = await startClient(await fakeFeed([decision('a', 'probe'), decision('b')]));
    const trials = Array.from({ length: 4_000 }, () => feed.order(['a', 'b'])[0]).filter(
      (id) => id === 'a',
    ).length;
    expect(trials / 4_000).toBeGreaterThan(0.02);
    expect(trials / 4_000).toBeLessThan(0.09);
  });
});
