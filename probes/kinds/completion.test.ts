import { afterEach, expect, test, vi } from 'vitest';
import type { Watched } from '#lib/core/fleet.ts';
import { serveHttp, serveTcp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { type Sim, startSim } from '../sim/main.ts';
import { garbageKinds, inBandShapes, type Step } from '../sim/script.ts';
import { completion } from './completion.ts';

let sim: Sim | null = null;
afterEach(async () => {
  await sim?.close();
  sim = null;
});

const model = 'openai/gpt-4o-mini';
const pinned = { provider: 'openai', endpoint: 'openai', providerName: 'OpenAI' };

async function look(steps: Step[] = [], watchedMore: Partial<Watched> = {}, ioMore = {}) {
  sim ??= await startSim();
  sim.clearScript();
  sim.script(...steps);
  const provider = watchedMore.endpoint === null ? 'any' : pinned.provider;
  const watched = watchedTarget(
    'completion',
    { gateway: 'openrouter', provider, model },
    {
      baseUrl: sim.baseUrl,
      dialect: 'openai-chat',
      options: { isOpenRouter: true },
      endpoint: pinned.endpoint,
      providerName: pinned.providerName,
      ...watchedMore,
    },
  );
  const result = await completion(watched, probeIo({ timeoutMs: 500, ...ioMore }));
  return { ...result.observation, found: result.found };
}

test('a good look knows its phases, its first token, who served it, its answer, its end and its price', async () => {
  const o = await look();
  expect(o).toMatchObject({
    reached: 'done',
    fault: null,
    status: 200,
    error: null,
    keyed: true,
    endpoint: 'openai',
    served: { provider: 'openai', model: expect.stringContaining('gpt-4o-mini') },
    output: { finish: 'stop', done: true, answer: 'match' },
  });
  expect(o.timing.firstTokenMs).toBeGreaterThanOrEqual(o.timing.firstByteMs ?? 0);
  expect(o.costUsd).toBeGreaterThan(0);
  expect(o.found).toMatchObject([{ kind: 'generation', generationId: expect.stringMatching(/^gen-/) }]);
});

test('the request pins its upstream by tag, asks for metadata, refuses caches and stays small', async () => {
  await look([], { supportedParameters: ['max_tokens', 'temperature', 'reasoning'] });
  const call = sim?.calls.at(-1);
  expect(call?.body).toMatchObject({
    model,
    stream: true,
    max_tokens: 16,
    temperature: 0,
    reasoning: { enabled: false },
    provider: { order: ['openai'], allow_fallbacks: false },
  });
  expect(call?.headers).toMatchObject({
    'x-openrouter-metadata': 'enabled',
    'x-openrouter-cache': 'false',
    'accept-encoding': 'identity',
  });
  expect(call?.body).not.toHaveProperty('stream_options');
  expect(call?.headers).not.toHaveProperty('http-referer');
});

test('an unpinned look leaves the choice to the gateway and says who answered', async () => {
  const o = await look([], { endpoint: null });
  expect(sim?.calls.at(-1)?.body).not.toHaveProperty('provider');
  expect(o.served?.provider).toBeTruthy();
});

test('parameters a model does not list are not sent, and mandatory reasoning gets its say', async () => {
  await look([], {
    supportedParameters: ['max_completion_tokens'],
    isReasoningMandatory: true,
    maxTokens: 256,
  });
  const body = sim?.calls.at(-1)?.body;
  expect(body).toMatchObject({ max_completion_tokens: 256, reasoning: { effort: 'low' } });
  expect(body).not.toHaveProperty('temperature');
  expect(body).not.toHaveProperty('max_tokens');
});

test.each(inBandShapes)(
  'an error inside a 200 is found in the shape %s, and nobody books it as success',
  async (shape) => {
    const o = await look([
      { inBand: { shape, code: 502, message: 'Upstream error from OpenAI: overloaded', provider: 'OpenAI' } },
    ]);
    expect(o).toMatchObject({
      status: 200,
      error: { code: '502', provider: 'openai', inBand: true },
      output: { done: false, answer: null },
    });
  },
);

test('S3: an error after tokens keeps the tokens and their times', async () => {
  const o = await look([
    { inBand: { shape: 'bare', code: 504, message: 'Upstream idle timeout exceeded', afterTokens: 1 } },
  ]);
  expect(o.error).toMatchObject({ code: '504', inBand: true });
  expect(o.timing.firstTokenMs).not.toBeNull();
});

test('an error status is read with its code, its text and whom it blames', async () => {
  const o = await look([
    {
      status: 429,
      headers: { 'retry-after': '7' },
      body: {
        error: {
          code: 429,
          message: 'Provider returned error',
          metadata: {
            provider_name: 'OpenAI',
            raw: 'slow down',
            limit_source: 'upstream_provider_shared_pool',
          },
        },
        openrouter_metadata: { attempt: 1 },
        user_id: 'user_FAKE000000000000000000000',
      },
    },
  ]);
  expect(o).toMatchObject({
    status: 429,
    reached: 'done',
    retryAfterMs: 7_000,
    costUsd: 0,
    error: {
      code: '429',
      message: 'Provider returned error: slow down',
      provider: 'openai',
      limit: 'upstream_provider_shared_pool',
      attempt: 1,
      body: 'json',
      inBand: false,
    },
  });
});

test('U10: a key the far side echoes is gone before anything is kept', async () => {
  const key = 'my-own-odd-key-0123456789';
  const { createRedact } = await import('#lib/redact.ts');
  const o = await look(
    [{ status: 401, body: { error: { code: 401, message: `Incorrect API key provided: ${key}.` } } }],
    {},
    { key, redact: createRedact([key]) },
  );
  expect(JSON.stringify(o)).not.toContain('odd-key-');
  expect(o.error?.message).toContain('Incorrect API key provided');
});

test('S1: comments for ever are a living edge and a silent provider', async () => {
  const o = await look([{ commentsOnly: true }]);
  expect(o).toMatchObject({ status: 200, fault: 'timeout', reached: 'first_byte', output: { done: false } });
  expect(o.timing.firstTokenMs).toBeNull();
});

test('S5: a stall after the first token is a timeout with its gap', async () => {
  const o = await look([{ stallAfterTokens: 1 }], {}, { timeoutMs: 300 });
  expect(o).toMatchObject({ fault: 'timeout', reached: 'first_token' });
  expect(o.timing.worstGapMs).toBeGreaterThan(150);
});

test('S4: a polite end without finish and marker is not done, and a reset is a reset', async () => {
  expect(await look([{ cutAfterTokens: 1 }])).toMatchObject({
    reached: 'done',
    fault: null,
    output: { done: false, finish: null },
  });
  const frame = `data: ${JSON.stringify({ choices: [{ delta: { content: '6' } }] })}\n\n`;
  const server = await serveTcp((socket) => {
    socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n\r\n${frame}`));
    setTimeout(() => socket.resetAndDestroy(), 60);
  });
  expect(await look([], { baseUrl: server.url })).toMatchObject({ fault: 'reset', reached: 'first_token' });
  server.close();
});

test('a missing end marker after a finish and a clean close is an end', async () => {
  const o = await look([{ omit: ['done'] }]);
  expect(o.output).toMatchObject({ done: true, finish: 'stop' });
});

test('no usage means our own reckoning at the catalogue’s price, above what it really costs', async () => {
  const honest = await look();
  const silent = await look([{ omit: ['usage'] }]);
  expect(silent.costUsd).toBeGreaterThan(honest.costUsd ?? 0);
  expect(silent.costUsd).toBeLessThan(0.001);
});

test('an empty answer, a wrong answer and a cut answer are three things', async () => {
  expect((await look([{ omit: ['content'] }])).output?.answer).toBe('empty');
  expect((await look([{ answer: '7' }])).output?.answer).toBe('mismatch');
  expect((await look([{ answer: 'The sum is', finish: 'length' }])).output?.answer).toBeNull();
});

test('S2: an empty answer never reached a token, hidden thinking did', async () => {
  expect(await look([{ omit: ['content', 'usage'] }])).toMatchObject({ reached: 'first_byte' });
  const usage = { completion_tokens: 16, completion_tokens_details: { reasoning_tokens: 16 } };
  const hidden = { choices: [{ delta: {}, finish_reason: 'length' }], usage };
  const server = await serveHttp((_req, res) =>
    res.end(`data: ${JSON.stringify(hidden)}\n\ndata: [DONE]\n\n`),
  );
  const o = await look([], { baseUrl: server.url });
  server.close();
  expect(o).toMatchObject({ reached: 'done', output: { tokens: 16, reasoningTokens: 16, answer: null } });
});

test('an answer out of the gateway’s own cache says so', async () => {
  const server = await serveHttp((_req, res) => {
    res.writeHead(200, {
      'x-openrouter-cache-status': 'HIT',
      'cf-cache-status': 'DYNAMIC',
      'cf-ray': 'a1-FRA',
    });
    res.end('{}');
  });
  const o = await look([], { baseUrl: server.url });
  server.close();
  expect(o.edge).toEqual({ cache: 'HIT', ageS: null, site: 'FRA' });
});

test('a model that was still thinking when our cap ended it is not empty', async () => {
  const o = await look([{ reasoning: 'Let me add these up', omit: ['content'], finish: 'length' }]);
  expect(o.output).toMatchObject({ answer: null, done: true, finish: 'length' });
  expect(o.timing.firstReasoningMs).not.toBeNull();
  expect(o.timing.firstTokenMs).toBeNull();
});

test('another provider than the pinned one is named as it is', async () => {
  const o = await look([{ servedProvider: 'Azure' }]);
  expect(o.served?.provider).toBe('azure');
});

test.each(garbageKinds)(
  'garbage of the kind %s ends as a classified observation in bounded time',
  async (garbage) => {
    const o = await look([{ garbage, at: 'gateway' }], {}, { timeoutMs: 400 });
    expect(o.output?.done).toBe(false);
    const isClassified = o.fault !== null || o.error !== null || o.output?.answer === 'empty';
    expect(isClassified).toBe(true);
    expect(o.timing.totalMs).toBeLessThan(4_000);
  },
);

test('H4: a redirect is not followed with the key', async () => {
  const o = await look([{ garbage: 'redirect', at: 'gateway' }]);
  expect(o.status).toBeGreaterThanOrEqual(300);
  expect(sim?.calls.filter(({ key }) => key !== null)).toHaveLength(1);
});

test('a late first token is told while the look goes on', async () => {
  const tell = vi.fn();
  const o = await look(
    [{ firstTokenDelayMs: 200 }],
    {},
    { timeoutMs: 2_000, suspicion: { afterMs: 60, isFinal: false, tell } },
  );
  expect(tell).toHaveBeenCalledOnce();
  expect(o).toMatchObject({ fault: null, output: { answer: 'match' } });
});

test('a confirmation ends where its deadline is, as a timeout', async () => {
  const tell = vi.fn();
  const o = await look(
    [{ firstTokenDelayMs: 4_000 }],
    {},
    { timeoutMs: 8_000, suspicion: { afterMs: 60, isFinal: true, tell } },
  );
  expect(o).toMatchObject({ fault: 'timeout' });
  expect(o.timing.totalMs).toBeLessThan(2_500);
});

test('a quick answer raises no suspicion', async () => {
  const tell = vi.fn();
  await look([], {}, { suspicion: { afterMs: 400, isFinal: true, tell } });
  expect(tell).not.toHaveBeenCalled();
});

test('errors in a list inside a 200 are errors, in the gateway’s own words', async () => {
  const server = await serveHttp((_req, res) =>
    res.end(
      JSON.stringify({ success: false, errors: [{ code: 3040, message: 'Capacity temporarily exceeded' }] }),
    ),
  );
  const o = await look([], { baseUrl: server.url });
  server.close();
  expect(o.error).toMatchObject({ code: '3040', message: 'Capacity temporarily exceeded', inBand: true });
});

test('a call that failed can be quoted to the support of the far side: by its edge, and by its number where it has one', async () => {
  const refused = await look([{ provider: 'openai', status: 502 }]);
  expect(refused.found).toEqual([
    { kind: 'quote', generationId: null, edgeId: expect.stringMatching(/^ray-.*-FRA$/) },
  ]);
  const broken = await look([
    {
      provider: 'openai',
      inBand: { shape: 'choices_empty', code: 502, message: 'Network connection lost.' },
    },
  ]);
  expect(broken.found?.find((one) => one.kind === 'quote')).toMatchObject({
    generationId: expect.stringMatching(/^gen-/),
    edgeId: expect.stringMatching(/^ray-/),
  });
  const own = await look([{ provider: 'openai', status: 500, headers: { 'cf-ray': 'a'.repeat(400) } }]);
  const [quote] = (own.found ?? []) as { edgeId: string }[];
  expect(quote!.edgeId.length).toBeLessThanOrEqual(96);
});
