import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clients, decision, fakeFeed, snapshot, startClient, until } from '../testing/fake-feed.ts';
import { eventReader } from './follow.ts';
import { SignalboxClient } from './index.ts';

test('a first picture that comes in pieces is waited for: a start with half of it would know nobody', async () => {
  const now = Date.now();
  const snapshot = {
    ...{ epoch: 'E', seq: 1, poll_after_s: 10, self: { status: 'ok' }, guard: { state: 'normal' } },
    ...{ generated_at: new Date(now).toISOString(), valid_until: new Date(now + 90_000).toISOString() },
    ...{ chains: [{ id: 'chat', targets: ['a', 'b'] }], targets: [] },
  };
  const text = `retry: 20\n\nid: E-1\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`;
  const server = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(text.slice(0, 80));
    setTimeout(() => res.write(text.slice(80)), 300);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const client = new SignalboxClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  try {
    await client.start(5_000);
    expect(client.freshness()).toBe('fresh');
    expect(client.chain('chat')).toEqual(['a', 'b']);
  } finally {
    client.stop();
    server.closeAllConnections();
    server.close();
  }
});

describe('following', () => {
  test('a change on the stream takes effect, and an event that is cut is never seen', async () => {
    const server = await fakeFeed([decision('a'), decision('b')]);
    const feed = await startClient(server);
    const [stream] = server.streams;
    stream?.write(
      `id: E-11\nevent: target\ndata: ${JSON.stringify(decision('a', 'avoid'))}\n\nid: E-12\nevent: target\ndata: {"id":"b","circ`,
    );
    await until(() => feed.position() === 'E-11');
    for (let i = 0; i < 30; i++) expect(feed.order(['a', 'b'])[0]).toBe('b');
    server.current = snapshot([decision('a', 'avoid'), decision('b')], { seq: 12 });
    stream?.destroy();
    await until(() => feed.position() === 'E-12');
  });

  test('without a stream it asks, and with nothing at all it still starts', async () => {
    const server = await fakeFeed([decision('a')]);
    server.mode = 'poll_only';
    const feed = await startClient(server);
    await until(() => feed.freshness() === 'fresh');
    expect(server.polls).toBeGreaterThan(0);
    const dead = await fakeFeed([]);
    dead.mode = 'dead';
    const alone = new SignalboxClient({ url: dead.url });
    clients.push(alone);
    await alone.start(100);
    expect(alone.freshness()).toBe('none');
    expect(alone.order(['x', 'y']).length).toBe(2);
  });

  test('the same events come out however the bytes are cut', () => {
    const text =
      'retry: 100\n\nid: E-1\nevent: target\ndata: {"id":"a"}\n\nevent: heartbeat\ndata: {"seq":1}\n\n';
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 60, maxLength: 60 }), (sizes) => {
        const reader = eventReader();
        const out = [];
        let at = 0;
        for (const size of sizes) {
          out.push(...reader.feed(text.slice(at, at + size)));
          at += size;
        }
        out.push(...reader.feed(text.slice(at)));
        expect(out.map((e) => [e.name, e.id, e.data])).toEqual([
          ['target', 'E-1', '{"id":"a"}'],
          ['heartbeat', null, '{"seq":1}'],
        ]);
      }),
      { numRuns: 50 },
    );
  });

  test('a feed of more targets than one answer holds is read to its end, or not at all', async () => {
    const ids = Array.from({ length: 25 }, (_, i) => `t${String(i).padStart(2, '0')}`);
    const server = await fakeFeed(ids.map((id) => decision(id, id === 't24' ? 'avoid' : 'use')));
    Object.assign(server, { mode: 'poll_only', perPage: 10 });
    const feed = await startClient(server);
    await until(() => feed.freshness() === 'fresh');
    expect(server.polls).toBe(3);
    for (let i = 0; i < 30; i++) expect(feed.order(['t24', 't00'])).toEqual(['t00', 't24']);
    const targets = ids.map((id) => decision(id));
    server.current = snapshot(targets, { seq: 11 });
    // The last page's news is news: no tag of the first one hides it.
    await until(() => feed.position() === 'E-11');
  });

  test('pages of two numberings are no picture', async () => {
    const server = await fakeFeed([decision('a'), decision('b')]);
    Object.assign(server, { mode: 'poll_only', perPage: 1 });
    let asked = 0;
    Object.defineProperty(server, 'current', {
      get: () => snapshot([decision('a'), decision('b')], { epoch: asked++ % 2 === 0 ? 'E' : 'F' }),
    });
    const feed = await startClient(server);
    expect(feed.freshness()).toBe('none');
  });
});
