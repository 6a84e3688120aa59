import type { Receiver } from '../store.ts';
import { type OpsIo, type Refusal, refuse } from './ops-io.ts';

/** Whose API key made a webhook may see and change it; the administrator (`null`) may with all. */
export type Owner = string | null;

export function webhooksOf(io: Pick<OpsIo, 'store'>, owner: Owner): Receiver[] {
  return io.store.people
    .receivers('public')
    .filter((one) => one.channel === 'webhook' && (owner === null || one.settings.owner === owner));
}

/** What belongs to somebody else does not exist. */
export function findWebhook(
  io: Pick<OpsIo, 'store'>,
  id: string,
  owner: Owner,
): { ok: true; receiver: Receiver } | Refusal {
  const receiver = io.store.people.receiver(id);
  const isTheirs =
    receiver?.origin === 'public' &&
    receiver.channel === 'webhook' &&
    (owner === null || receiver.settings.owner === owner);
  return receiver && isTheirs
    ? { ok: true, receiver }
    : refuse('unknown_webhook', 'There is no such webhook.');
}

/** The settings that are sealed in the row. */
export function readOwn(io: Pick<OpsIo, 'sealer'>, receiver: Receiver): Record<string, unknown> | null {
  const { sealed } = receiver.settings;
  const plain = typeof sealed === 'string' ? io.sealer.open(sealed, receiver.id) : null;
  return plain === null ? null : (JSON.parse(plain) as Record<string, unknown>);
}
