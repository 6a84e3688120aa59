import { afterEach, expect, test } from 'vitest';
import { presets } from '#lib/config/presets.ts';
import type { Watched } from '#lib/core/fleet.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { completion } from '../kinds/completion.ts';
import { type Direct, startDirect } from '../sim/direct.ts';
import type { Step } from '../sim/script.ts';
import { type DialectName, dialectTable } from './table.ts';

let direct: Direct | null = null;
afterEach(async () => {
  await direct?.close();
  direct = null;
});

const streamed = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini-generateContent',
  'bedrock-converse',
  'azure-openai',
  'cohere-v2',
] as const;

const bases: Record<(typeof streamed)[number], string> = {
  'openai-chat': '/v1',
  'openai-responses': '/v1',
  'anthropic-messages': '/v1',
  'gemini-generateContent': '/v1beta',
  'bedrock-converse': '',
  'azure-openai': '/openai/v1',
  'cohere-v2': '/v2',
};

async function look(dialect: (typeof streamed)[number], steps: Step[] = [], more: Partial<Watched> = {}) {
  direct ??= await startDirect({ dialect });
  direct.clearScript();
  direct.script(...steps);
  const watched = watchedTarget(
    'completion',
    { gateway: 'direct', provider: 'some', model: 'some-model' },
    { baseUrl: direct.baseUrl + bases[dialect], dialect, ...more },
  );
  return (await completion(watched, probeIo({ key: 'test-key-0123456789', timeoutMs: 500 }))).observation;
}

test.each(streamed)(
  '%s: a streamed answer has a first token, a finish, usage, its end and the right sum',
  async (dialect) => {
    const o = await look(dialect);
    expect(o).toMatchObject({
      status: 200,
      reached: 'done',
      fault: null,
      error: null,
      output: { finish: 'stop', done: true, answer: 'match' },
    });
    expect(o.output?.tokens).toBeGreaterThan(0);
    expect(o.timing.firstTokenMs).toBeGreaterThan(0);
    expect(o.costUsd).toBeGreaterThan(0);
  },
);

// Seen red with what comes inside a 200 not marked as such.
test.each(streamed)('S3: %s: an error after the 200 is found and the look is not done', async (dialect) => {
  const o = await look(dialect, [
    { inBand: { shape: 'bare', code: 503, message: 'Overloaded now', afterTokens: 1 } },
  ]);
  expect(o).toMatchObject({ status: 200, error: { inBand: true }, output: { done: false } });
  expect(o.error?.message).toContain('Overloaded now');
});

// Seen red with every stream that ends taken for a whole one.
test.each(streamed)('S4: %s: an answer that is cut is no answer', async (dialect) => {
  expect((await look(dialect, [{ cutAfterTokens: 1 }])).output?.done).toBe(false);
});

test.each(streamed)('%s: a refused key is an error of the far side with its status', async (dialect) => {
  direct = await startDirect({ dialect, keys: ['another-key'] });
  const o = await look(dialect);
  expect(o.status).toBeGreaterThanOrEqual(400);
  expect(o.error?.message).toBeTruthy();
  expect(o.costUsd).toBe(0);
});

test.each([
  ['anthropic-messages', 'x-api-key', 'test-key-0123456789'],
  ['gemini-generateContent', 'x-goog-api-key', 'test-key-0123456789'],
  ['azure-openai', 'api-key', 'test-key-0123456789'],
  ['cohere-v2', 'authorization', 'Bearer test-key-0123456789'],
  ['bedrock-converse', 'authorization', 'Bearer test-key-0123456789'],
] as const)('%s carries its key as %s', async (dialect, header, value) => {
  await look(dialect);
  expect(direct?.calls.at(-1)?.headers[header]).toBe(value);
});

test('a pair of AWS keys signs the request, and the secret stays here', async () => {
  direct = await startDirect({ dialect: 'bedrock-converse' });
  const watched = watchedTarget(
    'completion',
    { gateway: 'direct', provider: 'amazon-bedrock', model: 'amazon.nova-micro-v1:0' },
    { baseUrl: direct.baseUrl, dialect: 'bedrock-converse', options: { region: 'eu-west-1' } },
  );
  await completion(
    watched,
    probeIo({ key: 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY:token' }),
  );
  const headers = direct.calls.at(-1)?.headers ?? {};
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/eu-west-1\/bedrock\/aws4_request, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}$/,
  );
  expect(headers['x-amz-security-token']).toBe('token');
  expect(JSON.stringify(headers)).not.toContain('wJalrXUt');
});

