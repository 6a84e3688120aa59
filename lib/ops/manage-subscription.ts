import type { Problem } from '../notify/settings.ts';
import type { DeliveryLine, Receiver } from '../store.ts';
import { type OpsIo, type Refusal, refuse } from './ops-io.ts';
import { readWish } from './subscription-request.ts';
import { type SubscriptionView, viewOf } from './subscription-view.ts';

type Found = { ok: true; receiver: Receiver } | Refusal;

function find(io: OpsIo, token: string): Found {
  const id = io.sealer.checkToken('manage', token, io.nowMs);
  if (id === null) return refuse('invalid_link', 'This link is not valid.');
  const receiver = io.store.people.receiver(id);
  return receiver ? { ok: true, receiver } : refuse('gone', 'This subscription has ended.');
}

/** What somebody gets, and what was sent to them lately, without an account. */
export function readSubscription(
  io: OpsIo,
  token: string,
):
  | { ok: true; subscription: SubscriptionView; log: Pick<DeliveryLine, 'atMs' | 'what' | 'text'>[] }
  | Refusal {
  const found = find(io, token);
  if (!found.ok) return found;
  const log = io.store.outbox
    .log({ receiverId: found.receiver.id, limit: 50 })
    .map(({ atMs, what, text }) => ({ atMs, what, text }));
  return { ok: true, subscription: viewOf(found.receiver), log };
}

/** Another choice of what, how bad and how often; where it goes stays, because that was proven. */
export function changeSubscription(
  io: OpsIo,
  token: string,
  raw: Record<string, unknown>,
):
  | { ok: true; subscription: SubscriptionView }
  | { ok: false; code: 'invalid'; text: string; problems: Problem[] }
  | Refusal {
  const found = find(io, token);
  if (!found.ok) return found;
  const allowed = ['scope', 'min_impact', 'kinds', 'digest'];
  const problems: Problem[] = Object.keys(raw)
    .filter((key) => !allowed.includes(key))
    .map((path) => ({ path, expected: `one of ${allowed.join(', ')}` }));
  const wish = readWish(raw, problems);
  if (problems.length > 0)
    return { ok: false, code: 'invalid', text: 'The change is not complete.', problems };
  const { receiver } = found;
  const { rules: _old, ...kept } = receiver.settings;
  const change = {
    scope: wish.scope,
    minImpact: wish.minImpact,
    kinds: wish.kinds,
    settings: wish.digest ? { ...kept, rules: { digest: wish.digest } } : kept,
  };
  io.store.people.changeReceiver(receiver.id, change);
  return { ok: true, subscription: viewOf({ ...receiver, ...change }) };
}
