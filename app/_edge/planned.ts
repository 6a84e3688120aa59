import type { Config } from '#lib/config/schema.ts';
import { type PlannedWindow, statuspageComponentId } from '#lib/core/feed-statuspage.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import type { Edge } from './edge.ts';

const key = 'edge.maintenance';
/** What recurs is worked out by the worker: the window that is open and the next one of each. */
const recurringNote = 'worker.maintenance';
const weekMs = 7 * 86_400_000;
/** Without an end or a length it is an hour, as the worker takes it. */
const usualMs = 3_600_000;

/** Configured maintenance with a beginning and an end, and what was planned by hand. Past ones are shown for a week. */
export function plannedWindows(config: Config, store: Edge['store'], nowMs: number): PlannedWindow[] {
  const configured = config.maintenance.flatMap((m) => {
    const fromMs = Date.parse(m.from ?? '');
    const toMs = m.to ? Date.parse(m.to) : fromMs + (m.lasts ?? usualMs);
    if (m.cron || !Number.isFinite(fromMs) || !(toMs > fromMs)) return [];
    return [{ id: idOf(m.title, fromMs), title: m.title, scope: m.scope, fromMs, toMs }];
  });
  return [...configured, ...noted(store, recurringNote), ...noted(store, key)]
    .filter((w) => w.toMs > nowMs - weekMs)
    .sort((a, b) => a.fromMs - b.fromMs);
}

function noted(store: Edge['store'], note: string): PlannedWindow[] {
  try {
    return JSON.parse(store.upkeep.noted(note) ?? '[]') as PlannedWindow[];
  } catch {
    return [];
  }
}

function idOf(title: string, fromMs: number): string {
  return statuspageComponentId('maintenance', `${title} ${fromMs}`);
}

export function planMaintenance(
  edge: Pick<Edge, 'store'>,
  plan: Omit<PlannedWindow, 'id'>,
  nowMs: number,
): PlannedWindow {
  const window = { ...plan, id: idOf(plan.title, plan.fromMs) };
  const others = noted(edge.store, key).filter((w) => w.id !== window.id && w.toMs > nowMs - weekMs);
  edge.store.upkeep.note(key, JSON.stringify([...others, window]));
  const events = [plannedEvent(window, nowMs)];
  const context = { nowMs, incident: (id: string) => edge.store.incidents.get(id) };
  edge.store.events.add(events, addressEvents(events, edge.store.people.receivers(), context));
  return window;
}

/** Taken back before it begins, ended at once after. Null: nothing of that name was planned by hand and is not over. */
export function cancelMaintenance(
  { store }: Pick<Edge, 'store'>,
  id: string,
  nowMs: number,
): PlannedWindow | null {
  const all = noted(store, key);
  const window = all.find((w) => w.id === id && w.toMs > nowMs);
  if (!window) return null;
  const others = all.filter((w) => w !== window);
  const kept = window.fromMs > nowMs ? others : [...others, { ...window, toMs: nowMs }];
  store.upkeep.note(key, JSON.stringify(kept));
  return window;
}

export function isPlannedByHand(store: Edge['store'], id: string): boolean {
  return noted(store, key).some((w) => w.id === id);
}

function plannedEvent(window: PlannedWindow, nowMs: number): CoreEvent {
  return {
    id: `hand:${window.id}:${window.toMs}`,
    type: 'maintenance.scheduled',
    atMs: nowMs,
    scope: null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: true,
    sentence: `Maintenance is planned: ${window.title}.`,
    reason: `from ${new Date(window.fromMs).toISOString()} to ${new Date(window.toMs).toISOString()}`,
    startedAtMs: window.fromMs,
    expiresAtMs: window.toMs,
    data: { scope: window.scope, from: window.fromMs, to: window.toMs },
  };
}
