/** The words of DESIGN.md and their translations. Every other vocabulary (feed, Statuspage, badge, page) is read off this table. */

export const verdicts = [
  'operational',
  'degraded',
  'partial_outage',
  'major_outage',
  'maintenance',
  'unknown',
] as const;
export type Verdict = (typeof verdicts)[number];

export const impacts = ['degraded', 'partial_outage', 'major_outage'] as const;
export type Impact = (typeof impacts)[number];

export const culpritKinds = ['gateway', 'provider', 'model', 'route', 'account', 'prober'] as const;
export type CulpritKind = (typeof culpritKinds)[number];

export const componentKinds = [...culpritKinds, 'chain', 'catalog', 'official', 'http'] as const;
export type ComponentKind = (typeof componentKinds)[number];

export const feedStates = ['up', 'degraded', 'down', 'unknown', 'maintenance'] as const;
export type FeedState = (typeof feedStates)[number];

export const confidenceLevels = ['none', 'low', 'medium', 'high'] as const;
export type ConfidenceLevel = (typeof confidenceLevels)[number];

export type Convention = 'openrouter' | 'strict' | 'lenient';

interface VerdictWords {
  feed: FeedState;
  statuspage:
    | 'operational'
    | 'degraded_performance'
    | 'partial_outage'
    | 'major_outage'
    | 'under_maintenance';
  badge: string;
  page: string;
  /** How bad, for "the worst of these"; unknown is not bad, it is unknown. */
  severity: number;
}

export const verdictWords = {
  operational: { feed: 'up', statuspage: 'operational', badge: 'up', page: 'Operational', severity: 0 },
  degraded: {
    feed: 'degraded',
    statuspage: 'degraded_performance',
    badge: 'degraded',
    page: 'Degraded',
    severity: 2,
  },
  partial_outage: {
    feed: 'degraded',
    statuspage: 'partial_outage',
    badge: 'partial outage',
    page: 'Partial outage',
    severity: 3,
  },
  major_outage: { feed: 'down', statuspage: 'major_outage', badge: 'down', page: 'Outage', severity: 4 },
  maintenance: {
    feed: 'maintenance',
    statuspage: 'under_maintenance',
    badge: 'maintenance',
    page: 'Maintenance',
    severity: 1,
  },
  // Statuspage has no word for "we do not know"; a reader of that API must not see green.
  unknown: {
    feed: 'unknown',
    statuspage: 'degraded_performance',
    badge: 'unknown',
    page: 'Unknown',
    severity: 0,
  },
} as const satisfies Record<Verdict, VerdictWords>;

export const impactWords = {
  degraded: { statuspage: 'minor', page: 'Degraded' },
  partial_outage: { statuspage: 'major', page: 'Partial outage' },
  major_outage: { statuspage: 'critical', page: 'Outage' },
} as const satisfies Record<Impact, { statuspage: string; page: string }>;
