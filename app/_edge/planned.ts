import type { Config } from '#lib/config/schema.ts';
import { type PlannedWindow, statuspageComponentId } from '#lib/core/feed-statuspage.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import type { Edge } from './edge.ts';

const key = 'edge.maintenance';
const weekMs = 7 * 86_400_000;

/** Configured maintenance with a beginning and an end, and what was planned by hand. Past ones are shown for a week. */
export function plannedWindows(config: Config, store: Edge['store'], nowMs: number): PlannedWindow[] {
  const configured = config.maintenance.flatMap((m) => {
    const fromMs = Date.parse(m.from ?? '');
    const toMs = Date.parse(m.to ?? '');
    if (!Number.isFinite(fromMs) || !Number.isFinite(toMs)) return [];
    return [{ id: idOf(m.title, fromMs), title: m.title, scope: m.scope, fromMs, toMs }];
  });
  return [...configured, ...byHand(store)]
    .filter((w) => w.toMs > nowMs - weekMs)
    .sort((a, b) => a.fromMs - b.fromMs);
}

function byHand(store: Edge['store']): PlannedWindow[] {
  try {
    return JSON.parse(store.upkeep.noted(key) ?? '[]') as PlannedWindow[];
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
  const others = byHand(edge.store).filter((w) => w.id !== window.id && w.toMs > nowMs - weekMs);
  edge.store.upkeep.note(key, JSON.stringify([...others, window]));
  const events = [plannedEvent(window, nowMs)];
  const context = { nowMs, incident: (id: string) => edge.store.incidents.get(id) };
  edge.store.events.add(events, addressEvents(events, edge.store.people.receivers(), context));
  return window;
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
