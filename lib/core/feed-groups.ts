import type { FeedFacts } from './feed-facts.ts';
import { isoOrNull, isUsable, routingGroups } from './feed-routing.ts';
import type { ComponentState, RouteState } from './plan.ts';
import { type FeedState, verdictWords } from './words.ts';

export interface FeedGroup {
  id: string;
  kind: 'gateway' | 'provider' | 'model';
  name: string;
  state: FeedState;
  since: string | null;
  targets_total: number;
  targets_open: number;
  /** Targets that ordinary traffic may use: for a model, how many providers are left. */
  targets_usable: number;
  incident_ids: string[];
}

export interface FeedModel {
  id: string;
  usable: number;
  total: number;
}

export interface FeedChain {
  id: string;
  state: FeedState;
  /** Index of the step in use, 0 first; null when unknown. */
  step: number | null;
  usable: number;
  /** Usable steps that share no gateway or provider with each other. */
  independent: number;
  targets: string[];
}

/** All groups of a target, the model's too. */
export function fullGroups(route: RouteState): string[] {
  const groups = routingGroups(route);
  if (route.target.model) groups.push(`model:${route.target.model}`);
  return groups;
}

const severity: Record<FeedState, number> = { up: 0, unknown: 1, maintenance: 2, degraded: 3, down: 4 };

/** Without a verdict of its own a group is as bad as all of its members are. */
function bestState(routes: RouteState[]): FeedState {
  return routes.reduce<FeedState>(
    (best, r) => (severity[r.state] < severity[best] ? r.state : best),
    routes[0]?.state ?? 'unknown',
  );
}

function group(id: string, routes: RouteState[], component: ComponentState | undefined): FeedGroup {
  const colon = id.indexOf(':');
  return {
    id,
    kind: id.slice(0, colon) as FeedGroup['kind'],
    name: id.slice(colon + 1),
    state: component ? verdictWords[component.verdict].feed : bestState(routes),
    since: isoOrNull(component?.sinceMs ?? null),
    targets_total: routes.length,
    targets_open: routes.filter((r) => r.circuit.state === 'open').length,
    targets_usable: routes.filter(isUsable).length,
    incident_ids: [...new Set([component?.incidentId, ...routes.map((r) => r.incidentId)])].filter(
      (id) => id != null,
    ),
  };
}

export function feedGroups(facts: FeedFacts): FeedGroup[] {
  const members = new Map<string, RouteState[]>();
  for (const route of facts.routes)
    for (const id of fullGroups(route)) {
      const list = members.get(id);
      if (list) list.push(route);
      else members.set(id, [route]);
    }
  const components = new Map(facts.components.map((c) => [`${c.kind}:${c.id}`, c]));
  return [...members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, routes]) => group(id, routes, components.get(id)));
}

/** How many usable providers each model has. */
export function feedModels(facts: FeedFacts): FeedModel[] {
  const models = new Map<string, FeedModel>();
  for (const route of facts.routes) {
    if (!route.target.model) continue;
    const model = models.get(route.target.model) ?? { id: route.target.model, usable: 0, total: 0 };
    model.total += 1;
    if (isUsable(route)) model.usable += 1;
    models.set(model.id, model);
  }
  return [...models.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
