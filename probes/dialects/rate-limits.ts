import { asNumber } from '#lib/core/loose.ts';
import { resetMs } from './retry-after.ts';

export interface RateLimits {
  requests: number | null;
  remaining: number | null;
  resetAtMs: number | null;
}

const named = /^(?:llm_provider-)?(?:(?:x-|anthropic-)?ratelimit|x-trial-endpoint-call)-(.+)$/;
const parts = ['limit', 'remaining', 'reset'] as const;
/** Limits of something else than requests. */
const other = /token|input|output|cost|credit|budget|audio|image|project/;
const longestMs = 31 * 86_400_000;

/** How many requests are left, whichever of their many ways the headers say it; of several limits the tightest. */
export function readLimits(headers: Record<string, string>, nowMs: number): RateLimits | null {
  const found = [...limitsByName(headers, nowMs).values(), draft(headers, nowMs)].filter(
    (one) => one !== null,
  );
  const telling = found.filter((one) => one.requests !== null || one.remaining !== null);
  return telling.toSorted((a, b) => tightness(a) - tightness(b))[0] ?? null;
}

function tightness({ requests, remaining }: RateLimits): number {
  return remaining === null ? 2 : requests ? remaining / requests : remaining === 0 ? 0 : 1;
}

/** By what is limited: `requests`, `requests-day`, `req-minute`, or nothing where there is one limit only. */
function limitsByName(headers: Record<string, string>, nowMs: number): Map<string, RateLimits> {
  const found = new Map<string, RateLimits>();
  for (const [name, value] of Object.entries(headers)) {
    const words = named.exec(name)?.[1]?.split('-');
    const part = parts.find((one) => words?.includes(one));
    if (!words || !part) continue;
    const what = words.filter((word) => word !== part).join('-');
    if (other.test(what)) continue;
    const limits = found.get(what) ?? { requests: null, remaining: null, resetAtMs: null };
    found.set(what, limits);
    if (part === 'reset') limits.resetAtMs = resetAt(value, nowMs);
    else limits[part === 'limit' ? 'requests' : 'remaining'] = count(value);
  }
  return found;
}

/** The IETF draft: `"api";r=499;t=112`, with the whole in its policy, `"api";q=500;w=300`. */
function draft(
  { ratelimit: value, 'ratelimit-policy': policy }: Record<string, string>,
  nowMs: number,
): RateLimits | null {
  if (value === undefined) return null;
  const left = /(?:^|[;,\s])(?:r|remaining)=(\d+)/.exec(value)?.[1];
  if (left === undefined) return null;
  const most = /(?:^|[;,\s])(?:q|limit)=(\d+)/.exec(`${value};${policy ?? ''}`)?.[1];
  const wait = /(?:^|[;,\s])(?:t|reset)=(\d+)/.exec(value)?.[1];
  return {
    requests: most === undefined ? null : count(most),
    remaining: count(left),
    resetAtMs: wait === undefined ? null : resetAt(`${wait}s`, nowMs),
  };
}

function count(value: string): number | null {
  const number = asNumber(value);
  return number !== null && number >= 0 && number <= 1e12 ? Math.floor(number) : null;
}

function resetAt(value: string, nowMs: number): number | null {
  const ms = resetMs(value, nowMs);
  return ms === null || ms > longestMs ? null : nowMs + Math.round(ms);
}
