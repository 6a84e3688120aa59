import type { CoreEvent } from '#lib/core/plan.ts';
import type { ViewContext } from './context.ts';

export interface EventRow {
  id: string;
  type: string;
  atMs: number;
  sentence: string;
}

const mostEvents = 400;
const shown = 25;

export const circuitTypes = ['circuit.opened', 'circuit.half_opened', 'circuit.closed'];
export const catalogTypes = [
  'catalog.model_added',
  'catalog.model_withdrawn',
  'catalog.model_expiring',
  'catalog.model_repriced',
  'catalog.context_changed',
  'catalog.endpoint_changed',
];

export function eventRow(event: CoreEvent): EventRow {
  return { id: event.id, type: event.type, atMs: event.atMs, sentence: event.sentence };
}

export function eventRows(
  ctx: ViewContext,
  types: string[],
  isMeant: (event: CoreEvent) => boolean,
): EventRow[] {
  return ctx.store.events
    .list({ types, limit: mostEvents })
    .filter((event) => event.isPublic && isMeant(event))
    .slice(0, shown)
    .map(eventRow);
}

/** The model a catalogue event is about. */
export function isAboutModel(event: CoreEvent, model: string): boolean {
  return (event.scope?.kind === 'model' && event.scope.id === model) || event.data.model === model;
}
