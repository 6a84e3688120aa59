import type { Config } from '#lib/config/schema.ts';
import type { Watched } from '#lib/core/fleet.ts';
import type { Http } from '#lib/http.ts';
import type { Mailer } from '#lib/notify/channel.ts';
import { createMailer } from '#lib/notify/smtp.ts';
import { channelTable } from '#lib/notify/table.ts';
import { carryOutSubscription } from '#lib/ops/carry-out-subscription.ts';
import { sweepSubscriptions } from '#lib/ops/sweep-subscriptions.ts';
import type { Sealer } from '#lib/seal.ts';
import type { ClaimedDelivery, Receiver, Store } from '#lib/store.ts';
import { createCanary } from './canary.ts';
import { createDeadMan } from './dead-man.ts';
import { createBook } from './delivery-book.ts';
import { createComposer } from './delivery-context.ts';
import { createLanes } from './delivery-lanes.ts';
import { createMarker } from './delivery-marker.ts';
import { remind } from './delivery-remind.ts';
import { type DeliveryStep, deliverTo, leaseMs, type TaskIo } from './delivery-task.ts';
import { tellOperators } from './tell-operators.ts';

export interface DelivererIo {
  store: Store;
  http: { trusted: Http; untrusted: Http };
  sealer: Sealer;
  config: Config;
  /** Names this sender in leases; another one per start. */
  by: string;
  nowMs(): number;
  say(sentence: string): void;
  /** Our own test target, to be looked at and judged; null: no longer. */
  watch?: (watched: Watched | null) => void;
  /** Called at every step of a delivery; a test ends its process here. */
  onStep?: (step: DeliveryStep, id: string) => void;
}

export interface Deliverer {
  /** Something was written that somebody may be waiting for. */
  poke(): void;
  setConfig(config: Config): void;
  /** Carries out what a stranger asked for in the web process. */
  subscribe(intent: { id: string; body: Record<string, unknown> }): void;
  /** Who gets the test alarm; in no table. */
  canary(): Receiver | null;
  /** Claims no more, waits up to ten seconds for what is under way, gives leases back. */
  stop(): Promise<void>;
  facts(): Record<string, unknown>;
}

const idleMs = 1_000;
/** So long a receiver waits for a place in the slow lane before it asks again. */
const slowTurnMs = 5_000;
const claimAtOnce = 50;
/** What ends within these milliseconds makes room together, for one claim. */
const restMs = 10;
const expandAtOnce = 200;
const stopLimitMs = 10_000;
const sweepEveryMs = 3_600_000;
const remindEveryMs = 15_000;

const mostByChannel = Object.fromEntries(
  Object.entries(channelTable).map(([type, channel]) => [type, channel.mostInFlight]),
);

/** The one address pages are known by; without one, where this machine itself reaches them. */
export function baseUrlOf(config: Config): string {
  if (config.url) return config.url;
  const host = config.listen.host.includes(':') ? `[${config.listen.host}]` : config.listen.host;
  return `http://${host}:${config.listen.port}`;
}

