import type { CulpritKind, Impact } from './words.ts';

/**
 * The outages of OpenRouter that are documented in public. Marks say how sure each statement is: `confirmed` by OpenRouter,
 * `inferred` by us from what others wrote. What is inferred is shown as "about", never as an exact time.
 */
export type OutageMark = 'confirmed' | 'inferred';

export interface OutagePhase {
  name: string;
  fromMs: number;
  toMs: number;
  /** Share of requests that failed, to tell the story again; `reported` is what the source says. */
  failureShare: number;
  reported: string;
  mark: OutageMark;
  error: { status: number; message: string } | null;
}

export interface OutageSource {
  name: string;
  url: string | null;
  kind: 'official' | 'secondary';
}

export interface DocumentedOutage {
  id: string;
  title: string;
  scope: { kind: CulpritKind; id: string };
  impact: Impact;
  fromMs: number;
  toMs: number;
  minutes: number;
  /** False: only the day and "about so many minutes" may be shown. */
  isExact: boolean;
  mark: OutageMark;
  confidence: string;
  phases: OutagePhase[];
  events: { atMs: number; what: string; mark: OutageMark }[];
  cause: string;
  causeMark: OutageMark;
  remediation: string[];
  sources: OutageSource[];
  contradictions: string[];
}

const cause2026 =
  'A third-party cache used for API key lookups dropped its connections to the key database and returned errors, seen as 500. When it came back every cached entry was invalid, so each request needed a database lookup. The database could not keep up, lookups timed out, and the timeouts were returned as 401 "User not found".';

const remediation2026 = [
  'Circuit breakers and a controlled refill of the key cache',
  '503 instead of 401 when a key lookup cannot be completed',
  'Fixes on the side of the cache vendor',
  'A fallback cache was announced',
];

const postMortem: OutageSource = {
  name: 'OpenRouter post-mortem of 2026-02-20, updated 2026-06-24',
  url: 'https://openrouter.ai/blog/announcements/openrouter-outages-on-february-17-and-19-2026',
  kind: 'official',
};
const ofox: OutageSource = {
  name: 'OFox review "Is OpenRouter Reliable?" (2026)',
  url: 'https://ofox.ai/blog/is-openrouter-reliable-honest-review-2026/',
  kind: 'secondary',
};

const internalError = { status: 500, message: 'Internal Server Error' };
const userNotFound = { status: 401, message: 'User not found.' };

