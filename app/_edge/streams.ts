import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { feedHead, feedIncident } from '#lib/core/feed-document.ts';
import { type FeedGroup, feedGroups } from '#lib/core/feed-groups.ts';
import { type FeedQuery, isAskedFor, queryKey } from '#lib/core/feed-query.ts';
import { routingGuard, routingTarget } from '#lib/core/feed-routing.ts';
import type { FeedChange } from '#lib/store.ts';
import type { Changed, Live } from './live.ts';
import { network } from './rate-limits.ts';
import type { Views } from './views.ts';

const heartbeatMs = 15_000;
const batch = 200;
const mostUnsentBytes = 64 * 1024;
const manyStreams = 2_000;
const mostChannels = 200;

interface Client {
  out: Writable;
  from: string;
  closeAtMs: number;
  /** The first picture may be larger than the limit; it counts until it has left. */
  allowanceBytes: number;
  /** Where its first picture ended: older frames still on their way to others are not for it. */
  fromSeq: number;
}

/** All streams that asked the same question share their frames. */
interface Channel {
  query: FeedQuery;
  clients: Set<Client>;
  /** Frames leave in the order they were made. */
  sending: Promise<void>;
}

export function frame(event: string, data: unknown, id: string | null = null): string {
  return `${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

export class Streams {
  #live: Live;
  #views: Views;
  #channels = new Map<string, Channel>();
  #perAddress = new Map<string, number>();
  #groups = new Map<string, string>();
  #timer: NodeJS.Timeout;
  #nowMs: () => number;
  #url: string | null;
  readonly perAddressLimit: number;
  open = 0;
  cut = 0;

  constructor(
    live: Live,
    views: Views,
    options: { nowMs: () => number; url: string | null; perAddressLimit: number },
  ) {
    this.#live = live;
    this.#views = views;
    this.#nowMs = options.nowMs;
    this.#url = options.url;
    this.perAddressLimit = options.perAddressLimit;
    live.onChange((changed) => this.#publish(changed));
    this.#timer = setInterval(() => this.#beat(), heartbeatMs);
  }

  mayOpen(address: string): boolean {
    return (this.#perAddress.get(network(address)) ?? 0) < this.perAddressLimit;
  }

  /** Whether the question is one of those already streamed, or there is room for a new one. */
  hasRoom(query: FeedQuery): boolean {
    return this.#channels.size < mostChannels || this.#channels.has(queryKey(query));
  }

  /** Takes a response or a bare connection over, which costs half the memory. `lastSeq` is where the reader was, null for a first picture. */
  join(out: ServerResponse | Socket, address: string, query: FeedQuery, lastSeq: number | null): void {
    const key = queryKey(query);
    const channel = this.#channels.get(key) ?? {
      query,
      clients: new Set<Client>(),
      sending: Promise.resolve(),
    };
    this.#channels.set(key, channel);
    const from = network(address);
    const spreadMs = (Math.random() * 2 - 1) * 180_000;
    const closeAtMs = this.#nowMs() + 900_000 + spreadMs;
    const client: Client = { out, from, closeAtMs, allowanceBytes: 0, fromSeq: this.#live.facts().seq };
    channel.clients.add(client);
    this.open += 1;
    this.#perAddress.set(from, (this.#perAddress.get(from) ?? 0) + 1);
    out.on('close', () => this.#leave(key, channel, client));
    out.on('error', destroy);
    const isBare = !('writeHead' in out);
    if (!isBare) out.writeHead(200, streamHeaders);
    const first = `${isBare ? bareHead() : ''}retry: ${this.#retryMs()}\n\n${this.#catchUp(query, lastSeq)}`;
    client.allowanceBytes = Buffer.byteLength(first);
    if (out.write(first)) client.allowanceBytes = 0;
    else out.once('drain', () => (client.allowanceBytes = 0));
  }

  #leave(key: string, channel: Channel, client: Client): void {
    if (!channel.clients.delete(client)) return;
    this.open -= 1;
    const left = (this.#perAddress.get(client.from) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(client.from, left);
    else this.#perAddress.delete(client.from);
    if (channel.clients.size === 0 && this.#channels.get(key) === channel) this.#channels.delete(key);
  }

  /** What happened since, or a whole picture when that is not known any more. */
  #catchUp(query: FeedQuery, lastSeq: number | null): string {
    const facts = this.#live.facts();
    const isKnown = lastSeq !== null && lastSeq >= this.#live.knownSince && lastSeq <= facts.seq;
    if (!isKnown || facts.isExpired) {
      const body = this.#views.feed({ ...query, view: 'routing', limit: 100_000 }).body.toString();
      return `id: ${facts.epoch}-${facts.seq}\nevent: snapshot\ndata: ${body}\n\n`;
    }
    const missed = this.#live.changedAfter(lastSeq).map((change) => this.#changeFrame(query, change));
    return missed.join('') + this.#heartbeat();
  }

  #targetFrames(query: FeedQuery, changed: { id: string; seq: number }[]): string {
    const { routes, epoch } = this.#live.facts();
    const byId = new Map(routes.map((r) => [r.targetId, r]));
    return changed
      .map(({ id, seq }) => {
        const route = byId.get(id);
        if (!route) return frame('target_removed', { id }, `${epoch}-${seq}`);
        return isAskedFor(route, query) ? frame('target', routingTarget(route), `${epoch}-${seq}`) : '';
      })
      .join('');
  }

  #publish({ changes, isWhole }: Changed): void {
    const facts = this.#live.facts();
    const groups = this.#changedGroups();
    if (isWhole) {
      for (const channel of this.#channels.values())
        this.#send(channel, this.#catchUp(channel.query, null), null);
      return;
    }
    if (changes.length === 0 && groups.length === 0) return;
    const merged = [...new Map(changes.map((c) => [`${c.kind} ${c.id}`, c])).values()].sort(
      (a, b) => a.seq - b.seq,
    );
    const tail = groups.map((g) => frame('group', g)).join('');
    for (const channel of this.#channels.values()) {
      const text = merged.map((c) => this.#changeFrame(channel.query, c)).join('') + tail;
      if (text !== '') this.#send(channel, text, facts.seq);
    }
  }

  #changeFrame(query: FeedQuery, { kind, id, seq }: FeedChange): string {
    const facts = this.#live.facts();
    if (kind === 'target' || kind === 'target_removed') return this.#targetFrames(query, [{ id, seq }]);
    const position = `${facts.epoch}-${seq}`;
    if (kind === 'guard')
      return frame('guard', { ...routingGuard(facts.guard), self: { status: facts.guard.self } }, position);
    const incident = facts.incidents.find((i) => i.id === id);
    return incident ? frame('incident', feedIncident(incident, this.#url), position) : '';
  }

  #changedGroups(): { id: string; state: string; targets_open: number; targets_total: number }[] {
    const now = feedGroups(this.#live.facts()).map(groupSummary);
    const changed = now.filter((g) => {
      const text = JSON.stringify(g);
      const isNew = this.#groups.get(g.id) !== text;
      this.#groups.set(g.id, text);
      return isNew;
    });
    return changed;
  }

  #heartbeat(): string {
    const facts = this.#live.facts();
    const { seq, generated_at, valid_until } = feedHead(facts);
    const guard = { state: facts.guard.state };
    const self = { status: facts.guard.self };
    return `event: heartbeat\ndata: ${JSON.stringify({ seq, generated_at, valid_until, guard, self })}\n\n`;
  }

  #beat(): void {
    const nowMs = this.#nowMs();
    const text = this.#heartbeat();
    for (const channel of this.#channels.values()) {
      for (const client of channel.clients) if (nowMs > client.closeAtMs) client.out.end();
      this.#send(channel, text, null);
    }
  }

  /** In batches, so that ten thousand readers do not keep anybody else waiting. */
  #send(channel: Channel, text: string, seq: number | null): void {
    const bytes = Buffer.from(text);
    const send = async () => {
      let count = 0;
      for (const client of [...channel.clients]) {
        if (seq !== null && seq <= client.fromSeq) continue;
        if (!write(client, bytes)) this.cut += 1;
        count += 1;
        if (count % batch === 0) await new Promise((done) => setImmediate(done));
      }
    };
    channel.sending = channel.sending.then(send);
  }

  #retryMs(): number {
    const [least, most] = this.open > manyStreams ? [3_000, 15_000] : [2_000, 6_000];
    return Math.round(least + Math.random() * (most - least));
  }

  /** Before a restart: everybody is told to come back at a different time. */
  close(): void {
    clearInterval(this.#timer);
    for (const channel of this.#channels.values())
      for (const { out } of channel.clients)
        out.end(`retry: ${Math.round(3_000 + Math.random() * 12_000)}\n\n`);
  }
}

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
};

function groupSummary(group: FeedGroup) {
  const { id, state, targets_open, targets_total } = group;
  return { id, state, targets_open, targets_total };
}

/** A reader that does not keep up is cut off, not waited for: then false. */
function write(client: Client, bytes: Buffer): boolean {
  const { out } = client;
  if (out.destroyed || out.writableEnded) return true;
  const below = 'socket' in out ? ((out as ServerResponse).socket?.writableLength ?? 0) : 0;
  if (out.writableLength + below > mostUnsentBytes + client.allowanceBytes) {
    out.destroy();
    return false;
  }
  out.write(bytes);
  return true;
}

function destroy(this: Writable): void {
  this.destroy();
}

/** The head of an answer whose end is the end of the connection. */
function bareHead(): string {
  const lines = Object.entries(streamHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 200 OK\r\n${lines.join('')}Date: ${new Date().toUTCString()}\r\nConnection: close\r\n\r\n`;
}
