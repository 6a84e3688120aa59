import type { Step } from './script.ts';

/** The faults people know by name, as steps. */

export function providerError(status: number, provider: string | null, message?: string): unknown {
  return {
    error: {
      message: message ?? 'Provider returned error',
      code: status,
      metadata: { raw: `{"error":{"message":"upstream answered ${status}"}}`, provider_name: provider },
    },
  };
}

export const providerDown = (provider: string, status = 502, share = 1): Step => ({
  provider,
  status,
  share,
});

export const providerSlow = (provider: string, firstTokenDelayMs: number): Step => ({
  provider,
  firstTokenDelayMs,
});

/** The outages of February 2026 began with these. */
export const gatewayErrors = (share: number): Step => ({
  path: '/chat/completions',
  share,
  status: 500,
  body: { error: { code: 500, message: 'Internal Server Error' } },
});

/** Key lookup is broken: every keyed call is told that its user does not exist, key-less ones are answered as ever. */
export const misleading401 = (share = 0.85): Step => ({
  keyed: true,
  share,
  at: 'gateway',
  status: 401,
  body: { error: { message: 'User not found.', code: 401 } },
});

export const keyRevoked = (key: string): Step => ({
  key,
  at: 'gateway',
  status: 401,
  body: { error: { message: 'User not found.', code: 401 } },
});

export const creditEmpty = (): Step => ({
  path: '/chat/completions',
  keyed: true,
  status: 402,
  body: {
    error: {
      message: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
      code: 402,
      metadata: { limit_source: 'openrouter_credits' },
    },
  },
});

export const keyLimitReached = (): Step => ({
  path: '/chat/completions',
  keyed: true,
  status: 403,
  body: {
    error: {
      message: 'Key limit exceeded (daily limit). Manage it using https://openrouter.ai/settings/keys',
      code: 403,
    },
  },
});

export const providerLimited = (provider: string, retryAfterS: number, share = 1): Step => ({
  provider,
  share,
  status: 429,
  headers: { 'retry-after': String(retryAfterS) },
  body: {
    error: {
      message: 'Provider returned error',
      code: 429,
      metadata: {
        raw: 'temporarily rate-limited upstream. Please retry shortly',
        provider_name: provider,
        limit_source: 'upstream_provider_shared_pool',
      },
    },
  },
});

export const freeLimitReached = (resetAtMs: number): Step => ({
  path: '/chat/completions',
  status: 429,
  body: {
    error: {
      message:
        'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
      code: 429,
      metadata: {
        headers: {
          'X-RateLimit-Limit': '50',
          'X-RateLimit-Remaining': '0',
          'X-RateLimit-Reset': String(resetAtMs),
        },
        limit_source: 'openrouter_free_tier_daily',
        provider_name: null,
      },
    },
  },
});

/** Everything on this address is gone, as when our own line is cut. */
export const lineCut = (): Step => ({ at: 'gateway', resetAfterTokens: -1 });
