import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { buildClient } from './build.mjs';
import { eventReader } from './follow.ts';
import { type Decision, type Freshness, SignalboxClient, type Snapshot } from './index.ts';
import { Picture } from './picture.ts';
import { routed } from './vercel-ai.ts';

type Action = 'use' | 'prefer_not' | 'probe' | 'avoid' | 'last_resort';
const circuitOf: Record<Action, string> = {
  use: 'closed',
  prefer_not: 'closed',
  probe: 'half_open',
  avoid: 'open',
  last_resort: 'open',
};

function decision(id: string, action: Action = 'use', more: Partial<Decision> = {}): Decision {
  const weight = { use: 100, prefer_not: 50, probe: 10, avoid: 0, last_resort: 1 }[action];
  return {
    id,
    state: action === 'use' ? 'up' : 'down',
    groups: [`provider:${id}`],
    circuit: { state: circuitOf[action], retry_at: null },
    advice: { action, weight },
    ...more,
  };
}

function snapshot(targets: Decision[], more: Partial<Snapshot> = {}): Snapshot {
  const now = Date.now();
  return {
    epoch: 'E',
    seq: 10,
    generated_at: new Date(now).toISOString(),
    valid_until: new Date(now + 90_000).toISOString(),
    poll_after_s: 1,
    self: { status: 'ok' },
    guard: { state: 'normal' },
    targets,
    ...more,
  };
}

/** A clock by hand, for a picture without a network. */
function pictured(targets: Decision[], more: Partial<Snapshot> = {}) {
  const clock = { ms: 1_000_000 };
  const picture = new Picture(
    () => clock.ms,
    () => 0.5,
  );
  picture.setServerTime(new Date().toUTCString(), null);
  picture.take(snapshot(targets, more));
  return { picture, clock };
}

interface FakeFeed {
  url: string;
  server: Server;
  streams: Set<ServerResponse>;
  current: Snapshot;
  mode: 'ok' | 'dead' | 'poll_only';
  polls: number;
}
const servers: Server[] = [];
const clients: SignalboxClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function fakeFeed(targets: Decision[]): Promise<FakeFeed> {
  const feed = {
    streams: new Set<ServerResponse>(),
    current: snapshot(targets),
    mode: 'ok',
    polls: 0,
  } as unknown as FakeFeed;
  feed.server = createServer((req, res) => {
    if (feed.mode === 'dead') return res.destroy();
    if (req.url?.includes('/stream')) {
      if (feed.mode === 'poll_only') return res.writeHead(204).end();
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(
        `retry: 20\n\nid: E-${feed.current.seq}\nevent: snapshot\ndata: ${JSON.stringify(feed.current)}\n\n`,
      );
      feed.streams.add(res);
      return res.on('close', () => feed.streams.delete(res));
    }
    feed.polls += 1;
    return res
      .writeHead(200, {
        'content-type': 'application/json',
        etag: `W/"${feed.current.seq}"`,
        'signalbox-valid-until': feed.current.valid_until,
      })
      .end(JSON.stringify(feed.current));
  });
  servers.push(feed.server);
  await new Promise<void>((done) => feed.server.listen(0, '127.0.0.1', done));
  feed.url = `http://127.0.0.1:${(feed.server.address() as AddressInfo).port}`;
  return feed;
}

async function client(feed: FakeFeed, more: object = {}): Promise<SignalboxClient> {
  const made = new SignalboxClient({ url: feed.url, ...more });
  clients.push(made);
  return made.start(1_000);
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !isTrue(); i++) await new Promise((done) => setTimeout(done, 10));
  expect(isTrue()).toBe(true);
}

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
    const feed = await client(await fakeFeed([decision('a', 'avoid'), decision('b'), decision('c')]));
    for (let i = 0; i < 50; i++) expect(feed.order(['a', 'b', 'c'])[2]).toBe('a');
  });

  test('of two that are out one comes back, and traffic is shared by weight', async () => {
    const feed = await client(await fakeFeed([decision('a', 'avoid'), decision('b', 'avoid')]));
    expect(new Set(feed.order(['a', 'b']))).toEqual(new Set(['a', 'b']));
    const shared = await client(
      await fakeFeed([decision('a'), decision('b', 'use', { advice: { action: 'use', weight: 10 } })]),
    );
    const first = Array.from({ length: 2_000 }, () => shared.order(['a', 'b'])[0]).filter(
      (id) => id === 'a',
    ).length;
    expect(first).toBeGreaterThan(1_700);
  });

  test('trials are rare while somebody is in', async () => {
    const feed = await client(await fakeFeed([decision('a', 'probe'), decision('b')]));
    const trials = Array.from({ length: 4_000 }, () => feed.order(['a', 'b'])[0]).filter(
      (id) => id === 'a',
    ).length;
    expect(trials / 4_000).toBeGreaterThan(0.02);
    expect(trials / 4_000).toBeLessThan(0.09);
  });
});

