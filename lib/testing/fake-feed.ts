import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect } from 'vitest';
import { type Decision, SignalboxClient, type Snapshot } from '../client/index.ts';
import { Picture } from '../client/picture.ts';

/** A feed as a client sees it, made by hand; what a test opened is closed after it. */

export type Action = 'use' | 'prefer_not' | 'probe' | 'avoid' | 'last_resort';
const circuitOf: Record<Action, string> = {
  use: 'closed',
  prefer_not: 'closed',
  probe: 'half_open',
  avoid: 'open',
  last_resort: 'open',
};

export function decision(id: string, action: Action = 'use', more: Partial<Decision> = {}): Decision {
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

export function snapshot(targets: Decision[], more: Partial<Snapshot> = {}): Snapshot {
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
export function pictured(targets: Decision[], more: Partial<Snapshot> = {}) {
  const clock = { ms: 1_000_000 };
  const picture = new Picture(
    () => clock.ms,
    () => 0.5,
  );
  picture.setServerTime(new Date().toUTCString(), null);
  picture.take(snapshot(targets, more));
  return { picture, clock };
}

export interface FakeFeed {
  url: string;
  server: Server;
  streams: Set<ServerResponse>;
  current: Snapshot;
  mode: 'ok' | 'dead' | 'poll_only';
  polls: number;
  /** Targets in one answer. */
  perPage: number;
}
const servers: Server[] = [];
export const clients: SignalboxClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

export async function fakeFeed(targets: Decision[]): Promise<FakeFeed> {
  const feed = {
    streams: new Set<ServerResponse>(),
    current: snapshot(targets),
    mode: 'ok',
    polls: 0,
    perPage: 1_000,
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
    const { current, perPage } = feed;
    const after = new URL(req.url ?? '', 'http://a').searchParams.get('cursor') ?? '';
    const rest = current.targets.filter((target) => target.id > after);
    const targets = rest.slice(0, perPage);
    const next_cursor = rest.length > targets.length ? targets.at(-1)?.id : null;
    return res
      .writeHead(200, {
        'content-type': 'application/json',
        etag: `W/"${feed.current.seq}"`,
        'signalbox-valid-until': feed.current.valid_until,
      })
      .end(JSON.stringify({ ...current, targets, page: { next_cursor } }));
  });
  servers.push(feed.server);
  await new Promise<void>((done) => feed.server.listen(0, '127.0.0.1', done));
  feed.url = `http://127.0.0.1:${(feed.server.address() as AddressInfo).port}`;
  return feed;
}

export async function startClient(feed: FakeFeed, more: object = {}): Promise<SignalboxClient> {
  const made = new SignalboxClient({ url: feed.url, ...more });
  clients.push(made);
  return made.start(1_000);
}

export async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !isTrue(); i++) await new Promise((done) => setTimeout(done, 10));
  expect(isTrue()).toBe(true);
}
