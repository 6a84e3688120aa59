import { type FeedErrorClass, feedErrorClasses, type OutcomeClass } from './outcome-words.ts';

/** What each outcome class is called in the feed; null for looks that are no error of anybody. */
export const feedClasses = {
  ok: null,
  ok_slow: null,
  wrong_answer: null,
  truncated_by_us: null,
  inconclusive: null,
  aborted: null,
  not_pinned: 'other',
  dns_failed: 'connect',
  connect_failed: 'connect',
  tls_failed: 'tls',
  timeout_first_token: 'timeout_ttft',
  timeout_total: 'timeout_total',
  stalled: 'timeout_total',
  http_5xx: 'http_5xx',
  overloaded: 'http_5xx',
  edge_error: 'http_5xx',
  error_in_stream: 'http_5xx',
  cut: 'stream_truncated',
  no_end_marker: 'stream_truncated',
  malformed: 'malformed',
  too_large: 'malformed',
  empty: 'empty_output',
  wrong_model: 'wrong_model',
  wrong_provider: 'wrong_model',
  not_found: 'http_404',
  model_gone: 'no_endpoint',
  unauthorized_doubtful: 'http_auth',
  unauthorized: 'http_auth',
  unauthorized_upstream: 'http_auth',
  no_credit: 'http_402',
  key_limit: 'http_402',
  forbidden: 'http_403',
  blocked_here: 'http_403',
  region_restricted: 'http_403',
  bad_request: 'bad_request',
  refused_moderation: 'content_filter',
  limited_key: 'http_429',
  limited_upstream: 'http_429',
  limited_shared: 'http_429',
  unknown_error: 'other',
} as const satisfies Record<OutcomeClass, FeedErrorClass | null>;

const known = new Set<string>(feedErrorClasses);

/** Of an outcome class or a feed class that was already translated; what nobody knows is `other`. */
export function feedClassOf(name: string): FeedErrorClass | null {
  if (name in feedClasses) return feedClasses[name as OutcomeClass];
  return known.has(name) ? (name as FeedErrorClass) : 'other';
}
