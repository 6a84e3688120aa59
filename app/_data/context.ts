import type { FeedFacts } from '#lib/core/feed-facts.ts';
import type { Convention } from '#lib/core/words.ts';
import type { Store } from '#lib/store.ts';
import { type PageSettings, type Web, web } from './web.ts';

export type ReadingStore = Pick<
  Store,
  'looks' | 'history' | 'incidents' | 'events' | 'outbox' | 'ledger' | 'people' | 'catalog' | 'upkeep'
>;

/** Everything a view model may look at. It reads, and returns a plain object; the clock is an argument. */
export interface ViewContext {
  store: ReadingStore;
  settings: PageSettings;
  facts: FeedFacts;
  nowMs: number;
  report: Web['report'];
  month: Web['month'];
}

/** How failures are counted when nobody chose: OpenRouter's published way. */
export const defaultConvention: Convention = 'openrouter';

/** What the running web process knows at this moment. */
export function here(): ViewContext {
  const { store, settings, nowMs, facts, report, month } = web();
  return { store, settings, facts: facts(), nowMs: nowMs(), report, month };
}
