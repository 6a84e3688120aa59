import type { Config } from '#lib/config/schema.ts';
import { saySpan } from '#lib/core/message-time.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { componentKinds } from '#lib/core/words.ts';
import type { Store } from '#lib/store.ts';
import { type Calendar, type CalendarWindow, readCalendar } from './calendar.ts';
import type { Core } from './core.ts';
import { plannedByHand } from './planned-by-hand.ts';

/** Announced work: the core hears which windows are open, people hear of each beginning and end once. */

export interface Maintenance {
  setConfig(config: Config): void;
  /** Each second. */
  tick(nowMs: number): void;
}

/** For the calendar that the web process serves. */
const recurringNote = 'worker.maintenance';
/** Work farther off than this is not news yet. */
const announcedMs = 7 * 86_400_000;

type Window = CalendarWindow & { isByHand?: true };

export function createMaintenance(io: {
  store: Store;
  core: Pick<Core, 'setMaintenance'>;
  config: Config;
  poke(): void;
}): Maintenance {
  let calendar: Calendar = readCalendar(io.config.maintenance);
  let known = '';
  const told = new Set<string>();

  function tell(events: CoreEvent[], nowMs: number): void {
    const fresh = events.filter((event) => !told.has(event.id));
    if (fresh.length === 0) return;
    const context = { nowMs, incident: (id: string) => io.store.incidents.get(id) };
    // Written again after a restart, it is the same event under the same id.
    io.store.events.add(fresh, addressEvents(fresh, io.store.people.receivers(), context));
    for (const event of fresh) told.add(event.id);
    io.poke();
  }

  return {
    setConfig(config) {
      calendar = readCalendar(config.maintenance);
    },
    tick(nowMs) {
      const windows = [...calendar.windows(nowMs), ...plannedByHand(io.store, nowMs)];
      const next = JSON.stringify(windows);
      if (next !== known) {
        io.core.setMaintenance(windows);
        io.store.upkeep.note(recurringNote, JSON.stringify(windows.filter((one) => one.isRecurring)));
      }
      known = next;
      tell(
        windows.flatMap((one) => eventOf(one, nowMs) ?? []),
        nowMs,
      );
    },
  };
}

function eventOf(one: Window, nowMs: number): CoreEvent | null {
  if (nowMs >= one.toMs) return event(one, 'maintenance.ended', one.toMs);
  if (nowMs >= one.fromMs) return event(one, 'maintenance.started', one.fromMs);
  // What recurs is announced once, in the configuration; what is planned by hand, by the hand that plans it.
  if (one.isRecurring || one.isByHand || one.fromMs - nowMs > announcedMs) return null;
  return event(one, 'maintenance.scheduled', nowMs);
}

const words = {
  'maintenance.scheduled': 'is planned for',
  'maintenance.started': 'has begun,',
  'maintenance.ended': 'is over,',
} as const;

function event(one: Window, type: keyof typeof words, atMs: number): CoreEvent {
  const [kind, ...id] = (one.scope[0] ?? '').split(':');
  const known = componentKinds.find((word) => word === kind);
  return {
    id: `${type}:${one.id}`,
    type,
    atMs,
    scope: known ? { kind: known, id: id.join(':') } : null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: true,
    sentence: `Maintenance "${one.title}" ${words[type]} ${saySpan(one.fromMs, one.toMs, atMs)}.`,
    reason: one.isByHand ? 'planned in the admin pages' : 'announced in the configuration',
    startedAtMs: one.fromMs,
    expiresAtMs: type === 'maintenance.ended' ? one.toMs + 86_400_000 : one.toMs,
    data: { window: one.id, title: one.title, scope: one.scope, fromMs: one.fromMs, toMs: one.toMs },
  };
}
