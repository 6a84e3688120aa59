import type { Claim } from '#lib/core/observation.ts';
import type { NoticeFact } from '#lib/core/plan.ts';

/** What somebody's status page says, whatever software it runs on. */
export interface PageFacts {
  title: string | null;
  components: PageComponent[];
  notices: NoticeFact[];
}

export interface PageComponent {
  id: string;
  name: string;
  state: PageState;
}

export type PageState = Claim['status'];

/** A page as configured: its address and what is known about it beforehand. */
export interface PageAddress {
  url: URL;
  /** Documents the catalogue names; platforms whose paths hold a page's own id take them from here. */
  endpoints: string[];
  /** Ids or names of the components that matter; empty: all. */
  components: string[];
  region: string | null;
  nowMs: number;
}

/** One status-page software: a file here, and a line in `table.ts`. */
export interface Platform {
  /** Addresses of the documents that make up the page, the deciding one first; empty where this platform cannot be. */
  documents(page: PageAddress): string[];
  /** Null: not this platform, or not readable. The first document is never null; further ones may be missing. */
  read(documents: [string, ...(string | null)[]], page: PageAddress): PageFacts | null;
  /** Documents larger than the usual limit are expected. */
  bodyBytes?: number;
}

const states: Record<string, PageState> = {
  operational: 'operational',
  up: 'operational',
  good: 'operational',
  available: 'operational',
  recovered: 'operational',
  none: 'operational',
  healthy: 'operational',
  ok: 'operational',
  degraded: 'degraded',
  degraded_performance: 'degraded',
  degradedperformance: 'degraded',
  performance_issues: 'degraded',
  information: 'degraded',
  warning: 'degraded',
  service_information: 'degraded',
  minor: 'degraded',
  partial_outage: 'partial_outage',
  partialoutage: 'partial_outage',
  minoroutage: 'partial_outage',
  service_disruption: 'partial_outage',
  major: 'partial_outage',
  major_outage: 'major_outage',
  majoroutage: 'major_outage',
  full_outage: 'major_outage',
  downtime: 'major_outage',
  outage: 'major_outage',
  down: 'major_outage',
  critical: 'major_outage',
  service_outage: 'major_outage',
  under_maintenance: 'maintenance',
  undermaintenance: 'maintenance',
  maintenance: 'maintenance',
  inprogress: 'maintenance',
};

/** The one table from everybody's words to ours; a word nobody knows is `unknown`, never green. */
export function stateOf(raw: unknown): PageState {
  if (typeof raw !== 'string') return 'unknown';
  return (
    states[
      raw
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_')
    ] ?? 'unknown'
  );
}

const noticeStatuses: Record<string, NoticeFact['status']> = {
  investigating: 'investigating',
  identified: 'identified',
  monitoring: 'monitoring',
  watching: 'monitoring',
  update: 'investigating',
  updated: 'investigating',
  active: 'investigating',
  ongoing: 'investigating',
  resolved: 'resolved',
  completed: 'resolved',
  complete: 'resolved',
  maintenance_complete: 'resolved',
  fixed: 'resolved',
  postmortem: 'resolved',
  scheduled: 'scheduled',
  maintenance_scheduled: 'scheduled',
  notstartedyet: 'scheduled',
  in_progress: 'in_progress',
  inprogress: 'in_progress',
  maintenance_in_progress: 'in_progress',
  verifying: 'in_progress',
};

export function noticeStatusOf(raw: unknown): NoticeFact['status'] {
  if (typeof raw !== 'string') return 'unknown';
  return (
    noticeStatuses[
      raw
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_')
    ] ?? 'unknown'
  );
}

const order: PageState[] = [
  'operational',
  'unknown',
  'maintenance',
  'degraded',
  'partial_outage',
  'major_outage',
];

export function worstOf(all: PageState[]): PageState {
  return all.reduce((worst, s) => (order.indexOf(s) > order.indexOf(worst) ? s : worst), 'operational');
}

export function isOpen(notice: NoticeFact): boolean {
  return notice.status !== 'resolved' && notice.status !== 'scheduled';
}

/** A notice with everything that is not said left out. */
export function notice(about: Pick<NoticeFact, 'id' | 'title'> & Partial<NoticeFact>): NoticeFact {
  return {
    status: 'unknown',
    impact: 'unknown',
    startedAtMs: null,
    postedAtMs: null,
    resolvedAtMs: null,
    components: [],
    url: null,
    kind: 'incident',
    text: null,
    ...about,
  };
}

/** Text as a person would read it, cut to what is worth storing. */
export function plainText(html: string | null, limit = 500): string | null {
  if (!html) return null;
  const text = html
    .replace(/<[^>]{0,2000}>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#0?39;|&apos;/g, "'")
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? null : text.slice(0, limit);
}

export function under(page: PageAddress, path: string): string {
  return new URL(path, page.url.origin).href;
}
