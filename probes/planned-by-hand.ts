import { z } from 'zod';
import type { Store } from '#lib/store.ts';
import type { CalendarWindow } from './calendar.ts';

/** What people planned in the admin pages: kept by the web process as a note, heard here each second. */

export const plannedNote = 'edge.maintenance';
const endedLatelyMs = 10 * 60_000;

const plannedSchema = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    scope: z.array(z.string()),
    fromMs: z.number(),
    toMs: z.number(),
  }),
);

export function plannedByHand(store: Store, nowMs: number): (CalendarWindow & { isByHand: true })[] {
  const text = store.upkeep.noted(plannedNote);
  if (text === null) return [];
  return parsed(text)
    .filter(({ fromMs, toMs }) => fromMs < toMs && toMs > nowMs - endedLatelyMs)
    .map((one) => ({ ...one, isRecurring: false, isByHand: true }));
}

/** A note that cannot be read plans nothing. */
function parsed(text: string): z.infer<typeof plannedSchema> {
  try {
    return plannedSchema.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}
