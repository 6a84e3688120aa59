import { createHash } from 'node:crypto';
import { manageLink } from './links.ts';
import { type OpsIo, type Refusal, refuse } from './ops-io.ts';
import { forgetMails } from './subscription-mails.ts';
import { type SubscriptionView, viewOf } from './subscription-view.ts';

const gone = () =>
  refuse('invalid_link', 'This link was used already, is older than a day, or was replaced by a newer one.');

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** What the page shows before its button: opening the link changes nothing, because mail scanners open links. */
export function peekConfirmation(
  io: OpsIo,
  token: string,
): { ok: true; subscription: SubscriptionView } | Refusal {
  const found = io.store.people.takeToken(hashOf(token), 'confirm', io.nowMs, false);
  const receiver = found ? io.store.people.receiver(found.subject) : null;
  return receiver ? { ok: true, subscription: viewOf(receiver) } : gone();
}

/** The button. Once. */
export function confirmSubscription(
  io: OpsIo & { baseUrl: string },
  token: string,
): { ok: true; subscription: SubscriptionView; manageUrl: string } | Refusal {
  const found = io.store.people.takeToken(hashOf(token), 'confirm', io.nowMs, true);
  const receiver = found ? io.store.people.receiver(found.subject) : null;
  if (!receiver || receiver.status === 'disabled') return gone();
  io.store.people.changeReceiver(receiver.id, { status: 'active' });
  if (typeof receiver.settings.key === 'string') forgetMails(io, receiver.settings.key);
  const subscription = viewOf({ ...receiver, status: 'active' });
  return { ok: true, subscription, manageUrl: manageLink(io.sealer, io.baseUrl, receiver.id).url };
}
