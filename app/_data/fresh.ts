import { publishable } from '#lib/core/feed-expire.ts';
import type { FeedFacts } from '#lib/core/feed-facts.ts';
import { validUntilMs } from '#lib/core/feed-facts.ts';
import type { ComponentState, RouteState } from '#lib/core/plan.ts';
import type { ViewContext } from './context.ts';

/** `never`: nothing has run yet; `stopped`: the checker's heartbeat has expired. */
export type Freshness = 'fresh' | 'stopped' | 'never';

export interface Fresh extends FeedFacts {
  /** The checker's last heartbeat: what "as of" means everywhere on a page. */
  asOfMs: number | null;
  untilMs: number | null;
  freshness: Freshness;
  /** `epoch-seq` of the picture a page was made of. */
  position: string;
}

/** Published decisions as they may be shown now, without what the owner hides. */
export function readFresh(ctx: Pick<ViewContext, 'facts' | 'settings' | 'nowMs'>): Fresh {
  const facts = publishable(ctx.facts, ctx.nowMs);
  const hidden = new Set(ctx.settings.hide);
  const freshness = facts.beatMs === null ? 'never' : facts.isExpired ? 'stopped' : 'fresh';
  return {
    ...facts,
    components: facts.components.filter((c) => !isOwn(c) && !hidden.has(`${c.kind}:${c.id}`)),
    routes: facts.routes.filter((r) => !r.removed && !isHiddenRoute(r, hidden)),
    incidents: facts.incidents.filter((i) => i.isPublic && !hidden.has(`${i.scope.kind}:${i.scope.id}`)),
    asOfMs: facts.beatMs,
    untilMs: facts.beatMs === null ? null : validUntilMs(facts),
    freshness,
    position: `${facts.epoch}-${facts.seq}`,
  };
}

/** Our own key and connection are for the administrator; the public reads of them in sentences only. */
function isOwn(component: ComponentState): boolean {
  return component.kind === 'account' || component.kind === 'prober';
}

function isHiddenRoute(route: RouteState, hidden: Set<string>): boolean {
  const { gateway, provider, model } = route.target;
  return (
    hidden.has(`route:${gateway}/${provider}/${model}`) ||
    hidden.has(`provider:${provider}`) ||
    hidden.has(`model:${model}`)
  );
}
