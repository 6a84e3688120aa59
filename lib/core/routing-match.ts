import type { CoreEvent, EventType, Incident } from './plan.ts';
import { impacts } from './words.ts';

/** What a receiver can ask to hear of (`on:` in the configuration). */
export const messageKinds = [
  'incident',
  'account',
  'catalog',
  'maintenance',
  'circuit',
  'chain',
  'delivery',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/** Kind of each event; `direct` goes only to the receivers named in the event itself. */
export const kindOfEvent = {
  'incident.opened': 'incident',
  'incident.changed': 'incident',
  'incident.resolved': 'incident',
  notice: 'incident',
  'circuit.opened': 'circuit',
  'circuit.half_opened': 'circuit',
  'circuit.closed': 'circuit',
  'target.state_changed': 'circuit',
  'group.state_changed': 'circuit',
  'chain.changed': 'chain',
  'guard.changed': 'circuit',
  'catalog.model_added': 'catalog',
  'catalog.model_withdrawn': 'catalog',
  'catalog.model_expiring': 'catalog',
  'catalog.model_repriced': 'catalog',
  'catalog.context_changed': 'catalog',
  'catalog.endpoint_changed': 'catalog',
  'account.warning': 'account',
  'maintenance.scheduled': 'maintenance',
  'maintenance.started': 'maintenance',
  'maintenance.ended': 'maintenance',
  'endpoint.test': 'direct',
  'incident.reminder': 'direct',
  'subscription.mail': 'direct',
  'delivery.failed': 'delivery',
} as const satisfies Record<EventType, MessageKind | 'direct'>;

/** A chain that is exhausted or on its last step pages people who only asked for incidents; a single route that is down does not. */
export function isPaging(event: CoreEvent): boolean {
  if (event.type !== 'chain.changed') return event.impact === 'major_outage' && event.scope?.kind !== 'route';
  const usable = event.data.usable;
  return event.data.exhausted === true || (typeof usable === 'number' && usable <= 1);
}

export const urgencies = ['page', 'ticket', 'note'] as const;
export type Urgency = (typeof urgencies)[number];

/** Get up, look at it today, or just know it: what a pager makes of a message. */
export function urgencyOf(event: CoreEvent): Urgency {
  if (isPaging(event)) return 'page';
  if (event.type === 'chain.changed') return event.impact === null ? 'note' : 'ticket';
  if (event.impact === null)
    return event.type === 'account.warning' || event.type === 'delivery.failed' ? 'ticket' : 'note';
  return event.impact === 'partial_outage' && event.scope?.kind !== 'route' ? 'page' : 'ticket';
}

export function wantsKind(kinds: string[], event: CoreEvent): boolean {
  const kind = kindOfEvent[event.type];
  if (kind === 'direct' || kind === 'delivery') return true;
  if (kinds.includes(kind)) return true;
  // Back from the last step is the recovery of a page: whoever wants incidents wants both ends.
  if (kind === 'chain') return kinds.includes('incident') && (isPaging(event) || wasPaging(event));
  const isOwn = event.scope?.kind === 'account' || event.scope?.kind === 'prober';
  return kind === 'incident' && isOwn && kinds.includes('account');
}

function wasPaging(event: CoreEvent): boolean {
  const before = event.data.usableBefore;
  return typeof before === 'number' && before <= 1;
}

export function impactRank(impact: string | null): number {
  return impact === null ? -1 : (impacts as readonly string[]).indexOf(impact);
}

/** Every key (`kind:id`) an event is about: the culprit first, then what it drags down. */
export function keysOf(event: CoreEvent, incident: Incident | null): Set<string> {
  const keys = new Set<string>();
  const scope = incident?.scope ?? event.scope;
  for (const one of [event.scope, scope]) {
    if (!one) continue;
    keys.add(`${one.kind}:${one.id}`);
    if ('via' in one && one.via) keys.add(`gateway:${one.via}`);
    if (one.kind === 'route') addRoute(keys, one.id);
  }
  for (const affected of incident?.affected ?? []) {
    if (/^[a-z]+:/.test(affected)) keys.add(affected);
    else addRoute(keys, affected);
  }
  if (Array.isArray(event.data.scope))
    for (const key of event.data.scope) if (typeof key === 'string') keys.add(key);
  if (typeof event.data.model === 'string') keys.add(`model:${event.data.model}`);
  if (typeof event.data.gateway === 'string') keys.add(`gateway:${event.data.gateway}`);
  if (typeof event.data.provider === 'string') keys.add(`provider:${event.data.provider}`);
  return keys;
}

/** A route's provider and model are hit with it; its gateway is not at fault, so the gateway's followers are not told. */
function addRoute(keys: Set<string>, id: string): void {
  const [gateway, provider, ...model] = id.split('/');
  keys.add(`route:${id}`);
  if (gateway === undefined || provider === undefined || model.length === 0) return;
  if (provider !== 'any') keys.add(`provider:${provider}`);
  keys.add(`model:${model.join('/')}`);
}

/** An empty scope is everything. Trouble of our own (account, connection) concerns whatever a channel watches. */
export function isInScope(scope: string[], event: CoreEvent, incident: Incident | null): boolean {
  if (scope.length === 0) return true;
  const kind = incident?.scope.kind ?? event.scope?.kind;
  if (kind === 'account' || kind === 'prober') return true;
  const keys = keysOf(event, incident);
  return scope.some((one) => keys.has(one));
}
