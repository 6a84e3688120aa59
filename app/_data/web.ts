import type { FeedFacts } from '#lib/core/feed-facts.ts';
import type { Store } from '#lib/store.ts';
import type { Site, ViewContext } from './context.ts';

/**
 * The one place where the edge and the pages meet. Next's bundle is a second instance of every module, so the store
 * the edge has opened reaches the pages only through this.
 */
export interface Web {
  store: Store;
  site: Site;
  nowMs(): number;
  /** The picture all published documents are made of; past the worker's expiry everything in it is unknown. */
  facts(): FeedFacts;
}

const place = Symbol.for('signalbox.web');
const shared = globalThis as { [place]?: Web };

export function setWeb(web: Web | null): void {
  if (web) shared[place] = web;
  else delete shared[place];
}

export function web(): Web {
  const found = shared[place];
  if (!found) throw new Error('the pages are served by the edge only; start Signalbox with npm start');
  return found;
}

/** What a page hands to its view model. */
export function viewContext(): ViewContext {
  const { store, site, nowMs } = web();
  return { store, site, nowMs: nowMs() };
}
