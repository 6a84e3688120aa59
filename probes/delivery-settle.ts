import { sha256Hex } from '#lib/core/message-id.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { firstDueAtMs } from '#lib/core/routing.ts';
import type { SendFault, Sent } from '#lib/notify/channel.ts';
import { planRetry } from '#lib/notify/retry.ts';
import { suppressAddress } from '#lib/ops/subscription-mails.ts';
import type { ClaimedDelivery, Store } from '#lib/store.ts';
import type { Entry } from './delivery-book.ts';
import type { Marker } from './delivery-marker.ts';
import { tellOperators } from './tell-operators.ts';

export interface SettleIo {
  store: Store;
  by: string;
  nowMs(): number;
  say(sentence: string): void;
  marker: Marker;
}

const hourMs = 3_600_000;
/** Nothing but failures for so long: whoever it was is gone. */
const giveUpAfterMs = 120 * hourMs;

/** Writes down how it went. Returns until when this receiver is left alone. */
export async function settle(
  sent: Sent,
  covered: ClaimedDelivery[],
  entry: Entry,
  io: SettleIo,
): Promise<number> {
  const nowMs = io.nowMs();
  return sent.ok
    ? settleSent(sent, covered, entry, nowMs, io)
    : settleFailed(sent, covered, entry, nowMs, io);
}

async function settleSent(
  sent: Extract<Sent, { ok: true }>,
  covered: ClaimedDelivery[],
  entry: Entry,
  nowMs: number,
  io: SettleIo,
): Promise<number> {
  const [first] = covered;
  await io.marker.done(
    covered.map(({ delivery }) => ({
      id: delivery.id,
      note: {
        text: delivery.id === first?.delivery.id ? sent.note : `said together with ${first?.delivery.id}`,
        ...(sent.thread ? { thread: sent.thread } : {}),
      },
    })),
  );
  if (covered.some(({ event }) => typeof event.data.challenge === 'string'))
    io.store.people.changeReceiver(entry.receiver.id, { status: 'active' });
  const ended = covered.some(
    ({ event }) => event.type === 'incident.resolved' && event.incidentId === entry.receiver.untilIncidentId,
  );
  if (entry.receiver.untilIncidentId !== null && ended)
    io.store.people.changeReceiver(entry.receiver.id, 'delete');
  return nowMs + entry.channel.gapMs;
}

/** Whoever gave us an address learns no more of it than that nothing came back: our network is not theirs to explore. */
function asTold(failed: SendFault, { receiver }: Entry): SendFault {
  const isTransport = failed.code.startsWith('transport_') || failed.code === 'address_not_allowed';
  if (receiver.origin !== 'public' || !isTransport) return failed;
  return { ...failed, permanent: false, text: failed.text.replace(/^no answer \([^)]*\)/, 'no answer') };
}

function settleFailed(
  given: SendFault,
  covered: ClaimedDelivery[],
  entry: Entry,
  nowMs: number,
  io: SettleIo,
): number {
  const failed = asTold(given, entry);
  let heldUntilMs = nowMs + entry.channel.gapMs;
  let deadReason: string | null = null;
  for (const { delivery, event } of covered) {
    const retry = planRetry({
      id: delivery.id,
      type: event.type,
      patience: entry.channel.patience,
      fault: failed,
      attempts: delivery.attempts + 1,
      firstDueAtMs: firstDueAtMs(event, delivery),
      notAfterMs: delivery.notAfterMs,
      nowMs,
    });
    if (retry.again) {
      io.store.outbox.markRetry(delivery.id, io.by, retry.atMs, failed.text);
      if (failed.code === 'http_429') heldUntilMs = Math.max(heldUntilMs, retry.atMs);
    } else {
      io.store.outbox.markDead(delivery.id, io.by, nowMs, retry.reason);
      deadReason = retry.reason;
    }
  }
  const isGone = failed.disables || hasOnlyFailed(entry, nowMs, io);
  if (isGone) switchOff(entry, nowMs, io);
  if (deadReason !== null || isGone) tellOwner(deadReason ?? failed.text, isGone, covered, entry, nowMs, io);
  return heldUntilMs;
}

function switchOff({ receiver }: Entry, nowMs: number, io: SettleIo): void {
  io.store.people.changeReceiver(receiver.id, { status: 'disabled' });
  const { key } = receiver.settings;
  if (receiver.origin === 'public' && typeof key === 'string')
    suppressAddress({ store: io.store, nowMs }, key);
}

function hasOnlyFailed(entry: Entry, nowMs: number, io: SettleIo): boolean {
  const { failingSinceMs } = io.store.outbox.tally({ receiverId: entry.receiver.id, sinceMs: nowMs });
  return failingSinceMs !== null && nowMs - failingSinceMs >= giveUpAfterMs;
}

/** By another channel, once an hour for each that fails. A stranger's dead address is only logged. */
function tellOwner(
  reason: string,
  isGone: boolean,
  covered: ClaimedDelivery[],
  entry: Entry,
  nowMs: number,
  io: SettleIo,
): void {
  const { receiver, line } = entry;
  const sentence = `Messages to ${line.about} (${receiver.channel}) fail: ${reason}.${isGone ? ' It gets no more messages.' : ''}`;
  if (receiver.origin === 'public') return;
  io.say(sentence);
  if (covered.some(({ event }) => event.type === 'delivery.failed')) return;
  const hour = Math.floor(nowMs / hourMs);
  const event: CoreEvent = {
    id: `ev_${sha256Hex(`delivery.failed|${receiver.id}|${hour}|${isGone}`).slice(0, 24)}`,
    type: 'delivery.failed',
    atMs: nowMs,
    scope: null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence,
    reason,
    startedAtMs: null,
    expiresAtMs: null,
    data: { failing: receiver.id },
  };
  tellOperators(io.store, event, receiver.id);
}
