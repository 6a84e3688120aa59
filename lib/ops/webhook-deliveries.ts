import type { DeliveryLine } from '../store.ts';
import type { OpsIo, Refusal } from './ops-io.ts';
import { findWebhook, type Owner } from './own-webhooks.ts';

/** What was sent, tried and left unsent, newest first, with the reason; never what the receiver answered. */
export function webhookDeliveries(
  io: Pick<OpsIo, 'store'>,
  { id, owner, limit = 100 }: { id: string; owner: Owner; limit?: number },
): { ok: true; lines: DeliveryLine[] } | Refusal {
  const found = findWebhook(io, id, owner);
  if (!found.ok) return found;
  return {
    ok: true,
    lines: io.store.outbox.log({ receiverId: id, limit: Math.min(500, Math.max(1, limit)) }),
  };
}
