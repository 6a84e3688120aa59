import { randomBytes } from 'node:crypto';
import { sealSettings } from '../notify/public.ts';
import { type OpsIo, type Refusal, refuse } from './ops-io.ts';
import { findWebhook, type Owner, readOwn } from './own-webhooks.ts';

/** A new secret beside the last one: both sign until the next rotation, so that receivers can change over in their own time. */
export function rotateWebhookSecret(
  io: OpsIo,
  { id, owner }: { id: string; owner: Owner },
): { ok: true; secret: string } | Refusal {
  const found = findWebhook(io, id, owner);
  if (!found.ok) return found;
  const own = readOwn(io, found.receiver);
  if (own === null)
    return refuse(
      'unreadable',
      'Its settings cannot be opened: was the secret of this installation changed?',
    );
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const { secret: single, secrets, ...rest } = own;
  const last = Array.isArray(secrets) ? secrets[0] : single;
  const next = { ...rest, secrets: [secret, last].filter((one) => typeof one === 'string') };
  const settings = { ...found.receiver.settings, sealed: sealSettings(io.sealer, id, next) };
  io.store.people.changeReceiver(id, { settings });
  return { ok: true, secret };
}
