import type { OpsIo } from './ops-io.ts';
import { type Owner, webhooksOf } from './own-webhooks.ts';
import { type SubscriptionView, viewOf } from './subscription-view.ts';

export function listWebhooks(io: Pick<OpsIo, 'store'>, owner: Owner): SubscriptionView[] {
  return webhooksOf(io, owner).map(viewOf);
}
