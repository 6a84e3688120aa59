import { fullGroups } from './feed-groups.ts';
import { routingGroups } from './feed-routing.ts';
import type { RouteState } from './plan.ts';
import { confidenceLevels } from './words.ts';

export const windowNames = ['1m', '5m', '30m', '1h', '24h'] as const;
export type WindowName = (typeof windowNames)[number];
export const windowsMs = {
  '1m': 60_000,
  '5m': 300_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
} as const satisfies Record<WindowName, number>;

const filterNames = ['gateway', 'provider', 'model', 'target', 'group', 'state', 'circuit'] as const;

/** One question to the feed, validated and lower-case: lists are OR inside and AND between each other. */
export interface FeedQuery {
  view: 'full' | 'routing';
  filters: Partial<Record<(typeof filterNames)[number], string[]>>;
  windows: WindowName[];
  minConfidence: (typeof confidenceLevels)[number];
  limit: number;
  /** The id after which the page begins: what comes and goes before it moves nothing. Empty: from the start. */
  cursor: string;
}

export const wholeFeed: FeedQuery = {
  view: 'full',
  filters: {},
  windows: ['5m'],
  minConfidence: 'none',
  limit: 500,
  cursor: '',
};

/** The sorted parameters, by which a view is cached and its tag made. */
export function queryKey(query: FeedQuery): string {
  const filters = filterNames.flatMap((name) =>
    query.filters[name] ? [`${name}=${[...query.filters[name]].sort().join(',')}`] : [],
  );
  return [
    query.view,
    ...filters,
    query.view === 'full' ? [...query.windows].sort().join(',') : '',
    query.minConfidence,
    query.limit,
    query.cursor,
  ].join('&');
}

function values(route: RouteState, name: (typeof filterNames)[number]): string[] {
  const { target, endpoint } = route;
  switch (name) {
    case 'gateway':
      return [target.gateway ?? 'direct'];
    case 'provider':
      return [target.provider ?? '', endpoint ?? ''];
    case 'model':
      return [target.model ?? ''];
    case 'target':
      return [route.targetId];
    case 'group':
      return fullGroups(route).concat(routingGroups(route));
    case 'state':
      return [route.state];
    case 'circuit':
      return [route.circuit.state];
    default:
      return name satisfies never;
  }
}

export function isAskedFor(route: RouteState, query: FeedQuery): boolean {
  for (const name of filterNames) {
    const wanted = query.filters[name];
    if (wanted && !values(route, name).some((value) => wanted.includes(value.toLowerCase()))) return false;
  }
  return confidenceLevels.indexOf(route.confidence.level) >= confidenceLevels.indexOf(query.minConfidence);
}

/** The part of the feed a query wants, in a stable order, and where the rest begins. */
export function selectRoutes(
  routes: RouteState[],
  query: FeedQuery,
): { page: RouteState[]; total: number; nextCursor: string | null } {
  const matching = routes.filter((route) => isAskedFor(route, query));
  const rest = query.cursor === '' ? matching : matching.filter((route) => route.targetId > query.cursor);
  const page = rest.slice(0, query.limit);
  return {
    page,
    total: matching.length,
    nextCursor: rest.length > page.length ? (page.at(-1)?.targetId ?? null) : null,
  };
}
