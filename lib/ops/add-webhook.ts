import { randomBytes, randomUUID } from 'node:crypto';
import type { Problem } from '../notify/settings.ts';
import { carryOutSubscription } from './carry-out-subscription.ts';
import { type OpsIo, type Refusal, refuse } from './ops-io.ts';
import { webhooksOf } from './own-webhooks.ts';
import { readSubscriptionRequest } from './subscription-request.ts';
import { type SubscriptionView, viewOf } from './subscription-view.ts';

const mostEach = 100;

export type AddedWebhook =
  | { ok: true; webhook: SubscriptionView; secret: string }
  | { ok: false; code: 'invalid'; text: string; problems: Problem[] }
  | Refusal;

/** A webhook for the holder of an API key. The secret is in this answer and in no other. It begins once the challenge came back. */
export function addWebhook(
  io: OpsIo,
  { raw, owner }: { raw: Record<string, unknown>; owner: string },
): AddedWebhook {
  const read = readSubscriptionRequest({ ...raw, channel: 'webhook' });
  if (!read.ok)
    return { ok: false, code: 'invalid', text: 'The request is not complete.', problems: read.problems };
  if (webhooksOf(io, owner).length >= mostEach)
    return refuse('too_many', `One key may have ${mostEach} webhooks; remove one first.`);
  const id = `pub_${randomBytes(16).toString('base64url')}`;
  const secret = read.request.own.secret ?? `whsec_${randomBytes(32).toString('base64')}`;
  const request = { ...read.request, own: { ...read.request.own, secret }, id };
  const intentId = randomUUID();
  const sealed = io.sealer.seal(JSON.stringify(request), intentId);
  carryOutSubscription(io, { id: intentId, body: { sealed } });
  const receiver = io.store.people.receiver(id);
  if (!receiver) throw new Error(`webhook ${id} was not written`);
  const settings = { ...receiver.settings, owner };
  io.store.people.changeReceiver(id, { settings });
  return { ok: true, webhook: viewOf({ ...receiver, settings }), secret };
}
