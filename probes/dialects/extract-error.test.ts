import { expect, test } from 'vitest';
import { extractError } from '#lib/error-facts.ts';
import { redactFamilies } from '#lib/redact.ts';

const read = (carrier: unknown, headers: Record<string, string> = {}) =>
  extractError(carrier, {
    headers,
    redact: redactFamilies,
    inBand: false,
    body: 'json',
    providerId: (name) => name.toLowerCase().replace(/ /g, '-'),
  });

test.each<[string, unknown, object]>([
  [
    'OpenRouter, plain',
    { error: { message: 'Missing Authentication header', code: 401 } },
    { code: '401', message: 'Missing Authentication header', provider: null },
  ],
  [
    'OpenRouter, a provider named with a JSON text in raw',
    {
      error: {
        message: 'Provider returned error',
        code: 401,
        metadata: {
          raw: '{"error":{"code":"authentication_error","message":"invalid API key"}}\n',
          provider_name: 'Darkbloom',
          is_byok: false,
        },
      },
    },
    { message: 'Provider returned error: invalid API key', provider: 'darkbloom' },
  ],
  [
    'OpenRouter, raw as an object',
    {
      error: {
        message: 'Upstream error from AtlasCloud: Unexpected token',
        code: 502,
        metadata: { raw: { object: 'error', message: 'Unexpected token' }, provider_name: 'AtlasCloud' },
      },
    },
    { code: '502', provider: 'atlascloud', message: 'Upstream error from AtlasCloud: Unexpected token' },
  ],
  [
    'OpenRouter, the provider only in the sentence',
    {
      error: {
        code: 502,
        message: 'Upstream error from Nvidia: Service temporarily overloaded',
        metadata: { error_type: 'provider_unavailable' },
      },
    },
    { provider: 'nvidia', type: 'provider_unavailable' },
  ],
  [
    'OpenRouter, provider null',
    {
      error: {
        code: 402,
        message: 'x',
        metadata: { provider_name: null, limit_source: 'openrouter_credits' },
      },
    },
    { provider: null, limit: 'openrouter_credits' },
  ],
  [
    'OpenRouter, availability without a code',
    {
      error: {
        message: 'revealed',
        error_type: 'not_found',
        http_status: 404,
        availability: { code: 'model_deprecated' },
      },
    },
    { type: 'model_deprecated', code: '404' },
  ],
  [
    'OpenRouter, router metadata',
    { error: { code: 404, message: 'x' }, openrouter_metadata: { attempt: 0 } },
    { attempt: 0 },
  ],
  [
    'OpenRouter, moderation',
    {
      error: {
        code: 403,
        message: 'requires moderation',
        metadata: { reasons: ['misc'], flagged_input: 'text' },
      },
    },
    { type: 'moderation' },
  ],
  [
    'OpenRouter, endpoints filtered away',
    {
      error: {
        code: 404,
        message: 'No endpoints found for x.',
        metadata: { routing_funnel: [{ step: 'Initial Endpoints', endpoint_count: 6 }] },
      },
    },
    { type: 'constraint_filtered' },
  ],
  [
    'OpenAI',
    {
      error: { message: 'You exceeded', type: 'insufficient_quota', param: null, code: 'insufficient_quota' },
    },
    { code: 'insufficient_quota', type: 'insufficient_quota' },
  ],
  [
    'OpenAI responses, flat',
    { type: 'error', sequence_number: 1, code: 'rate_limit_exceeded', message: 'Example' },
    { code: 'rate_limit_exceeded', message: 'Example' },
  ],
  [
    'Anthropic',
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    { code: 'overloaded_error', type: 'overloaded_error', message: 'Overloaded' },
  ],
  [
    'Anthropic, spend limit',
    {
      type: 'error',
      error: {
        type: 'rate_limit_error',
        message: 'x',
        details: { error_code: 'enforced_spend_limit_reached' },
      },
    },
    { code: 'enforced_spend_limit_reached' },
  ],
  [
    'Gemini',
    {
      error: {
        code: 400,
        message: 'API key not valid',
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
      },
    },
    { code: '400', type: 'API_KEY_INVALID' },
  ],
  [
    'Gemini, as a list',
    [{ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } }],
    { code: '503', type: 'UNAVAILABLE' },
  ],
  [
    'xAI',
    { code: 'invalid-argument', error: 'Incorrect API key provided' },
    { code: 'invalid-argument', message: 'Incorrect API key provided' },
  ],
  ['Mistral, detail', { detail: 'Unauthorized' }, { message: 'Unauthorized' }],
  [
    'Mistral, flat',
    { object: 'error', message: 'Rate limit', type: 'rate_limited', code: '1300' },
    { code: '1300', type: 'rate_limited' },
  ],
  [
    'FastAPI, detail as a list',
    { detail: [{ loc: ['body'], msg: 'field required' }] },
    { message: 'field required' },
  ],
  [
    'Cloudflare',
    { success: false, errors: [{ code: 3040, message: 'Capacity temporarily exceeded' }] },
    { code: '3040', type: '3040', message: 'Capacity temporarily exceeded' },
  ],
  [
    'Cohere',
    { error_type: 'TOO_MANY_TOKENS', id: 'x', message: 'too many tokens' },
    { code: 'TOO_MANY_TOKENS', message: 'too many tokens' },
  ],
  [
    'Novita',
    { code: 403, reason: 'MODEL_ACCESS_DENIED', message: 'denied' },
    { code: '403', message: 'denied' },
  ],
  [
    'Hugging Face',
    { error: 'Invalid credentials in Authorization header' },
    { message: 'Invalid credentials in Authorization header' },
  ],
  [
    'LiteLLM',
    { error: { message: 'litellm.RateLimitError: GroqException - slow down', code: '429' } },
    { code: '429', provider: 'groq' },
  ],
  ['Groq, in a stream', { error: { message: 'failed', type: 'x', status_code: 400 } }, { code: '400' }],
  ['a bare text', 'upstream connect error', { message: 'upstream connect error', code: null }],
])('%s', (_name, body, expected) => {
  expect(read(body)).toMatchObject(expected);
});

test('the kind of an AWS error stands in a header, up to its colon', () => {
  const facts = read(
    { message: 'The security token is invalid.' },
    { 'x-amzn-errortype': 'UnrecognizedClientException:http://internal' },
  );
  expect(facts).toMatchObject({
    code: 'UnrecognizedClientException',
    message: 'The security token is invalid.',
  });
});

test.each([
  null,
  undefined,
  7,
  true,
  [],
  {},
  [[]],
  { error: null },
  { error: [] },
  { errors: [null] },
  { error: { message: {} } },
])('nothing of any shape does harm: %j', (carrier) => {
  expect(read(carrier)).toMatchObject({ message: null, provider: null });
});

test('P4: what is kept is one short redacted line', () => {
  const { message } = read({
    error: { message: `bad key sk-or-v1-${'a1'.repeat(32)}\n\u001b[31m${'x'.repeat(2_000)}` },
  });
  expect(message).toHaveLength(512);
  expect(message).not.toMatch(/a1a1a1a1|[\n\u001b]/);
});
