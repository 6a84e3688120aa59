import { rulesOf } from '../core/routing-rules.ts';
import type { Receiver } from '../store.ts';

/** A subscription as its owner sees it; nothing secret is in it. */
export interface SubscriptionView {
  id: string;
  channel: string;
  about: string;
  scope: string[];
  minImpact: string | null;
  kinds: string[];
  digest: 'daily' | 'weekly' | null;
  untilIncidentId: string | null;
  status: Receiver['status'];
  createdAtMs: number;
  isMutedUntilMs: number | null;
}

export function viewOf(receiver: Receiver): SubscriptionView {
  const { id, channel, scope, minImpact, kinds, untilIncidentId, status, createdAtMs, isMutedUntilMs } =
    receiver;
  const { about } = receiver.settings;
  return {
    id,
    channel,
    about: typeof about === 'string' ? about : channel,
    scope,
    minImpact,
    kinds,
    digest: rulesOf(receiver.settings).digest,
    untilIncidentId,
    status,
    createdAtMs,
    isMutedUntilMs,
  };
}
