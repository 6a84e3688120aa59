import type { Chain } from '#lib/core/fleet.ts';
import type { Convention } from '#lib/core/words.ts';
import type { Store } from '#lib/store.ts';

/** The owner's settings that a page shows, taken from the configuration by the edge. No secret is in here. */
export interface Site {
  title: string;
  logo: string | null;
  accent: string | null;
  links: { text: string; url: string }[];
  groups: { title: string; members: string[] }[];
  /** Component keys (`kind:id`) that are not shown. */
  hide: string[];
  timeZone: string;
  /** The one public address, or null where none is configured. */
  url: string | null;
  isEmailOffered: boolean;
  chains: Chain[];
  budget: { usdPerDay: number; usdPerMonth: number; requestsPerDay: number };
  /** Where checks run from. */
  places: { id: string; name: string | null }[];
}

export type ReadingStore = Pick<
  Store,
  'looks' | 'history' | 'incidents' | 'events' | 'outbox' | 'ledger' | 'catalog' | 'upkeep'
>;

/** Everything a view model may look at. It reads, and returns a plain object; the clock is an argument. */
export interface ViewContext {
  store: ReadingStore;
  site: Site;
  nowMs: number;
}

/** How failures are counted when nobody chose: OpenRouter's published way. */
export const defaultConvention: Convention = 'openrouter';