test('Vertex names project and place in the path, and the place in the host', async () => {
  const { url } = await dialectTable['gemini-generateContent'].ask({
    watched: watchedTarget(
      'completion',
      { gateway: 'direct', provider: 'google-vertex', model: 'gemini-2.5-flash-lite' },
      {
        baseUrl: 'https://aiplatform.googleapis.com/v1',
        options: { project: 'my-project', location: 'europe-west4' },
      },
    ),
    key: 'ya29.token',
    prompt: 'hi',
    maxTokens: 16,
    isStreamed: true,
    nowMs: 0,
  });
  expect(url).toBe(
    'https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4/publishers/google/models/gemini-2.5-flash-lite:streamGenerateContent?alt=sse',
  );
});

test.each([
  ['openrouter', { isOpenRouter: true }, { provider: { order: ['groq'], allow_fallbacks: false } }],
  ['vercel-ai-gateway', {}, { providerOptions: { gateway: { only: ['groq'], order: ['groq'] } } }],
  ['huggingface', {}, { model: 'some-model:groq' }],
])(
  '%s is pinned to one provider in its own way, and left alone when it may choose',
  async (gateway, options, pin) => {
    const ask = async (provider: string) => {
      const watched = watchedTarget(
        'completion',
        { gateway, provider, model: 'some-model' },
        { baseUrl: 'https://x.example/v1', options, endpoint: provider === 'any' ? null : provider },
      );
      const question = { watched, key: 'k', prompt: 'hi', maxTokens: 16, isStreamed: true, nowMs: 0 };
      return JSON.parse((await dialectTable['openai-chat'].ask(question)).body);
    };
    expect(await ask('groq')).toMatchObject(pin);
    const free = await ask('any');
    expect(free.model).toBe('some-model');
    expect(free).not.toHaveProperty('provider');
    expect(free).not.toHaveProperty('providerOptions');
  },
);

test('an older Azure address names the deployment and its version', async () => {
  const { url } = await dialectTable['azure-openai'].ask({
    watched: watchedTarget(
      'completion',
      { gateway: 'direct', provider: 'azure', model: 'gpt-4.1-nano' },
      { baseUrl: 'https://mine.openai.azure.com/openai/v1', options: { api_version: '2024-10-21' } },
    ),
    key: 'k',
    prompt: 'hi',
    maxTokens: 16,
    isStreamed: true,
    nowMs: 0,
  });
  expect(url).toBe(
    'https://mine.openai.azure.com/openai/deployments/gpt-4.1-nano/chat/completions?api-version=2024-10-21',
  );
});

test.each(presets.map((preset) => [preset.id, preset] as const))(
  'preset %s: its dialect is one we speak, and a look in it gets through',
  async (_id, preset) => {
    const name = preset.dialect as DialectName;
    expect(Object.keys(dialectTable)).toContain(name);
    if (!(name in bases)) return;
    const isGateway = preset.kind === 'gateway';
    const base = bases[name as (typeof streamed)[number]];
    direct = await startDirect({ dialect: name as (typeof streamed)[number] });
    const watched = watchedTarget(
      'completion',
      {
        gateway: isGateway ? preset.id : 'direct',
        provider: isGateway ? 'any' : preset.id,
        model: preset.model ?? 'operators-choice',
      },
      {
        baseUrl: direct.baseUrl + base,
        dialect: name,
        isReasoningMandatory: preset.isReasoning,
        options: {
          auth: preset.auth,
          isOpenRouter: preset.id === 'openrouter',
          project: name.startsWith('gemini') && preset.id === 'google-vertex' ? 'p' : undefined,
        },
      },
    );
    const { observation } = await completion(watched, probeIo({ key: 'test-key-0123456789' }));
    const sent = direct.calls.at(-1)?.headers[preset.auth.header.toLowerCase()];
    expect(sent).toContain('test-key-0123456789');
    // The simulated far side knows no header of a single vendor's own.
    if (preset.auth.header === 'x-portkey-api-key') return;
    expect(observation).toMatchObject({ status: 200, error: null, output: { done: true, answer: 'match' } });
  },
);
