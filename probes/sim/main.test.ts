import { afterEach, expect, test } from 'vitest';
import { misleading401, providerDown } from './faults.ts';
import { type Sim, startSim } from './main.ts';
import { inBandShapes } from './script.ts';

let sim: Sim | null = null;
afterEach(async () => {
  await sim?.close();
  sim = null;
});

const key = 'sk-or-v1-simulated';

async function ask(
  s: Sim,
  body: object,
  headers: Record<string, string> = { authorization: `Bearer ${key}` },
) {
  const response = await fetch(`${s.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      model: 'openai/gpt-4o-mini',
      messages: [{ role: 'user', content: 'What is 37 + 25? Answer with the number only. (n 81)' }],
      max_tokens: 16,
      ...body,
    }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function frames(text: string): Record<string, unknown>[] {
  return text
    .split('\n\n')
    .filter((f) => f.startsWith('data: {'))
    .map((f) => JSON.parse(f.slice(6)) as Record<string, unknown>);
}

test('a streamed answer has comments, a role, the right sum, a finish, a usage chunk with its cost and an end marker', async () => {
  sim = await startSim();
  const { text } = await ask(sim, { stream: true });
  expect(text.startsWith(': OPENROUTER PROCESSING\n\n')).toBe(true);
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  const seen = frames(text) as { choices: { delta: { content: string }; finish_reason: string | null }[] }[];
  expect(seen.map((f) => f.choices[0]?.delta.content).join('')).toBe('62');
  expect(seen.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  expect(frames(text).at(-1)).toMatchObject({ usage: { cost: expect.any(Number) } });
});

test('a plain answer is preceded by white space, as recorded', async () => {
  sim = await startSim();
  const { text } = await ask(sim, {});
  expect(text).toMatch(/^\s+\{/);
  expect(JSON.parse(text)).toMatchObject({ choices: [{ message: { content: '62' } }] });
});

test('without a key the gateway says so, and reads stay open', async () => {
  sim = await startSim();
  expect(await ask(sim, {}, {})).toMatchObject({ status: 401 });
  expect((await fetch(`${sim.baseUrl}/key`)).status).toBe(401);
  expect((await fetch(`${sim.baseUrl}/models`)).status).toBe(200);
});

test('a pinned call reaches exactly that endpoint, and an unknown pin is a 404', async () => {
  sim = await startSim();
  const pin = (tag: string) => ({
    model: 'openai/gpt-oss-20b',
    provider: { order: [tag], allow_fallbacks: false },
  });
  await ask(sim, pin('groq'));
  expect(sim.calls.at(-1)).toMatchObject({ provider: 'groq', isPinned: true });
  expect((await ask(sim, pin('nobody'))).status).toBe(404);
});

test('a failed provider is an error when pinned and a fallback when not', async () => {
  sim = await startSim();
  const cheapest = (await ask(sim, { model: 'openai/gpt-oss-20b' })) && sim.calls.at(-1)?.provider;
  const slug = String(cheapest).split('/')[0] ?? '';
  sim.script(providerDown(slug));
  const pinned = await ask(sim, {
    model: 'openai/gpt-oss-20b',
    provider: { order: [cheapest], allow_fallbacks: false },
  });
  expect(pinned.status).toBe(502);
  expect(JSON.parse(pinned.text).error.metadata.provider_name).toBeTruthy();
  const open = await ask(
    sim,
    { model: 'openai/gpt-oss-20b' },
    {
      authorization: `Bearer ${key}`,
      'x-openrouter-metadata': 'enabled',
    },
  );
  expect(open.status).toBe(200);
  expect(sim.calls.at(-1)?.provider).not.toBe(cheapest);
});

test('the misleading 401 strikes keyed calls only, at its share, the same way for the same seed', async () => {
  const story = async (seed: number): Promise<number[]> => {
    const s = await startSim({ seed });
    s.script(misleading401(0.5));
    const out: number[] = [];
    for (let i = 0; i < 12; i++) out.push((await ask(s, {})).status);
    expect(JSON.parse((await ask(s, {}, {})).text).error.message).toBe('Missing Authentication header');
    await s.close();
    return out;
  };
  const first = await story(7);
  expect(new Set(first)).toEqual(new Set([200, 401]));
  expect(await story(7)).toEqual(first);
});

test.each(inBandShapes)('the in-band error %s arrives inside a 200, streamed and not', async (shape) => {
  sim = await startSim();
  sim.script({ provider: 'openai', inBand: { shape } }, { provider: 'azure', inBand: { shape } });
  const streamed = await ask(sim, { stream: true });
  expect(streamed.status).toBe(200);
  expect(streamed.text).toContain('"error"');
  const plain = await ask(sim, {});
  expect(plain.status).toBe(200);
  expect(plain.text).toContain('"error"');
});

test('a cut ends politely without finish, a reset tears the socket', async () => {
  sim = await startSim();
  const undo = sim.script({ path: '/chat', cutAfterTokens: 1 });
  const cut = await ask(sim, { stream: true });
  expect(cut.text).not.toContain('[DONE]');
  expect(cut.text).not.toContain('"finish_reason":"stop"');
  undo();
  sim.script({ path: '/chat', resetAfterTokens: 1 });
  await expect(ask(sim, { stream: true })).rejects.toThrow();
});

test('a stall holds the stream open and the call log keeps the instant of each token', async () => {
  sim = await startSim();
  sim.script({ path: '/chat', stallAfterTokens: 1, stallMs: 60 });
  await ask(sim, { stream: true });
  const sent = sim.calls.at(-1)?.tokensSentAtMs ?? [];
  expect(sent).toHaveLength(2);
  expect((sent[1] ?? 0) - (sent[0] ?? 0)).toBeGreaterThanOrEqual(55);
});

test('an empty account is a 402, a revoked key a 401, and /key says what is left', async () => {
  sim = await startSim();
  sim.account.remainingUsd = 0;
  expect((await ask(sim, {})).status).toBe(402);
  sim.account.remainingUsd = 5;
  sim.account.revoked.add(key);
  expect(JSON.parse((await ask(sim, {})).text).error.message).toBe('User not found.');
});

test('a withdrawn model leaves the list and is no longer served', async () => {
  sim = await startSim();
  sim.catalog.withdraw('openai/gpt-4o-mini');
  const list = await (await fetch(`${sim.baseUrl}/models`)).text();
  expect(list).not.toContain('"openai/gpt-4o-mini"');
  expect(JSON.parse((await ask(sim, {})).text).error.message).toBe(
    'No endpoints found for openai/gpt-4o-mini.',
  );
  sim.catalog.restore('openai/gpt-4o-mini');
  expect((await ask(sim, {})).status).toBe(200);
});

test('a scripted failure shows in the published figures of that endpoint', async () => {
  sim = await startSim();
  sim.script(providerDown('groq', 502, 0.5));
  const doc = (await (await fetch(`${sim.baseUrl}/models/openai/gpt-oss-20b/endpoints`)).json()) as {
    data: { endpoints: { tag: string; status: number; uptime_last_30m: number }[] };
  };
  const groq = doc.data.endpoints.find((e) => e.tag === 'groq');
  expect(groq?.status).toBeLessThan(0);
  expect(groq?.uptime_last_30m).toBeLessThan(80);
});

test('the status page is one JSON document and an HTML shell for everything else', async () => {
  sim = await startSim();
  sim.page.declare({
    id: 'i1',
    title: 'Errors',
    status: 'major_outage',
    text: 'Looking.',
    nowMs: 1_760_000_000_000,
  });
  const page = (await (await fetch(`${sim.statusUrl}/config.json`)).json()) as {
    domainPrefix: string;
    incidents: unknown[];
  };
  expect(page.domainPrefix).toBe('openrouter');
  expect(page.incidents).toHaveLength(1);
  const shell = await fetch(`${sim.statusUrl}/api/v2/summary.json`);
  expect(shell.status).toBe(200);
  expect(await shell.text()).toContain('<!DOCTYPE html>');
});

test('two hundred streams at once are all answered', async () => {
  sim = await startSim({ latencyScale: 0.02 });
  const s = sim;
  const all = await Promise.all(Array.from({ length: 200 }, () => ask(s, { stream: true })));
  expect(all.every((a) => a.text.endsWith('data: [DONE]\n\n'))).toBe(true);
});

test('the other faces of the gateway answer too, streamed and not', async () => {
  sim = await startSim();
  const call = async (path: string, body: object): Promise<string> => {
    const headers = { authorization: `Bearer ${key}` };
    const init = { method: 'POST', headers, body: JSON.stringify({ model: 'openai/gpt-4o-mini', ...body }) };
    return (await fetch(`${sim?.baseUrl}${path}`, init)).text();
  };
  expect(await call('/responses', { input: 'What is 37 + 25?', stream: true })).toContain(
    'response.completed',
  );
  const message = { messages: [{ role: 'user', content: 'What is 37 + 25?' }] };
  expect(await call('/messages', message)).toContain('"text":"62"');
  expect(await call('/embeddings', { input: 'text' })).toContain('"embedding":[');
  expect(await call('/messages', { ...message, model: 'gone/model' })).toContain('No endpoints found');
});
