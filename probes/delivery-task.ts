import type { Message } from '#lib/core/message.ts';
import { groupMessages } from '#lib/core/message-group.ts';
import { type DueItem, mergeDue } from '#lib/core/routing-merge.ts';
import { rulesOf } from '#lib/core/routing-rules.ts';
import { fault, type Mailer, type Sent } from '#lib/notify/channel.ts';
import type { ClaimedDelivery, Store } from '#lib/store.ts';
import type { Book, Entry } from './delivery-book.ts';
import type { Composer } from './delivery-context.ts';
import { type SettleIo, settle } from './delivery-settle.ts';

/** Where a killed process may be: tests stop one there. */
export type DeliveryStep = 'claimed' | 'sent' | 'marked';

export interface TaskIo extends SettleIo {
  store: Store;
  book: Book;
  composer: Composer;
  mailer(): Mailer | null;
  /** Ends every send when the process must go. */
  signal: AbortSignal;
  title(): string;
  onStep?: ((step: DeliveryStep, id: string) => void) | undefined;
}

export const leaseMs = 60_000;
const sendLimitMs = 20_000;
const gatherLimit = 200;
/** Five and more are one message. */
const groupFrom = 5;
const hourMs = 3_600_000;
export const mostPerHour = 20;
const mostLostLeases = 3;

/** All that is due for one receiver, in one go. Returns until when the receiver is to be left alone. */
export async function deliverTo(first: ClaimedDelivery, entry: Entry, io: TaskIo): Promise<Outcome> {
  const { outbox } = io.store;
  if (isPoison(first, outbox)) {
    outbox.markDead(
      first.delivery.id,
      io.by,
      io.nowMs(),
      'the sender ended three times while it was sending this',
    );
    return { isTimeout: false, heldUntilMs: io.nowMs() };
  }
  io.onStep?.('claimed', first.delivery.id);
  const nowMs = io.nowMs();
  const more = outbox.gather({
    receiverId: entry.receiver.id,
    by: io.by,
    nowMs,
    leaseMs,
    limit: gatherLimit,
  });
  // As it happened: a message that is tried again is due late and yet the older one.
  const inOrder = [first, ...more].sort((a, b) => a.seq - b.seq);
  const claimed = new Map(inOrder.map((one) => [one.delivery.id, one]));
  const merged = mergeDue([...claimed.values()].map(asDue), {
    nowMs,
    incident: io.composer.incident,
    wasTold: (incidentId) => outbox.wasTold({ receiverId: entry.receiver.id, incidentId }),
    isOvertaken: ({ id }) => io.composer.isOvertaken(claimed.get(id) as ClaimedDelivery),
    rules: rulesOf(entry.receiver.settings),
    skipsUntold: entry.channel.skipsUntold,
  });
  for (const { id, reason } of merged.drop) outbox.markSuperseded(id, io.by, nowMs, reason);
  const ready = merged.send.map(({ item, wasTold }) => ({
    claimed: claimed.get(item.id) as ClaimedDelivery,
    wasTold,
  }));
  return entry.channel.isForMachines ? sendEach(ready, entry, io) : sendTogether(ready, entry, io);
}

/** Leases that ran out count as attempts but leave no line: three of those and no report mean that it kills us. */
function isPoison({ delivery }: ClaimedDelivery, outbox: Store['outbox']): boolean {
  if (delivery.attempts < mostLostLeases) return false;
  const reported = outbox
    .log({ receiverId: delivery.receiverId, limit: 200 })
    .filter((line) => line.deliveryId === delivery.id && line.what === 'retry').length;
  return delivery.attempts - reported >= mostLostLeases;
}

export interface Outcome {
  isTimeout: boolean;
  heldUntilMs: number;
}

interface Ready {
  claimed: ClaimedDelivery;
  wasTold: boolean;
}

function asDue({ delivery, event }: ClaimedDelivery): DueItem {
  return { id: delivery.id, event, notAfterMs: delivery.notAfterMs };
}

