import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CoreEvent } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import type { Http } from '#lib/http.ts';
import { webhook } from '#lib/notify/webhook.ts';
import type { Receiver, Store } from '#lib/store.ts';
import type { Entry } from './delivery-book.ts';

/**
 * A watch over the watcher. Every hour a message of our own goes the whole way of real ones (store, outbox, sender,
 * socket) to a receiver in this process. Only while it comes back, and while looks are being recorded, is the outside
 * address called each minute; whoever listens there raises the alarm when the calls stop.
 */
export interface DeadMan {
  /** The receiver of our own messages, for the sender's book. */
  entry(): Entry | null;
  setUrl(url: string | null): void;
  /** Called each second or so; does what is due. */
  tick(): void;
  stop(): void;
  facts(): { isAlive: boolean; arrivedAtMs: number | null } | null;
}

export const canaryId = 'op_canary';
const canaryEveryMs = 3_600_000;
const silentAfterMs = 90 * 60_000;
const pingEveryMs = 60_000;
const looksWithinMs = 10 * 60_000;

export function createDeadMan(io: {
  store: Store;
  http: Http;
  nowMs(): number;
  say(sentence: string): void;
  poke(): void;
}): DeadMan {
  let url: string | null = null;
  let server: Server | null = null;
  let own: Entry | null = null;
  let sentAtMs: number | null = null;
  let arrivedAtMs: number | null = null;
  let pingedAtMs = Number.NEGATIVE_INFINITY;
  let wasAlive = true;
  let waitingFor: string | null = null;

  function open(): void {
    const path = `/${randomBytes(16).toString('base64url')}`;
    const opened = createServer((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(request.url === path ? 204 : 404).end());
      if (request.url !== path || request.headers['webhook-id'] !== waitingFor) return;
      arrivedAtMs = io.nowMs();
    });
    server = opened;
    opened.on('error', (cause) => io.say(`The canary has no receiver: ${cause.message}`));
    opened.listen(0, '127.0.0.1', () => {
      const { port } = opened.address() as AddressInfo;
      own = entryOf(`http://127.0.0.1:${port}${path}`, io);
      tick();
    });
    opened.unref();
  }

  function close(): void {
    server?.closeAllConnections();
    server?.close();
    server = null;
    own = null;
    sentAtMs = null;
    arrivedAtMs = null;
  }

  function sendCanary(nowMs: number): void {
    if (!own || (sentAtMs !== null && nowMs - sentAtMs < canaryEveryMs)) return;
    const event = canaryEvent(nowMs);
    const drafts = addressEvents([event], [own.receiver], { nowMs, incident: () => null });
    io.store.events.add([event], drafts);
    waitingFor = drafts[0]?.id ?? null;
    sentAtMs = nowMs;
    io.poke();
  }

  function isAlive(nowMs: number): boolean {
    if (arrivedAtMs === null || nowMs - arrivedAtMs > silentAfterMs) return false;
    const seen = io.store.looks.lastSeenAt();
    if (seen.size === 0) return true;
    return nowMs - Math.max(...seen.values()) < looksWithinMs;
  }

  function ping(nowMs: number): void {
    if (url === null || nowMs - pingedAtMs < pingEveryMs) return;
    const alive = isAlive(nowMs);
    if (!alive && wasAlive && arrivedAtMs !== null)
      io.say('The canary is silent: the outside heartbeat is held back.');
    wasAlive = alive;
    if (!alive) return;
    pingedAtMs = nowMs;
    void io.http
      .request({ url, limits: { totalMs: 10_000, bodyBytes: 4_096 } })
      .then((look) => {
        if (look.status === null || look.status >= 400)
          io.say(`The outside heartbeat was not taken (${look.status ?? look.fault}).`);
      })
      .catch((cause: Error) => io.say(`The outside heartbeat cannot be called: ${cause.message}`));
  }

  function tick(): void {
    if (url === null) return;
    const nowMs = io.nowMs();
    try {
      sendCanary(nowMs);
      ping(nowMs);
    } catch {
      // A store that cannot be written sends no canary: the silence outside is the message.
    }
  }

  return {
    entry: () => own,
    tick,
    stop: close,
    setUrl(next) {
      if (next === url) return;
      url = next;
      close();
      if (url !== null) open();
    },
    facts: () => (url === null ? null : { isAlive: isAlive(io.nowMs()), arrivedAtMs }),
  };
}

function entryOf(url: string, io: { http: Http; nowMs(): number }): Entry | null {
  const opened = webhook.open({ url, secret: `whsec_${randomBytes(32).toString('base64')}` });
  if (!opened.ok) return null;
  const receiver: Receiver = {
    id: canaryId,
    origin: 'operator',
    channel: 'webhook',
    settings: {},
    scope: [],
    minImpact: null,
    kinds: [],
    untilIncidentId: null,
    status: 'active',
    createdAtMs: io.nowMs(),
    isMutedUntilMs: null,
  };
  return { receiver, channel: webhook, line: opened.line, http: io.http };
}

function canaryEvent(nowMs: number): CoreEvent {
  return {
    id: `canary:${randomUUID()}`,
    type: 'endpoint.test',
    atMs: nowMs,
    scope: null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence: 'A message to ourselves: the way of messages is open.',
    reason: 'sent every hour',
    startedAtMs: null,
    expiresAtMs: nowMs + canaryEveryMs,
    data: { receivers: [canaryId] },
  };
}
