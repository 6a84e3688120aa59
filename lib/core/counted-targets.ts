import { canonicalModel } from './canonical-model.ts';
import { providerBase, routeScopeId, type TargetRef } from './target.ts';
import type { ComponentKind } from './words.ts';

/**
 * The calls that make a component's figure. A gateway answers for what it chooses itself: routes pinned to one provider
 * judge that provider, so they count for the gateway only where nothing else is asked of it.
 */
export function countedTargets<T extends { target: TargetRef }>(
  { kind, id }: { kind: ComponentKind; id: string },
  routes: readonly T[],
): T[] {
  if (kind === 'gateway') {
    const through = routes.filter(({ target }) => target.gateway === id);
    const chosen = through.filter(({ target }) => target.provider === 'any');
    return chosen.length > 0 ? chosen : through;
  }
  if (kind === 'provider') return routes.filter(({ target }) => providerBase(target.provider ?? '') === id);
  if (kind === 'route') return routes.filter(({ target }) => routeScopeId(target) === id);
  if (kind !== 'model') return [];
  const model = canonicalModel(id);
  return routes.filter(({ target }) => canonicalModel(target.model ?? '') === model);
}
