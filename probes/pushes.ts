import type { Watched } from '#lib/core/fleet.ts';
import type { Store } from '#lib/store.ts';
import { pushNote } from './intents.ts';
import { pushMemoryKey } from './kinds/heartbeat.ts';
import type { ToLooking } from './messages.ts';

/** Signs of life outlive a restart: the last one of each, for the looking side's memory. */
export function pushesOf(
  store: Pick<Store, 'upkeep'>,
  watched: readonly Watched[],
  name: string | null,
): ToLooking[] {
  return watched.flatMap((w): ToLooking[] => {
    const own = w.probe === 'heartbeat' ? w.target.provider : null;
    const noted = own && (name === null || name === own) ? store.upkeep.noted(pushNote(own)) : null;
    return noted
      ? [{ type: 'remember', targetKey: w.key, name: pushMemoryKey, value: JSON.parse(noted) }]
      : [];
  });
}
