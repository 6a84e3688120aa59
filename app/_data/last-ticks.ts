import type { ReadingStore, ViewContext } from './context.ts';
import { type Tick, tickOf } from './ticks.ts';

export const ticksShown = 30;

interface Kept {
  seenAtMs: number;
  ticks: Tick[];
}

/** Reading the last checks of a hundred targets is half of a page's work, and most have had none since the last page. */
const keptTicks = new WeakMap<ReadingStore['looks'], Map<string, Kept>>();

/** The last checks of a target, oldest first; read anew only where there has been another one. */
export function tickReader({ store: { looks } }: Pick<ViewContext, 'store'>): (targetKey: string) => Tick[] {
  const seen = looks.lastSeenAt();
  const kept = keptTicks.get(looks) ?? new Map<string, Kept>();
  keptTicks.set(looks, kept);
  for (const key of kept.keys()) if (!seen.has(key)) kept.delete(key);
  return (key) => {
    const seenAtMs = seen.get(key);
    const known = kept.get(key);
    if (known && known.seenAtMs === seenAtMs) return known.ticks;
    const ticks = looks.last(key, ticksShown).map(tickOf).reverse();
    if (seenAtMs !== undefined) kept.set(key, { seenAtMs, ticks });
    return ticks;
  };
}
