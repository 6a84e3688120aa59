import type { FeedFacts } from './feed-facts.ts';
import type { FeedChain } from './feed-groups.ts';
import { isUsable, routingGroups } from './feed-routing.ts';
import type { RouteState } from './plan.ts';
import { targetId } from './target.ts';
import { verdictWords } from './words.ts';

/** Of these routes, how many can be taken so that no two share a gateway or a provider; greedily, in order. */
export function independentOf(routes: RouteState[]): number {
  const taken = new Set<string>();
  let count = 0;
  for (const route of routes) {
    const groups = routingGroups(route);
    if (groups.some((g) => taken.has(g))) continue;
    for (const g of groups) taken.add(g);
    count += 1;
  }
  return count;
}

export function feedChains(facts: FeedFacts): FeedChain[] {
  const routes = new Map(facts.routes.map((r) => [r.targetId, r]));
  const verdicts = new Map(facts.components.filter((c) => c.kind === 'chain').map((c) => [c.id, c]));
  return facts.chains.map((chain) => {
    const targets = chain.steps.map(targetId);
    // A step nobody watches is unknown, and unknown means usable.
    const usable = targets.filter((id) =>
      isUsable(routes.get(id) ?? { advice: { action: 'use', weight: 100 } }),
    );
    const known = usable.flatMap((id) => routes.get(id) ?? []);
    const component = verdicts.get(chain.id);
    const first = usable[0];
    return {
      id: chain.id,
      state: component ? verdictWords[component.verdict].feed : 'unknown',
      step: facts.isExpired || first === undefined ? null : targets.indexOf(first),
      usable: usable.length,
      independent: component?.chain?.independent ?? independentOf(known),
      targets,
    };
  });
}
