import { type Asked, askWorker } from './ask-worker.ts';
import { type OpsIo, refuse } from './ops-io.ts';

/** Looks at these targets at once, within the budget's reserve. */
export function lookNow(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { targetKeys, by }: { targetKeys: string[] | 'all'; by: string },
): Asked {
  if (targetKeys !== 'all' && (targetKeys.length === 0 || targetKeys.length > 100))
    return refuse('bad_targets', 'Name one to a hundred targets.');
  return askWorker(io, 'look_now', { targetKeys }, by);
}
