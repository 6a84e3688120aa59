import { type OpsIo, type Refusal, refuse } from './ops-io.ts';

/** Only reads: what the page says above its button. A subscription that is gone already shows the same page. */
export function peekUnsubscribe(io: OpsIo, token: string): { ok: true; about: string | null } | Refusal {
  const id = io.sealer.checkToken('unsubscribe', token, io.nowMs);
  if (id === null) return refuse('invalid_link', 'This link is not valid.');
  const about = io.store.people.receiver(id)?.settings.about;
  return { ok: true, about: typeof about === 'string' ? about : null };
}

/** POST, from the button or from a mail program's one click: no login, no question, as often as one likes. */
export function unsubscribe(io: OpsIo, token: string): { ok: true } | Refusal {
  const id = io.sealer.checkToken('unsubscribe', token, io.nowMs);
  if (id === null || !id.startsWith('pub_')) return refuse('invalid_link', 'This link is not valid.');
  io.store.people.dropTokens('confirm', id);
  io.store.people.changeReceiver(id, 'delete');
  return { ok: true };
}
