import type { ComponentState, GuardState, RouteState } from '#lib/core/plan.ts';
import type { Watched } from '#lib/core/fleet.ts';
import type { ViewContext } from './context.ts';

/** After this long without the checker's heartbeat nothing is known any more. */
export const heartbeatExpiryMs = 90_000;

export interface Fresh {
  components: ComponentState[];
  routes: RouteState[];
  guard: GuardState;
  fleet: Watched[];
  /** The checker's last heartbeat: what "as of" means everywhere on a page. */
  asOfMs: number | null;
  validUntilMs: number | null;
  /** `never`: nothing has run yet; `stopped`: the heartbeat has expired. */
  freshness: 'fresh' | 'stopped' | 'never';
}

/** Published decisions as they may be shown now: past the heartbeat's expiry everything is unknown. */
export function readFresh(ctx: ViewContext): Fresh {
  const current = ctx.store.looks.current();
  const beat = ctx.store.upkeep.lastBeat();
  const asOfMs = beat?.atMs ?? null;
  const freshness =
    asOfMs === null ? 'never' : ctx.nowMs - asOfMs > heartbeatExpiryMs ? 'stopped' : 'fresh';
  const validUntilMs = asOfMs === null ? null : asOfMs + heartbeatExpiryMs;
  const hidden = new Set(ctx.site.hide);
  const components = current.components.filter((c) => !hidden.has(`${c.kind}:${c.id}`));
  const routes = current.routes.filter((r) => !r.removed && !isHiddenRoute(r, hidden));
  if (freshness === 'fresh') return { ...current, components, routes, asOfMs, validUntilMs, freshness };
  return {
    ...current,
    components: components.map(unknownComponent),
    routes: routes.map(unknownRoute),
    asOfMs,
    validUntilMs,
    freshness,
  };
}

function isHiddenRoute(route: RouteState, hidden: Set<string>): boolean {
  const { gateway, provider, model } = route.target;
  return (
    hidden.has(`route:${gateway}/${provider}/${model}`) ||
    hidden.has(`provider:${provider}`) ||
    hidden.has(`model:${model}`)
  );
}

function unknownComponent(component: ComponentState): ComponentState {
  return { ...component, verdict: 'unknown', reason: '', affectedBy: null, incidentId: null };
}

function unknownRoute(route: RouteState): RouteState {
  return { ...route, verdict: 'unknown', state: 'unknown', reason: '', limited: false, affectedBy: null };
}
