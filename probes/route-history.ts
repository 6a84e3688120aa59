import type { Watched } from '#lib/core/fleet.ts';
import type { Store } from '#lib/store.ts';

const historyLooks = 60;

/** What is slow for a route is known from before: a restart must not make us patient again. */
export function firstTokensOf(
  store: Pick<Store, 'looks'>,
  routes: readonly Pick<Watched, 'key'>[],
): Map<string, number[]> {
  const firstTokens = new Map<string, number[]>();
  for (const { key } of routes) {
    const times = store.looks
      .last(key, historyLooks)
      .filter((look) => look.outcome === 'ok' && !look.observation.tainted)
      .flatMap((look) => look.observation.timing.firstTokenMs ?? []);
    if (times.length > 0) firstTokens.set(key, times);
  }
  return firstTokens;
}
