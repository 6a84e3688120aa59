import { type Asked, askWorker } from './ask-worker.ts';
import { type OpsIo, refuse } from './ops-io.ts';

/** A test message through the very way real ones take. */
export function sendTest(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { receiverId, by }: { receiverId: string; by: string },
): Asked {
  if (!io.store.people.receiver(receiverId)) return refuse('unknown_receiver', 'There is no such receiver.');
  return askWorker(io, 'test_message', { receiverId }, by);
}
