import type { OpsIo, Refusal } from './ops-io.ts';
import { findWebhook, type Owner } from './own-webhooks.ts';

/** Gone for good; what was queued for it is not sent any more. */
export function removeWebhook(
  io: Pick<OpsIo, 'store'>,
  { id, owner }: { id: string; owner: Owner },
): { ok: true } | Refusal {
  const found = findWebhook(io, id, owner);
  if (!found.ok) return found;
  io.store.people.changeReceiver(id, 'delete');
  return { ok: true };
}
