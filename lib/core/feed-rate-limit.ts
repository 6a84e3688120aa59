import { feedClassOf } from './feed-classes.ts';
import { type FeedFacts, type FeedWindow, feedLifeMs, generatedAtMs } from './feed-facts.ts';
import { isoOrNull, share } from './feed-routing.ts';
import type { LimitsKnown, RouteState } from './plan.ts';

/** How much our own key has left here: a hint only, the reader's key has limits of its own. */

const nearShare = 0.1;

export function rateLimit(
  route: Pick<RouteState, 'limited' | 'confidence'>,
  window: FeedWindow | undefined,
  { facts, known, everyMs }: { facts: FeedFacts; known: LimitsKnown | undefined; everyMs: number },
): Record<string, unknown> {
  const nowMs = generatedAtMs(facts);
  const now = currentLimits(known, nowMs, Math.max(feedLifeMs, 3 * everyMs));
  return {
    state: stateOf(route, facts.isExpired, now),
    limited_share_5m: window?.samples ? share(limitedLooks(window) / window.samples) : null,
    retry_after_s: now.retryAtMs === null ? null : Math.ceil((now.retryAtMs - nowMs) / 1_000),
    limit_requests: now.requests,
    remaining_requests: now.remaining,
    reset_at: isoOrNull(now.resetAtMs),
    scope: 'probe_key',
  };
}

type Current = Pick<LimitsKnown, 'requests' | 'remaining' | 'resetAtMs' | 'retryAtMs'>;

/** What was told is true until it was to begin anew: then all is there again. Without hearing more it is soon nothing. */
function currentLimits(known: LimitsKnown | undefined, nowMs: number, lifeMs: number): Current {
  const nothing = { requests: null, remaining: null, resetAtMs: null, retryAtMs: null };
  if (!known) return nothing;
  const retryAtMs = known.retryAtMs !== null && known.retryAtMs > nowMs ? known.retryAtMs : null;
  const { requests, remaining, resetAtMs } = known;
  if (resetAtMs !== null && resetAtMs > nowMs) return { requests, remaining, resetAtMs, retryAtMs };
  if (nowMs - known.atMs > lifeMs) return { ...nothing, retryAtMs };
  return { requests, remaining: resetAtMs === null ? remaining : requests, resetAtMs: null, retryAtMs };
}

function stateOf(
  route: Pick<RouteState, 'limited' | 'confidence'>,
  isExpired: boolean,
  { requests, remaining }: Current,
): 'ok' | 'near' | 'limited' | 'unknown' {
  if (isExpired) return 'unknown';
  if (route.limited) return 'limited';
  if (requests !== null && remaining !== null && remaining <= requests * nearShare) return 'near';
  return route.confidence.samples > 0 || remaining !== null ? 'ok' : 'unknown';
}

function limitedLooks({ byClass }: FeedWindow): number {
  return Object.entries(byClass).reduce(
    (sum, [name, count]) => (feedClassOf(name) === 'http_429' ? sum + count : sum),
    0,
  );
}
