import type { CoreEvent } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { remindersDue } from '#lib/core/routing-remind.ts';
import { rulesOf } from '#lib/core/routing-rules.ts';
import { mutedUntil } from '#lib/core/scope-mute.ts';
import { mutesNow } from '#lib/ops/mute-scope.ts';
import type { Store } from '#lib/store.ts';

/** Writes the reminders that are due; the outbox does the rest. Returns how many. */
export function remind(store: Store, nowMs: number): number {
  const asking = store.people.receivers('operator').filter((one) => rulesOf(one.settings).remindMs !== null);
  if (asking.length === 0) return 0;
  const incidents = store.incidents.list({ status: 'open', limit: 100 });
  const incident = (id: string) => incidents.find((one) => one.id === id) ?? null;
  const wasTold = (receiverId: string, incidentId: string) =>
    store.outbox.wasTold({ receiverId, incidentId });
  const mutes = mutesNow({ store, nowMs });
  const isLoud = (one: CoreEvent) => mutedUntil(mutes, one, incident(one.incidentId ?? ''), nowMs) === null;
  const events = remindersDue(incidents, asking, wasTold, nowMs).filter(isLoud);
  if (events.length > 0) store.events.add(events, addressEvents(events, asking, { nowMs, incident }));
  return events.length;
}
