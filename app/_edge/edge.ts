import type { PageSettings } from '#app/_data/web.ts';
import type { Origins } from '#lib/config/origins.ts';
import type { Config } from '#lib/config/schema.ts';
import type { SubscribeLimits } from '#lib/ops/subscribe-limits.ts';
import type { Sealer } from '#lib/seal.ts';
import type { FeedSigner } from '#lib/signing.ts';
import type { Store } from '#lib/store.ts';
import type { Assets } from './assets.ts';
import type { Live } from './live.ts';
import type { Pages } from './pages.ts';
import type { Pasted } from './pasted.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Reports } from './reports.ts';
import type { PageGuard } from './security.ts';
import type { Streams } from './streams.ts';
import type { Traces } from './traces.ts';
import type { Views } from './views.ts';

/** What every route may use. Made once at start. */
export interface Edge {
  config: Config;
  /** Where each value of it came from. */
  origins: Origins;
  settings: PageSettings;
  /** The public address, without a slash at its end; null when none is configured. */
  url: string | null;
  /** Opens everything; null: there is no administrator. */
  adminToken: string | null;
  /** Links that prove themselves; null: no subscriptions. */
  sealer: Sealer | null;
  subscribeLimits: SubscribeLimits;
  pasted: Pasted;
  store: Store;
  live: Live;
  views: Views;
  streams: Streams;
  reports: Reports;
  /** Signs the feed; null where no key is configured. */
  signer: FeedSigner | null;
  traces: Traces;
  pages: Pages | null;
  assets: Assets;
  rates: RateLimits;
  pageHeaders(line: PageGuard): Record<string, string>;
  nowMs(): number;
  log: EdgeLog;
  startedAtMs: number;
}

export interface EdgeLog {
  info(facts: Record<string, unknown>, text: string): void;
  warn(facts: Record<string, unknown>, text: string): void;
  error(facts: Record<string, unknown>, text: string): void;
}