describe('staleness', () => {
  test('V8: a feed goes from fresh to stale to expired, and expired it has no opinion', () => {
    const { picture, clock } = pictured([decision('a', 'avoid')]);
    const seen: [Freshness, string][] = [];
    for (const addMs of [0, 100_000, 130_000, 300_000]) {
      clock.ms += addMs;
      seen.push([picture.freshness(), picture.standing('a').is]);
    }
    expect(seen).toEqual([
      ['fresh', 'out'],
      ['stale', 'out'],
      ['stale', 'trial'],
      ['expired', 'in'],
    ]);
  });

  test('while the feed is blind nothing new opens, and what closes may close', () => {
    const { picture } = pictured([decision('a', 'avoid'), decision('b')]);
    picture.take(snapshot([decision('a'), decision('b', 'avoid')], { seq: 11, self: { status: 'blind' } }));
    expect(picture.freshness()).toBe('stale');
    expect(picture.standing('b').is).toBe('in');
  });

  test('V8: old news and news from the future are dropped, another epoch is taken', () => {
    const { picture } = pictured([decision('a', 'avoid')]);
    expect(picture.take(snapshot([decision('a')], { seq: 9 }))).toBe(false);
    expect(picture.change('E', 10, decision('a'))).toBe(false);
    expect(
      picture.take(
        snapshot([decision('a')], { seq: 12, generated_at: new Date(Date.now() + 600_000).toISOString() }),
      ),
    ).toBe(false);
    expect(picture.standing('a').is).toBe('out');
    expect(picture.take(snapshot([decision('a')], { epoch: 'F', seq: 1 }))).toBe(true);
  });

  test.each([-600_000, 600_000])('C8: a clock that is %i ms off decides the same', (offMs) => {
    const picture = new Picture(
      () => 5_000,
      () => 0.5,
    );
    const nowMs = Date.now() + offMs;
    picture.setServerTime(new Date(nowMs).toUTCString(), null);
    const times = {
      generated_at: new Date(nowMs).toISOString(),
      valid_until: new Date(nowMs + 90_000).toISOString(),
    };
    expect(picture.take(snapshot([decision('a', 'avoid')], times))).toBe(true);
    expect(picture.freshness()).toBe('fresh');
    expect(picture.standing('a').is).toBe('out');
  });

  test('a target that closes comes back after a moment of its own, and not at once with all', () => {
    const { picture, clock } = pictured([decision('a', 'avoid')]);
    picture.change('E', 11, decision('a'));
    expect(picture.standing('a').is).toBe('out');
    clock.ms += 5_001;
    expect(picture.standing('a')).toEqual({ is: 'in', weight: 10 });
    clock.ms += 60_000;
    expect(picture.standing('a')).toEqual({ is: 'in', weight: 100 });
  });

  test('values nobody knows read as usable', () => {
    const { picture } = pictured([
      {
        ...decision('a'),
        circuit: { state: 'ajar', retry_at: null },
        advice: { action: 'dance', weight: 100 },
      },
    ]);
    expect(picture.standing('a').is).toBe('in');
  });
});

describe('the local breaker', () => {
  test('three failures open it although the feed is green, and one is enough when the feed doubts', async () => {
    const feed = await client(await fakeFeed([decision('a'), decision('b', 'prefer_not'), decision('c')]));
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
    const feed = await client(await fakeFeed([decision('a'), decision('c')]));
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

describe('following', () => {
  test('a change on the stream takes effect, and an event that is cut is never seen', async () => {
    const server = await fakeFeed([decision('a'), decision('b')]);
    const feed = await client(server);
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
    const feed = await client(server);
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
});

describe('a call', () => {
  const failing = (status: number) => Object.assign(new Error(`status ${status}`), { status });

  test('goes elsewhere after a failure, three times at most', async () => {
    const feed = await client(await fakeFeed([decision('a'), decision('b'), decision('c'), decision('d')]));
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
    const feed = await client(fake);
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
    const feed = await client(await fakeFeed([decision('a'), decision('b')]));
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
    const feed = await client(await fakeFeed([decision('a'), decision('b')]));
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
    const feed = await client(
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
    const feed = await client(await fakeFeed([decision('a', 'use'), decision('b', 'prefer_not')]));
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
