import { describe, expect, test } from 'vitest';
import { decision, fakeFeed, startClient } from '../testing/fake-feed.ts';

describe('the local breaker', () => {
  test('three failures open it although the feed is green, and one is enough when the feed doubts', async () => {
    const feed = await startClient(
      await fakeFeed([decision('a'), decision('b', 'prefer_not'), decision('c')]),
    );
    const fail = (id: string) => {
      feed.begin(id);
      feed.end(id, { ok: false });
    };
    fail('a');
    fail('a');
    expect(feed.order(['a', 'c']).length).toBe(2);
    fail('a');
    for (let i = 0; i < 30; i++) expect(feed.order(['a', 'c'])[0]).toBe('c');
    fail('b');
    for (let i = 0; i < 30; i++) expect(feed.order(['b', 'c'])[0]).toBe('c');
  });

  test('our own mistakes do not count, and Retry-After opens at once', async () => {
    const feed = await startClient(await fakeFeed([decision('a'), decision('c')]));
    for (let i = 0; i < 9; i++) {
      feed.begin('a');
      feed.end('a', { ok: false, isOurs: true });
    }
    expect(Array.from({ length: 40 }, () => feed.order(['a', 'c'])[0])).toContain('a');
    feed.begin('a');
    feed.end('a', { ok: false, isOurs: true, retryAfterMs: 5_000 });
    expect(Array.from({ length: 40 }, () => feed.order(['a', 'c'])[0])).not.toContain('a');
  });
});
