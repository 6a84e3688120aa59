import { expect, test } from 'vitest';
import { durationMs, readRetryAfter } from './retry-after.ts';

const nowMs = Date.UTC(2026, 10, 21, 8, 0, 0);

test.each<[string, Record<string, string>, unknown, number | null]>([
  ['seconds', { 'retry-after': '7' }, null, 7_000],
  ['a fraction of seconds', { 'retry-after': '1.5' }, null, 1_500],
  ['an HTTP date', { 'retry-after': 'Sat, 21 Nov 2026 08:00:30 GMT' }, null, 30_000],
  ['a date that is past', { 'retry-after': 'Sat, 21 Nov 2026 07:00:00 GMT' }, null, 0],
  ['milliseconds win when above nought', { 'retry-after': '1', 'retry-after-ms': '250' }, null, 250],
  ['milliseconds of nought do not', { 'retry-after': '1', 'retry-after-ms': '0' }, null, 1_000],
  ['duration text', { 'retry-after': '1m30s' }, null, 90_000],
  ['the IETF draft, used up', { ratelimit: '"api";r=0;t=112' }, null, 112_000],
  ['the IETF draft with something left', { ratelimit: '"api";r=499;t=112' }, null, null],
  [
    'OpenAI, the limit that is used up',
    {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '12ms',
      'x-ratelimit-remaining-tokens': '5',
      'x-ratelimit-reset-tokens': '48.9s',
    },
    null,
    12,
  ],
  [
    'Groq, both used up',
    {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '2m',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '7.66s',
    },
    null,
    120_000,
  ],
  [
    'LiteLLM passes the upstream’s own on',
    { 'llm_provider-x-ratelimit-remaining-tokens': '0', 'llm_provider-x-ratelimit-reset-tokens': '1s' },
    null,
    1_000,
  ],
  [
    'Anthropic',
    {
      'anthropic-ratelimit-tokens-remaining': '0',
      'anthropic-ratelimit-tokens-reset': '2026-11-21T08:00:31Z',
    },
    null,
    31_000,
  ],
  ['Together', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2' }, null, 2_000],
  ['Replicate', { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, null, 30_000],
  [
    'OpenRouter, epoch milliseconds in the body',
    {},
    { error: { metadata: { headers: { 'X-RateLimit-Reset': String(nowMs + 60_000) } } } },
    60_000,
  ],
  ['OpenRouter, availability', {}, { error: { availability: { code: 'x', retry_after: 5 } } }, 5_000],
  ['Gemini', {}, { error: { details: [{ '@type': 'x.RetryInfo', retryDelay: '48s' }] } }, 48_000],
  ['nothing', {}, {}, null],
  ['nonsense', { 'retry-after': 'soon', ratelimit: ';;;', 'x-ratelimit-reset': 'x' }, { error: 'no' }, null],
  ['a wait longer than a week', { 'retry-after': '99999999' }, null, 7 * 86_400_000],
])('%s', (_name, headers, body, expected) => {
  expect(readRetryAfter(headers, body, nowMs)).toBe(expected);
});

test('durations are whole texts', () => {
  expect([durationMs('1h2m3s'), durationMs('120'), durationMs('5 minutes'), durationMs('')]).toEqual([
    3_723_000,
    null,
    null,
    null,
  ]);
});
