import { describe, expect, test } from 'vitest';
import { decision, fakeFeed, startClient } from '../testing/fake-feed.ts';

describe('a call', () => {
  const failing = (status: number) => Object.assign(new Error(`status ${status}`), { status });

  test('goes elsewhere after a failure, three times at most', async () => {
    const feed = await startClient(
      await fakeFeed([decision('a'), decision('b'), decision('c'), decision('d')]),
    );
    const tried: string[] = [];
    const answer = feed.call(['a', 'b', 'c', 'd'], async (id) => {
      tried.push(id);
      throw failing(503);
    });
    await expect(answer).rejects.toThrow('status 503');
    expect(tried.length).toBe(3);
    expect(new Set(tried).size).toBe(3);
  });

  test('a chain is tried in its own order, what is out of it last', async () => {
    const fake = await fakeFeed([decision('a'), decision('b', 'avoid'), decision('c'), decision('d')]);
    fake.current.chains = [{ id: 'chat', targets: ['d', 'b', 'a', 'c'] }];
    const feed = await startClient(fake);
    const tried: string[] = [];
    const answer = feed.call('chat', async (id) => {
      tried.push(id);
      if (tried.length < 3) throw failing(429);
      return 'answered';
    });
    await expect(answer).resolves.toBe('answered');
    expect(tried).toEqual(['d', 'a', 'c']);
  });

  test('a 400 is ours and is not tried again, a 429 is', async () => {
    const feed = await startClient(await fakeFeed([decision('a'), decision('b')]));
    let tries = 0;
    await expect(
      feed.call(['a', 'b'], async () => {
        tries += 1;
        throw failing(400);
      }),
    ).rejects.toThrow('400');
    expect(tries).toBe(1);
    const seen: string[] = [];
    expect(
      await feed.call(['a', 'b'], async (id) => {
        seen.push(id);
        if (seen.length === 1) throw failing(429);
        return id;
      }),
    ).toBe(seen[1]);
  });

  test('nothing is tried again once the answer has begun', async () => {
    const feed = await startClient(await fakeFeed([decision('a'), decision('b')]));
    let tries = 0;
    await expect(
      feed.call(['a', 'b'], async (_id, attempt) => {
        tries += 1;
        attempt.started();
        throw failing(503);
      }),
    ).rejects.toThrow();
    expect(tries).toBe(1);
  });

  test('a slow one is hedged at a target that shares no group', async () => {
    const feed = await startClient(
      await fakeFeed([
        decision('a'),
        decision('b', 'use', { groups: ['provider:a'] }),
        decision('c', 'use', { advice: { action: 'use', weight: 1 } }),
      ]),
    );
    const wait = (ms: number, signal: AbortSignal) =>
      new Promise((done) => {
        const t = setTimeout(done, ms);
        signal.addEventListener('abort', () => {
          clearTimeout(t);
          done(null);
        });
      });
    for (let i = 0; i < 60; i++) await feed.call(['a', 'b', 'c'], async () => 'quick');
    const asked: string[] = [];
    const answer = await feed.call(
      ['a', 'b', 'c'],
      async (id, { signal }) => {
        asked.push(id);
        if (id === 'c') return id;
        await wait(3_000, signal);
        return id;
      },
      { hedge: true },
    );
    expect(answer).toBe('c');
    expect(asked.at(-1)).toBe('c');
  });
});
