/** The closed list of outcome classes, and what each is in the feed. `lib/core/outcome.ts` decides which one a look is. */

export const outcomeClasses = [
  'ok',
  'ok_slow',
  'wrong_answer',
  'dns_failed',
  'connect_failed',
  'tls_failed',
  'timeout_first_token',
  'timeout_total',
  'stalled',
  'http_5xx',
  'overloaded',
  'edge_error',
  'cut',
  'no_end_marker',
  'malformed',
  'too_large',
  'empty',
  'wrong_model',
  'wrong_provider',
  'error_in_stream',
  'not_found',
  'model_gone',
  'unauthorized_doubtful',
  'unauthorized',
  'unauthorized_upstream',
  'no_credit',
  'key_limit',
  'forbidden',
  'blocked_here',
  'region_restricted',
  'bad_request',
  'refused_moderation',
  'limited_key',
  'limited_upstream',
  'limited_shared',
  'truncated_by_us',
  'not_pinned',
  'inconclusive',
  'aborted',
  'unknown_error',
] as const;
export type OutcomeClass = (typeof outcomeClasses)[number];

export const feedErrorClasses = [
  'connect',
  'tls',
  'timeout_ttft',
  'timeout_total',
  'http_5xx',
  'http_429',
  'http_402',
  'http_auth',
  'http_403',
  'http_404',
  'bad_request',
  'stream_truncated',
  'malformed',
  'empty_output',
  'wrong_model',
  'content_filter',
  'no_endpoint',
  'other',
] as const;
export type FeedErrorClass = (typeof feedErrorClasses)[number];

export const blameHints = ['gateway', 'provider', 'model', 'account', 'prober', 'nobody', 'unknown'] as const;
export type BlameHint = (typeof blameHints)[number];

/** One observation, classified. */
export interface Outcome {
  class: OutcomeClass;
  /** good: it works. bad: it does not. limited: 429. neutral: says nothing about the target. */
  weight: 'good' | 'bad' | 'limited' | 'neutral';
  blame: BlameHint;
  /** The provider the far side named, when it did. */
  named: string | null;
  feedClass: FeedErrorClass | null;
  /** Counts for opening a circuit (feed contract: countable). */
  isCountable: boolean;
  /** Our own stall or an impossible number: says nothing about speed. */
  isTainted: boolean;
  /** Row of the decision table that fitted. */
  rule: string;
  reason: string;
}
