import type { SimEndpoint, SimModel } from './catalog.ts';

/** What a request asks of the router, as OpenRouter reads it. */
export interface RoutingWish {
  order: string[];
  only: string[];
  hasFallbacks: boolean;
}

export function readWish(body: Record<string, unknown>): RoutingWish {
  const p = (body.provider ?? {}) as Record<string, unknown>;
  const list = (v: unknown): string[] => (Array.isArray(v) ? v.filter((x) => typeof x === 'string') : []);
  return { order: list(p.order), only: list(p.only), hasFallbacks: p.allow_fallbacks !== false };
}

/** A full tag names one endpoint, a bare slug all of that provider's. */
export function matchesTag(endpoint: SimEndpoint, wanted: string): boolean {
  return endpoint.tag === wanted || endpoint.provider.slug === wanted;
}

/** Endpoints in the order they will be tried; empty means that the wish matches nothing. */
export function candidates(
  model: SimModel,
  wish: RoutingWish,
  recentlyFailed: (slug: string) => boolean,
): SimEndpoint[] {
  let pool = model.endpoints;
  if (wish.only.length > 0) pool = pool.filter((e) => wish.only.some((tag) => matchesTag(e, tag)));
  if (wish.order.length === 0) return byPrice(pool, recentlyFailed);
  const ordered = wish.order.flatMap((tag) => pool.filter((e) => matchesTag(e, tag)));
  if (!wish.hasFallbacks) return ordered;
  return [
    ...ordered,
    ...byPrice(
      pool.filter((e) => !ordered.includes(e)),
      recentlyFailed,
    ),
  ];
}

/** Cheapest first; who failed within the last half minute goes to the end. */
function byPrice(pool: SimEndpoint[], recentlyFailed: (slug: string) => boolean): SimEndpoint[] {
  const rank = (e: SimEndpoint): number =>
    (recentlyFailed(e.provider.slug) ? 1e9 : 0) + e.promptUsd + e.completionUsd;
  return [...pool].sort((a, b) => rank(a) - rank(b) || a.tag.localeCompare(b.tag));
}
