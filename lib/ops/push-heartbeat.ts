import { type Asked, askWorker } from './ask-worker.ts';
import { type OpsIo, refuse } from './ops-io.ts';

/** Somebody reports in: the worker remembers it, and judges at its next look whether that was in time. */
export function pushHeartbeat(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { name, isUp, text }: { name: string | null; isUp: boolean; text: string | null },
): Asked {
  if (name === null) return refuse('unknown_heartbeat', 'No heartbeat has this token.');
  return askWorker(io, 'push', { name, isUp, text: text?.slice(0, 300) ?? null }, `heartbeat:${name}`);
}
