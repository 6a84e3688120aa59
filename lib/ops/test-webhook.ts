import type { Asked } from './ask-worker.ts';
import type { OpsIo } from './ops-io.ts';
import { findWebhook, type Owner } from './own-webhooks.ts';
import { sendTest } from './send-test.ts';

/** `endpoint.test`, through the way real events take. */
export function testWebhook(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { id, owner }: { id: string; owner: Owner },
): Asked {
  const found = findWebhook(io, id, owner);
  return found.ok ? sendTest(io, { receiverId: id, by: owner ?? 'admin' }) : found;
}
