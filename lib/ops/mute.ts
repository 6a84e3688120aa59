import { type OpsIo, type Refusal, refuse } from './ops-io.ts';

/** Silence for one receiver. What happens meanwhile is held and told as one when the silence ends. */
export function mute(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { receiverId, untilMs }: { receiverId: string; untilMs: number | null },
): { ok: true } | Refusal {
  const isChanged = io.store.people.changeReceiver(receiverId, { isMutedUntilMs: untilMs });
  return isChanged ? { ok: true } : refuse('unknown_receiver', 'There is no such receiver.');
}
