import { createHash, randomBytes } from 'node:crypto';
import { mailboxOf } from '../core/mail-address.ts';
import { sha256Hex } from '../core/message-id.ts';
import type { CoreEvent } from '../core/plan.ts';
import { addressEvents } from '../core/routing.ts';
import { aboutAddress } from '../notify/email.ts';
import { sealSettings } from '../notify/public.ts';
import type { Receiver } from '../store.ts';
import type { OpsIo } from './ops-io.ts';
import { admitChallenge, admitMail } from './subscription-mails.ts';
import type { SubscriptionRequest } from './subscription-request.ts';

const dayMs = 86_400_000;

/** The worker's half of a subscription: row, token and message, or silence. What happened is for tests and the log. */
export function carryOutSubscription(
  io: OpsIo,
  intent: { id: string; body: Record<string, unknown> },
): 'asked' | 'told_again' | 'silent' | 'unreadable' {
  const request = readSealed(io, intent);
  if (!request) return 'unreadable';
  const id = request.id ?? receiverIdOf(io, request);
  const before = io.store.people.receiver(id);
  const admit = request.channel === 'webhook' ? admitChallenge : admitMail;
  if (!admit(io, mailKey(io, request))) return 'silent';
  if (before?.status === 'active') {
    say(io, id, request.channel, 'You already get these messages. The links below change or end that.', {});
    return 'told_again';
  }
  const receiver = receiverOf(io, id, request);
  if (before) io.store.people.changeReceiver(id, receiver);
  else io.store.people.addReceiver(receiver);
  ask(io, receiver);
  return 'asked';
}

type Sealed = SubscriptionRequest & { id: string | null };

function readSealed(io: OpsIo, intent: { id: string; body: Record<string, unknown> }): Sealed | null {
  const { sealed } = intent.body;
  const plain = typeof sealed === 'string' ? io.sealer.open(sealed, intent.id) : null;
  return plain === null ? null : (JSON.parse(plain) as Sealed);
}

/** One subscription per mailbox, and one more for each incident somebody waits out. */
function receiverIdOf(io: OpsIo, request: Sealed): string {
  const about = `${mailKey(io, request)}|${request.wish.untilIncidentId ?? ''}`;
  return `pub_${io.sealer.digest('receiver', about).slice(0, 22)}`;
}

function mailKey(io: OpsIo, request: Sealed): string {
  const { own, channel } = request;
  const place = channel === 'email' ? mailboxOf(own.to ?? '') : (own.url ?? own.webhook_url ?? '');
  return io.sealer.digest('mailbox', `${request.channel}|${place}`);
}

function receiverOf(io: OpsIo, id: string, request: Sealed): Receiver {
  const { wish, own, channel } = request;
  return {
    id,
    origin: 'public',
    channel,
    settings: {
      sealed: sealSettings(io.sealer, id, own),
      about: aboutOf(request),
      key: mailKey(io, request),
      ...(wish.digest ? { rules: { digest: wish.digest } } : {}),
    },
    scope: wish.scope,
    minImpact: wish.minImpact,
    kinds: wish.kinds,
    untilIncidentId: wish.untilIncidentId,
    status: 'pending',
    createdAtMs: io.nowMs,
    isMutedUntilMs: null,
  };
}

function aboutOf({ channel, own }: Sealed): string {
  if (channel === 'email') return aboutAddress(own.to ?? '@');
  return new URL(own.url ?? own.webhook_url ?? 'https://unknown.invalid').host;
}

/** People get a link with a token of their own; a machine gets a number to give back. A new one voids the old. */
function ask(io: OpsIo, receiver: Receiver): void {
  const token = randomBytes(32).toString('base64url');
  if (receiver.channel === 'webhook') {
    say(io, receiver.id, receiver.channel, 'Give the challenge back to begin.', { challenge: token });
    return;
  }
  io.store.people.dropTokens('confirm', receiver.id);
  const hash = createHash('sha256').update(token).digest('hex');
  io.store.people.putToken({
    hash,
    purpose: 'confirm',
    subject: receiver.id,
    expiresAtMs: io.nowMs + dayMs,
    scopes: [],
  });
  const sentence = 'Please confirm that you want these messages. Without it you get nothing more.';
  say(io, receiver.id, receiver.channel, sentence, { confirm: io.sealer.seal(token, receiver.id) });
}

function say(
  io: OpsIo,
  receiverId: string,
  channel: string,
  sentence: string,
  data: Record<string, unknown>,
): void {
  const event: CoreEvent = {
    id: `mail:${sha256Hex(`${receiverId}|${sentence}|${io.nowMs}`).slice(0, 24)}`,
    type: 'subscription.mail',
    atMs: io.nowMs,
    scope: null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence,
    reason: sentence,
    startedAtMs: null,
    expiresAtMs: io.nowMs + dayMs,
    data: { receivers: [receiverId], channel, ...data },
  };
  io.store.events.add([event], addressEvents([event], [], { nowMs: io.nowMs, incident: () => null }));
}
