import { abilityKey, abilityShown, type Capability } from '#lib/core/feed-capabilities.ts';
import type { RouteState } from '#lib/core/plan.ts';
import { providerBase } from '#lib/core/target.ts';
import type { ViewContext } from './context.ts';

/** In the order in which they are shown. */
export const abilityNames = ['tools', 'schema', 'unstreamed', 'long_input'] as const;

/** What a route showed that it can do beside answering: shown, and counted nowhere. */
export interface AbilityRow {
  name: (typeof abilityNames)[number];
  shown: Capability;
  atMs: number | null;
}

/** Empty where nobody asked: a route without a key, or one beyond those that are asked. */
export function abilityRows({ facts, nowMs }: ViewContext, route: Pick<RouteState, 'target'>): AbilityRow[] {
  return abilityNames.flatMap((name) => {
    const series = facts.abilities.get(abilityKey(route.target, name));
    if (!series || series.looks.length === 0) return [];
    return [{ name, shown: abilityShown(series, nowMs), atMs: series.looks[0]?.atMs ?? null }];
  });
}

/** The same questions to everybody who serves a model. */
export interface Sameness {
  atMs: number;
  answered: number;
  /** Who answered otherwise than the others. */
  odd: string[];
}

const answersOldMs = 6 * 3_600_000;

export function samenessOf(
  { store, nowMs }: ViewContext,
  routes: readonly Pick<RouteState, 'target'>[],
  name: (id: string) => string,
): Sameness | null {
  const { gateway, model } = routes.find(({ target }) => target.gateway !== 'direct')?.target ?? {};
  const known = gateway && model ? store.catalog.drift({ gateway, model }) : null;
  if (!known || nowMs - known.atMs > answersOldMs) return null;
  const answered = known.asked.filter(({ same }) => same !== null);
  const odd = known.asked.filter(({ isOdd }) => isOdd).map(({ endpoint }) => name(providerBase(endpoint)));
  return { atMs: known.atMs, answered: answered.length, odd };
}
