import type { FeedFacts } from '#lib/core/feed-facts.ts';
import type { BlameHint, OutcomeClass } from '#lib/core/outcome-words.ts';
import type { MonthReport, SlaReport } from '#lib/core/report.ts';
import type { Convention } from '#lib/core/words.ts';
import type { Store } from '#lib/store.ts';

/** What the pages may know of the configuration: nothing secret. */
export interface PageSettings {
  title: string;
  logo: string | null;
  accent: string | null;
  links: { text: string; url: string }[];
  groups: { title: string; members: string[] }[];
  hide: string[];
  timeZone: string;
  /** The one public address without a slash at its end, or null when none is configured. */
  url: string | null;
  vantages: { id: string; place: string | null }[];
  gateways: string[];
  budget: { usdPerDay: number; usdPerMonth: number; requestsPerDay: number };
  channels: { type: string; name: string | null }[];
  hasSmtp: boolean;
  /** Only in the demo: what the strip on every page says and offers. */
  demo?: DemoStripSettings | null;
}

export interface DemoStripSettings {
  sentence: string;
  links: { text: string; path: string }[];
  /** Buttons: each posts to its path. */
  buttons: { text: string; path: string }[];
}

export const healthNames = ['store', 'position', 'streams', 'cut', 'renders', 'memory'] as const;
export type HealthName = (typeof healthNames)[number];

/** Where a value of the configuration came from. */
export type Origin =
  | { kind: 'default' }
  | { kind: 'environment'; name: string }
  | { kind: 'file'; line: number | null };

export interface PlannedWork {
  id: string;
  title: string;
  scope: string[];
  fromMs: number;
  toMs: number;
  isByHand: boolean;
}

/** What only the administrator sees and only the edge knows. No secret is in it: secrets are shown as set or not. */
export interface AdminFacts {
  /** The configuration in force, and where each value came from. */
  config: { path: string; value: string; from: Origin }[];
  /** Planned work that is not over; what was planned by hand can be taken back. */
  maintenance: PlannedWork[];
  mutes: { scope: string; untilMs: number; by: string }[];
  /** Who did what, newest first. */
  audit: { atMs: number; by: string; text: string }[];
  /** What the web process says of itself. */
  health: { name: HealthName; value: string | number; isGood: boolean }[];
}

/** What an error that somebody pasted means; made by the same table that judges our own checks. */
export interface Explained {
  rule: string;
  slug: string | null;
  class: OutcomeClass;
  fault: BlameHint;
  named: string | null;
  title: string;
  meaning: string;
  whose: string;
  advice: string;
  fix: string;
  read: { status: number | null; code: string | null; message: string | null };
}

/**
 * The one place where the edge and the pages meet. Next's bundle is a second instance of every module, so the store
 * the edge has opened reaches the pages only through this.
 */
export interface Web {
  store: Store;
  settings: PageSettings;
  nowMs(): number;
  /** The picture all published documents are made of; past the worker's expiry everything in it is unknown. */
  facts(): FeedFacts;
  /** Of whole UTC days; the numbers made from single checks are there for calendar months only, once the worker wrote them. */
  report(query: { fromMs: number; toMs: number; convention: Convention }): SlaReport;
  /** What the worker last wrote of a month; null: nothing yet. */
  month(id: string): MonthReport | null;
  /** The document served at /openapi.json. */
  openapi?(): unknown;
  /** Absent: the pages show what the store alone knows. */
  admin?(): AdminFacts;
  explain(pasted: { status: number | null; body: string; gateway: string }): Explained;
}

const place = Symbol.for('signalbox.web');
const shared = globalThis as { [place]?: Web };

export function setWeb(web: Web | null): void {
  if (web) shared[place] = web;
  else delete shared[place];
}

/** For the view models in `app/_data`: throws outside the running web process. */
export function web(): Web {
  const found = shared[place];
  if (!found) throw new Error('the pages are served by the edge only; start Signalbox with npm start');
  return found;
}
