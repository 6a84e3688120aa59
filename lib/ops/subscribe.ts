import { randomBytes, randomUUID } from 'node:crypto';
import type { Problem } from '../notify/settings.ts';
import { manageLink } from './links.ts';
import { type OpsIo, type Refusal, refuse } from './ops-io.ts';
import type { SubscribeLimits } from './subscribe-limits.ts';
import { readSubscriptionRequest } from './subscription-request.ts';

export interface SubscribeIo extends OpsIo {
  limits: SubscribeLimits;
  baseUrl: string;
  /** Without a mail server there is no subscription by mail. */
  hasMail: boolean;
}

export type Subscribed =
  | { ok: true; text: string; webhook: { id: string; secret: string; manageUrl: string } | null }
  | { ok: false; code: 'invalid'; text: string; problems: Problem[] }
  | (Refusal & { retryAfterMs?: number });

/** The same words for an address nobody knows, one that waits, one that is subscribed and one that bounced. */
export const mailAnswer =
  'Thank you. If this address can be reached, a message with a link to confirm is on its way.';
const webhookAnswer = 'Thank you. The address is asked once to prove itself; then messages begin.';
const slackAnswer = 'Thank you. A message with a link to confirm is on its way to this Slack channel.';

/**
 * A stranger's wish. Here it is only read and put down; the worker does the work, so that time and answer tell nobody
 * who is already subscribed. `trap` is a field that people do not see.
 */
export function subscribe(
  io: SubscribeIo,
  { raw, address, trap }: { raw: Record<string, unknown>; address: string; trap?: unknown },
): Subscribed {
  const admitted = io.limits.admit(address, io.nowMs);
  if (!admitted.ok)
    return {
      ...refuse('rate_limited', 'Too many requests; try again later.'),
      retryAfterMs: admitted.retryAfterMs,
    };
  const read = readSubscriptionRequest(raw);
  if (!read.ok)
    return { ok: false, code: 'invalid', text: 'The request is not complete.', problems: read.problems };
  const { request } = read;
  if (request.channel === 'email' && !io.hasMail)
    return refuse('no_mail', 'Messages by mail are not set up here.');
  if (typeof trap === 'string' && trap !== '') return { ok: true, text: mailAnswer, webhook: null };
  const made = request.channel === 'webhook' ? makeWebhook(io, request.own) : null;
  const id = randomUUID();
  const sealed = io.sealer.seal(JSON.stringify({ ...request, id: made?.id ?? null }), id);
  io.store.people.ask({ id, kind: 'subscribe', body: { sealed }, by: 'public', atMs: io.nowMs });
  const text = { email: mailAnswer, webhook: webhookAnswer, slack: slackAnswer }[request.channel];
  return { ok: true, text, webhook: made };
}

function makeWebhook(
  io: SubscribeIo,
  own: Record<string, string>,
): { id: string; secret: string; manageUrl: string } {
  const id = `pub_${randomBytes(16).toString('base64url')}`;
  own.secret ??= `whsec_${randomBytes(32).toString('base64')}`;
  return { id, secret: own.secret, manageUrl: manageLink(io.sealer, io.baseUrl, id).url };
}