/** Machines get every event by itself, in order; the first failure ends the turn. */
async function sendEach(ready: Ready[], entry: Entry, io: TaskIo): Promise<Outcome> {
  const startedMs = io.nowMs();
  for (const [index, one] of ready.entries()) {
    // The lease was taken for all at once: what is left when it grows old waits for the next turn.
    if (io.nowMs() - startedMs > leaseMs / 2) return giveBack(ready.slice(index), io, io.nowMs());
    const outcome = await sendOne(
      [one],
      io.composer.compose(one.claimed, entry.receiver, one.wasTold),
      entry,
      io,
    );
    if (outcome.hasFailed) {
      giveBack(ready.slice(index + 1), io, outcome.heldUntilMs);
      return outcome;
    }
  }
  return { isTimeout: false, heldUntilMs: io.nowMs() + entry.channel.gapMs };
}

/** People get at most twenty messages an hour; many things at once are one message. */
async function sendTogether(ready: Ready[], entry: Entry, io: TaskIo): Promise<Outcome> {
  const nowMs = io.nowMs();
  const [first] = ready;
  if (!first) return { isTimeout: false, heldUntilMs: nowMs };
  const direct = ready.find((one) => one.claimed.event.type === 'subscription.mail');
  if (!direct) {
    const tally = io.store.outbox.tally({ receiverId: entry.receiver.id, sinceMs: nowMs - hourMs });
    if (tally.sent >= mostPerHour && tally.oldestSentAtMs !== null)
      return giveBack(
        ready,
        io,
        tally.oldestSentAtMs + hourMs,
        `${mostPerHour} messages in an hour: the rest follows as one`,
      );
  }
  const isDigest = rulesOf(entry.receiver.settings).digest !== null && !direct;
  const isTogether = ready.length >= groupFrom || (isDigest && ready.length > 1);
  const now = isTogether ? ready : [direct ?? first];
  const messages = now.map((one) => io.composer.compose(one.claimed, entry.receiver, one.wasTold));
  const message = groupMessages(
    messages as [Message, ...Message[]],
    isDigest ? 'digest' : 'at once',
    io.title(),
  );
  const outcome = await sendOne(now, message, entry, io);
  const rest = ready.filter((one) => !now.includes(one));
  return rest.length > 0
    ? { ...giveBack(rest, io, outcome.heldUntilMs), isTimeout: outcome.isTimeout }
    : outcome;
}

function giveBack(ready: Ready[], io: TaskIo, atMs: number, reason?: string): Outcome {
  for (const { claimed } of ready) io.store.outbox.postpone(claimed.delivery.id, io.by, atMs, reason ?? '');
  return { isTimeout: false, heldUntilMs: atMs };
}

async function sendOne(
  ready: Ready[],
  message: Message,
  entry: Entry,
  io: TaskIo,
): Promise<Outcome & { hasFailed: boolean }> {
  const { delivery } = (ready[0] as Ready).claimed;
  const sent = await withDeadline(io.signal, (signal) =>
    attempt(entry, message, {
      http: entry.http,
      mail: io.mailer(),
      nowMs: io.nowMs,
      signal,
      thread: delivery.thread,
      attempt: delivery.attempts + 1,
    }),
  );
  io.onStep?.('sent', delivery.id);
  // Called off by ourselves: nobody's failure, the lease goes back and the next start tries again.
  if (io.signal.aborted && !sent.ok) return { isTimeout: false, heldUntilMs: io.nowMs(), hasFailed: true };
  const heldUntilMs = await settle(
    sent,
    ready.map((one) => one.claimed),
    entry,
    io,
  );
  io.onStep?.('marked', delivery.id);
  return { isTimeout: !sent.ok && sent.isTimeout, heldUntilMs, hasFailed: !sent.ok };
}

/** A timer that is cleared: `AbortSignal.timeout` would keep each of thousands of messages alive for its whole limit. */
async function withDeadline<T>(leaving: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const abort = () => deadline.abort();
  const timer = setTimeout(abort, sendLimitMs + 2_000);
  leaving.addEventListener('abort', abort, { once: true });
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
    leaving.removeEventListener('abort', abort);
  }
}

/** A channel that throws is our own mistake: three tries, then it is named in the log. */
async function attempt(
  entry: Entry,
  message: Message,
  io: Parameters<Entry['line']['send']>[1],
): Promise<Sent> {
  try {
    return await entry.line.send(message, io);
  } catch (cause) {
    return fault('internal', `could not be made: ${cause instanceof Error ? cause.message : cause}`, {
      mostTries: 3,
    });
  }
}
