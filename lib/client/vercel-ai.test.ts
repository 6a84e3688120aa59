import { describe, expect, test } from 'vitest';
import { decision, fakeFeed, startClient } from '../testing/fake-feed.ts';
import { routed } from './vercel-ai.ts';

describe('one model for the AI SDK', () => {
  type Part = { type: string; delta?: string; error?: unknown };
  const model = (parts: Part[]) => ({
    ...{ specificationVersion: 'v2', provider: 'p', modelId: 'm', supportedUrls: {} },
    doGenerate: async () => ({ content: parts }),
    doStream: async () => ({
      stream: new ReadableStream<Part>({
        start(c) {
          for (const p of parts) c.enqueue(p);
          c.close();
        },
      }),
    }),
  });
  const read = async (stream: ReadableStream<Part>) => {
    const out: Part[] = [];
    for await (const p of stream as unknown as AsyncIterable<Part>) out.push(p);
    return out;
  };

  test('a stream that fails before its first word is answered by another', async () => {
    const feed = await startClient(await fakeFeed([decision('a', 'use'), decision('b', 'prefer_not')]));
    const good = [{ type: 'stream-start' }, { type: 'text-delta', delta: 'hello' }, { type: 'finish' }];
    const one = routed(feed, {
      a: model([{ type: 'stream-start' }, { type: 'error', error: new Error('502') }]),
      b: model(good),
    });
    for (let i = 0; i < 12; i++) {
      const { stream } = await (
        one.doStream as unknown as (o: object) => Promise<{ stream: ReadableStream<Part> }>
      )({});
      expect((await read(stream)).map((p) => p.type)).toEqual(['stream-start', 'text-delta', 'finish']);
    }
    expect(one.specificationVersion).toBe('v2');
    expect(one.supportedUrls).toEqual({});
  });
});
