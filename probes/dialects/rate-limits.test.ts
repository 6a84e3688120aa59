import { describe, expect, it } from 'vitest';
import { readLimits } from './rate-limits.ts';

const nowMs = Date.parse('2025-11-15T20:26:00Z');

describe('what is left of a limit', () => {
  it.each([
    [
      'anthropic',
      {
        'anthropic-ratelimit-requests-limit': '4000',
        'anthropic-ratelimit-requests-remaining': '3999',
        'anthropic-ratelimit-requests-reset': '2025-11-15T20:26:31Z',
        'anthropic-ratelimit-tokens-limit': '2400000',
        'anthropic-ratelimit-tokens-remaining': '0',
      },
      { requests: 4000, remaining: 3999, resetAtMs: nowMs + 31_000 },
    ],
    [
      'openai',
      {
        'x-ratelimit-limit-requests': '5000',
        'x-ratelimit-remaining-requests': '4999',
        'x-ratelimit-reset-requests': '12ms',
        'x-ratelimit-remaining-input-images': '1',
        'x-ratelimit-limit-input-images': '9',
      },
      { requests: 5000, remaining: 4999, resetAtMs: nowMs + 12 },
    ],
    [
      'huggingface',
      { ratelimit: '"api";r=499;t=112', 'ratelimit-policy': '"fixed window";"api";q=500;w=300' },
      { requests: 500, remaining: 499, resetAtMs: nowMs + 112_000 },
    ],
    [
      'mistral',
      { 'x-ratelimit-limit-req-minute': '360', 'x-ratelimit-remaining-req-minute': '359' },
      { requests: 360, remaining: 359, resetAtMs: null },
    ],
    [
      'replicate',
      { 'ratelimit-remaining': '599', 'ratelimit-reset': '1' },
      { requests: null, remaining: 599, resetAtMs: nowMs + 1_000 },
    ],
    [
      'cohere',
      { 'x-trial-endpoint-call-limit': '10', 'x-trial-endpoint-call-remaining': '9' },
      { requests: 10, remaining: 9, resetAtMs: null },
    ],
    [
      'openrouter',
      {
        'x-ratelimit-limit': '50',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(nowMs + 3_600_000),
      },
      { requests: 50, remaining: 0, resetAtMs: nowMs + 3_600_000 },
    ],
  ])('is read as %s says it', (_, headers, limits) => {
    expect(readLimits(headers as Record<string, string>, nowMs)).toEqual(limits);
  });

  it('is the tightest of several', () => {
    const headers = {
      'x-ratelimit-limit-requests-day': '1000',
      'x-ratelimit-remaining-requests-day': '10',
      'x-ratelimit-limit-requests-minute': '30',
      'x-ratelimit-remaining-requests-minute': '29',
    };
    expect(readLimits(headers, nowMs)).toMatchObject({ requests: 1000, remaining: 10 });
  });

  it.each([
    [{}],
    [{ 'x-ratelimit-limit-tokens': '5', 'x-ratelimit-remaining-tokens': '0' }],
    [{ 'x-ratelimit-remaining-requests': 'many' }],
    [{ 'x-ratelimit-remaining': '-1' }],
    [{ 'x-ratelimit-remaining': '1e308' }],
    [{ ratelimit: ';;;r=;t=' }],
    [{ 'x-ratelimit': 'false', 'ratelimit-policy': 'q=5' }],
  ])('is not made up from %j', (headers) => {
    expect(readLimits(headers as Record<string, string>, nowMs)).toBeNull();
  });
});
