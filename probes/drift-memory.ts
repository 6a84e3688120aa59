import type { Watched } from '#lib/core/fleet.ts';
import type { Store } from '#lib/store.ts';
import { memoryOfDrift } from './kinds/drift.ts';
import type { ToLooking } from './messages.ts';

/** How everybody who serves a model was known before this start, for the looking side's memory. */
export function driftMemory(store: Pick<Store, 'catalog'>, watched: readonly Watched[]): ToLooking[] {
  return watched.flatMap((w): ToLooking[] => {
    const { gateway, model } = w.target;
    if (w.probe !== 'drift' || gateway === null || model === null) return [];
    const known = store.catalog.drift({ gateway, model });
    return memoryOfDrift(known?.asked ?? []).map(([name, value]) => ({
      type: 'remember',
      targetKey: w.key,
      name,
      value,
    }));
  });
}
