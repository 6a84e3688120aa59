import type { CoreEvent } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import type { Store } from '#lib/store.ts';

/** To every channel of the owner's but the one it is about. */
export function tellOperators(store: Store, event: CoreEvent, exceptId: string | null): void {
  const others = store.people
    .receivers('operator')
    .filter((one) => one.id !== exceptId && one.status === 'active');
  const named = { ...event, data: { ...event.data, receivers: others.map((one) => one.id) } };
  const context = { nowMs: event.atMs, incident: () => null };
  store.events.add([named], addressEvents([named], others, context));
}