/** Sends what the outbox holds. It only claims and marks in this thread; waiting is never blocking. */
export function startDeliverer(io: DelivererIo): Deliverer {
  const { outbox } = io.store;
  const lanes = createLanes(mostByChannel);
  const canary = createCanary({
    ...{ outbox, http: io.http.trusted, nowMs: io.nowMs, say: io.say },
    watch: (watched) => io.watch?.(watched),
    tellOwner(event) {
      tellOperators(io.store, event, null);
      wakeIn(0);
    },
  });
  const deadMan = createDeadMan({
    ...{ looks: io.store.looks, http: io.http.trusted, nowMs: io.nowMs, say: io.say },
    isHeard: canary.isHeard,
  });
  const book = createBook({ ...io, own: canary.entry });
  const composer = createComposer({ ...io, baseUrl: baseUrlOf(io.config) });
  const marker = createMarker(outbox, io.by, io.nowMs);
  const leaving = new AbortController();
  const underWay = new Set<Promise<void>>();
  /** Receivers to be left alone until then. */
  const held = new Map<string, number>();
  let config = io.config;
  let mailer: Mailer | null = createMailer(config.smtp);
  let timer: NodeJS.Timeout | null = null;
  let dueAtMonoMs = Number.POSITIVE_INFINITY;
  let isStopped = false;
  let isBroken = false;

  const task: TaskIo = {
    ...io,
    marker,
    book,
    composer,
    mailer: () => mailer,
    signal: leaving.signal,
    title: () => config.page.title,
  };

  function wakeIn(waitMs: number): void {
    if (isStopped) return;
    // Monotonic: a wall clock that jumps must not put the loop to sleep.
    const atMonoMs = performance.now() + waitMs;
    if (timer && dueAtMonoMs <= atMonoMs) return;
    if (timer) clearTimeout(timer);
    dueAtMonoMs = atMonoMs;
    timer = setTimeout(round, Math.max(0, waitMs));
  }

  function round(): void {
    timer = null;
    dueAtMonoMs = Number.POSITIVE_INFINITY;
    if (isStopped) return;
    try {
      const isMore = claimRound();
      isBroken = false;
      wakeIn(isMore ? 0 : nextHeldMs());
    } catch (cause) {
      // A locked or full store keeps the outbox; the next round finds it again.
      if (!isBroken) io.say(`Messages wait: ${cause instanceof Error ? cause.message : cause}`);
      isBroken = true;
      wakeIn(idleMs);
    }
  }

  function nextHeldMs(): number {
    const nowMs = io.nowMs();
    let waitMs = idleMs;
    for (const untilMs of held.values()) waitMs = Math.min(waitMs, untilMs - nowMs);
    return Math.max(1, waitMs);
  }

  function claimRound(): boolean {
    const nowMs = io.nowMs();
    for (const [id, untilMs] of held) if (untilMs <= nowMs) held.delete(id);
    const limit = Math.min(claimAtOnce, lanes.room());
    const claimed =
      limit === 0
        ? []
        : outbox.claim({
            by: io.by,
            nowMs,
            leaseMs,
            limit,
            exceptReceivers: [...held.keys()],
            channelRoom: lanes.channelRoom(),
          });
    for (const one of claimed) start(one, nowMs);
    // Owners first: the public's share is only unfolded once nothing else is due.
    const unfolded = claimed.length < limit ? outbox.expand({ nowMs, limit: expandAtOnce }) : 0;
    return (claimed.length === limit && limit > 0) || unfolded > 0;
  }

  function start(claimed: ClaimedDelivery, nowMs: number): void {
    const { delivery, event } = claimed;
    const entry = book.find(delivery.receiverId);
    const isAwaited = entry?.receiver.status === 'active' || event.type === 'subscription.mail';
    if (!entry || !isAwaited) {
      outbox.markSuperseded(delivery.id, io.by, nowMs, 'the receiver is gone or was switched off');
      return;
    }
    const leave = lanes.enter(entry.line.host, delivery.channel, entry.channel.mostInFlight);
    if (!leave) {
      held.set(delivery.receiverId, nowMs + slowTurnMs);
      outbox.postpone(delivery.id, io.by, nowMs + slowTurnMs, '');
      return;
    }
    const run = deliverTo(claimed, entry, task)
      .then(({ isTimeout, heldUntilMs }) => {
        leave(isTimeout);
        if (heldUntilMs > io.nowMs()) held.set(delivery.receiverId, heldUntilMs);
      })
      .catch((cause) => {
        // The store refused to be written: the lease runs out and the same message is tried again under the same id.
        leave(false);
        io.say(`A message could not be settled: ${cause instanceof Error ? cause.message : cause}`);
      })
      .finally(() => {
        underWay.delete(run);
        wakeIn(restMs);
      });
    underWay.add(run);
  }

  const chores = [
    setInterval(() => chore(() => sweepSubscriptions({ store: io.store, nowMs: io.nowMs() })), sweepEveryMs),
    setInterval(() => {
      canary.tick();
      deadMan.tick();
    }, idleMs),
    setInterval(() => chore(() => remind(io.store, io.nowMs()) > 0 && wakeIn(0)), remindEveryMs),
  ];

  /** What fails now is done at its next turn. */
  function chore(work: () => unknown): void {
    try {
      work();
    } catch (cause) {
      io.say(`Put off: ${cause instanceof Error ? cause.message : cause}`);
    }
  }

  /** Whoever has nobody to be told needs no proof that telling works. */
  function watchOurselves(): void {
    const { heartbeat_url: url, canary: wish, channels } = config;
    const through = book.operators().named(wish.through);
    const isWanted = io.watch !== undefined && (url !== null || channels.length > 0);
    canary.set(isWanted ? { everyMs: wish.every, through } : null);
    deadMan.setUrl(url);
  }

  watchOurselves();
  wakeIn(0);
  return {
    poke: () => wakeIn(0),
    canary: () => canary.entry()?.receiver ?? null,
    subscribe(intent) {
      carryOutSubscription({ store: io.store, sealer: io.sealer, nowMs: io.nowMs() }, intent);
      wakeIn(0);
    },
    setConfig(next) {
      if (JSON.stringify(next.smtp) !== JSON.stringify(config.smtp)) {
        mailer?.close();
        mailer = createMailer(next.smtp);
      }
      config = next;
      book.setConfig(next);
      composer.setConfig(next);
      watchOurselves();
      wakeIn(0);
    },
    async stop() {
      isStopped = true;
      for (const one of chores) clearInterval(one);
      if (timer) clearTimeout(timer);
      const limit = setTimeout(() => leaving.abort(), stopLimitMs);
      await Promise.allSettled(underWay);
      clearTimeout(limit);
      canary.stop();
      mailer?.close();
      outbox.release(io.by);
    },
    facts: () => ({
      ...lanes.facts(),
      held: held.size,
      ...outbox.pending(io.nowMs()),
      canary: canary.facts(),
    }),
  };
}
