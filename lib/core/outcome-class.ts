import type { FeedErrorClass, Outcome, OutcomeClass } from './outcome-words.ts';
import type { Convention } from './words.ts';

/** What each outcome class is worth: one line per class, read by judgement, feed and availability alike. */

/** `limited` is a series of its own, `left_out` is in no figure. */
export type Counted = 'good' | 'degraded' | 'bad' | 'limited' | 'left_out';

interface ClassFacts {
  weight: Outcome['weight'];
  feed: FeedErrorClass | null;
  /** May open a circuit. */
  isCountable: boolean;
  counted: Counted;
  /** Under `lenient` only a total failure is bad: no usable word of an answer. */
  isTotal: boolean;
}

function good(counted: 'good' | 'degraded' = 'good'): ClassFacts {
  return { weight: 'good', feed: null, isCountable: false, counted, isTotal: false };
}
function bad(feed: FeedErrorClass, isTotal = true): ClassFacts {
  return { weight: 'bad', feed, isCountable: true, counted: 'bad', isTotal };
}
function doubted(feed: FeedErrorClass): ClassFacts {
  return { ...bad(feed), isCountable: false };
}
function ours(feed: FeedErrorClass | null): ClassFacts {
  return { weight: 'neutral', feed, isCountable: false, counted: 'left_out', isTotal: false };
}
function limited(): ClassFacts {
  return { weight: 'limited', feed: 'http_429', isCountable: false, counted: 'limited', isTotal: false };
}

export const classFacts = {
  ok: good(),
  ok_slow: good('degraded'),
  // A wrong answer is an answer: the route works, badly.
  wrong_answer: good('degraded'),
  dns_failed: bad('connect'),
  connect_failed: bad('connect'),
  tls_failed: bad('tls'),
  timeout_first_token: bad('timeout_ttft'),
  timeout_total: bad('timeout_total', false),
  stalled: bad('timeout_total', false),
  http_5xx: bad('http_5xx'),
  overloaded: bad('http_5xx'),
  edge_error: bad('http_5xx'),
  cut: bad('stream_truncated', false),
  no_end_marker: bad('stream_truncated', false),
  malformed: bad('malformed'),
  too_large: { ...ours('malformed'), counted: 'degraded' },
  empty: bad('empty_output'),
  wrong_model: bad('wrong_model', false),
  wrong_provider: ours(null),
  error_in_stream: bad('http_5xx', false),
  not_found: bad('http_404'),
  model_gone: ours('no_endpoint'),
  // A 401 whose meaning is not decided: it counts for state and against nobody's circuit.
  unauthorized_doubtful: doubted('http_auth'),
  unauthorized: ours('http_auth'),
  unauthorized_upstream: doubted('http_auth'),
  no_credit: ours('http_402'),
  key_limit: ours('http_403'),
  forbidden: ours('http_403'),
  blocked_here: ours('http_403'),
  region_restricted: ours('http_403'),
  bad_request: ours('bad_request'),
  refused_moderation: ours('content_filter'),
  // Our own limit says nothing about anybody else.
  limited_key: { ...limited(), counted: 'left_out' },
  limited_upstream: limited(),
  limited_shared: limited(),
  truncated_by_us: good(),
  not_pinned: ours(null),
  inconclusive: ours(null),
  aborted: ours(null),
  unknown_error: doubted('other'),
} as const satisfies Record<OutcomeClass, ClassFacts>;

/** How one look of this class counts under a named convention. A degraded look counts 0 bad seconds. */
export function countsAs(outcomeClass: OutcomeClass, convention: Convention): Counted {
  const facts: ClassFacts = classFacts[outcomeClass];
  switch (convention) {
    case 'openrouter':
      return facts.counted;
    case 'strict':
      return facts.counted === 'limited' ? 'bad' : facts.counted;
    case 'lenient':
      return facts.counted === 'bad' && !facts.isTotal ? 'degraded' : facts.counted;
    default:
      return convention satisfies never;
  }
}