export const documentedOutages: readonly DocumentedOutage[] = [
  {
    id: 'openrouter-2025-08-28',
    title: 'OpenRouter was down',
    scope: { kind: 'gateway', id: 'openrouter' },
    impact: 'major_outage',
    fromMs: 1_756_374_000_000,
    toMs: 1_756_376_940_000,
    minutes: 50,
    isExact: false,
    mark: 'inferred',
    confidence: 'Secondary sources only, with contradictory times',
    phases: [
      {
        name: 'outage',
        fromMs: 1_756_374_000_000,
        toMs: 1_756_376_940_000,
        failureShare: 1,
        reported: 'a total outage, without a number',
        mark: 'inferred',
        error: null,
      },
    ],
    events: [],
    cause: 'A database dependency in US East failed. It was not a problem of any LLM provider.',
    causeMark: 'inferred',
    remediation: [],
    sources: [
      ofox,
      {
        name: 'BigGo news report, copy on iPrice Indonesia',
        url: 'https://compare.iprice.co.id/news/202508281952_OpenRouter_Database_Outage',
        kind: 'secondary',
      },
      {
        name: 'Hacker News thread 45050428 (that it was noticed; no times)',
        url: 'https://news.ycombinator.com/item?id=45050428',
        kind: 'secondary',
      },
      {
        name: 'TokenMix Research Lab, 2026-04-25 (35 to 50 minutes an outage)',
        url: null,
        kind: 'secondary',
      },
    ],
    contradictions: [
      'The start is given as 05:40 Eastern and the end as 10:29 Eastern, which would be 289 minutes, beside a stated length of about 50. It fits if the end is UTC: 09:40 to 10:29 UTC.',
      'No official post-mortem is known.',
    ],
  },
  {
    id: 'openrouter-2026-02-17',
    title: 'OpenRouter failed, then answered "User not found"',
    scope: { kind: 'gateway', id: 'openrouter' },
    impact: 'major_outage',
    fromMs: 1_771_306_020_000,
    toMs: 1_771_308_300_000,
    minutes: 38,
    isExact: true,
    mark: 'confirmed',
    confidence: 'Official post-mortem',
    phases: [
      {
        name: 'precursor',
        fromMs: 1_771_305_600_000,
        toMs: 1_771_306_020_000,
        failureShare: 0,
        reported: 'cache errors in internal logs, no user impact',
        mark: 'confirmed',
        error: null,
      },
      {
        name: 'partial',
        fromMs: 1_771_306_020_000,
        toMs: 1_771_306_800_000,
        failureShare: 0.2,
        reported: 'about 20 %',
        mark: 'confirmed',
        error: internalError,
      },
      {
        name: 'near-total',
        fromMs: 1_771_306_800_000,
        toMs: 1_771_308_300_000,
        failureShare: 0.85,
        reported: '80 to 90 %',
        mark: 'confirmed',
        error: userNotFound,
      },
    ],
    events: [
      { atMs: 1_771_306_080_000, what: 'First internal alert at OpenRouter', mark: 'confirmed' },
      {
        atMs: 1_771_307_400_000,
        what: 'Firewall rules against a denial-of-service attack that ran at the same time',
        mark: 'confirmed',
      },
      { atMs: 1_771_307_422_000, what: 'The official status page opened an incident', mark: 'inferred' },
      { atMs: 1_771_308_300_000, what: 'Service restored', mark: 'confirmed' },
      { atMs: 1_771_312_322_000, what: 'The official status page closed the incident', mark: 'inferred' },
    ],
    cause: cause2026,
    causeMark: 'confirmed',
    remediation: remediation2026,
    sources: [
      postMortem,
      ofox,
      {
        name: 'bentleypark/aiwatch, a sample status-page record',
        url: 'https://github.com/bentleypark/aiwatch',
        kind: 'secondary',
      },
    ],
    contradictions: [
      'The status page opened 23 minutes late and closed 67 minutes late; only 15 minutes overlap the outage.',
      'At first a denial-of-service attack was blamed; the post-mortem names the key cache.',
    ],
  },
  {
    id: 'openrouter-2026-02-19',
    title: 'OpenRouter failed again, two days later',
    scope: { kind: 'gateway', id: 'openrouter' },
    impact: 'major_outage',
    fromMs: 1_771_486_560_000,
    toMs: 1_771_488_660_000,
    minutes: 35,
    isExact: true,
    mark: 'confirmed',
    confidence: 'Official post-mortem',
    phases: [
      {
        name: 'precursor',
        fromMs: 1_771_485_360_000,
        toMs: 1_771_486_560_000,
        failureShare: 0,
        reported: 'cache errors in internal logs, no user impact',
        mark: 'confirmed',
        error: null,
      },
      {
        name: 'partial',
        fromMs: 1_771_486_560_000,
        toMs: 1_771_486_920_000,
        failureShare: 0.2,
        reported: 'partial, roughly 20 % for the first phase of both outages',
        mark: 'inferred',
        error: internalError,
      },
      {
        name: 'near-total',
        fromMs: 1_771_486_920_000,
        toMs: 1_771_488_660_000,
        failureShare: 0.95,
        reported: 'near-total, without a number',
        mark: 'inferred',
        error: userNotFound,
      },
    ],
    events: [
      { atMs: 1_771_486_680_000, what: 'First internal alert at OpenRouter', mark: 'confirmed' },
      { atMs: 1_771_488_660_000, what: 'Service restored', mark: 'confirmed' },
    ],
    cause: cause2026,
    causeMark: 'confirmed',
    remediation: remediation2026,
    sources: [
      postMortem,
      ofox,
      {
        name: 'anomalyco/opencode issue 14252: users see 401 "User not found."',
        url: 'https://github.com/anomalyco/opencode/issues/14252',
        kind: 'secondary',
      },
    ],
    contradictions: [
      'The timeline of this day has no numbers; the shares are chosen to tell the story again, not measured.',
    ],
  },
];
