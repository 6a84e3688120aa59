import { afterEach, expect, test } from 'vitest';
import { serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { type Sim, startSim } from '../sim/main.ts';
import type { Step } from '../sim/script.ts';
import { type AbilityName, abilities, capability } from './capability.ts';

let sim: Sim | null = null;
afterEach(async () => {
  await sim?.close();
  sim = null;
});

async function look(ability: string, ...steps: Step[]) {
  sim ??= await startSim();
  sim.clearScript();
  sim.script(...steps);
  const watched = watchedTarget(
    'completion',
    { gateway: 'openrouter', provider: 'openai', model: 'openai/gpt-4o-mini', api: ability },
    { baseUrl: sim.baseUrl, endpoint: 'openai', options: { isOpenRouter: true, ability } },
  );
  return (await capability(watched, probeIo())).observation;
}

test.each(Object.keys(abilities) as AbilityName[])('%s: a route that can do it does it', async (ability) => {
  const o = await look(ability);
  expect(o).toMatchObject({ status: 200, error: null, output: { answer: 'match', done: true } });
  expect(o.costUsd).toBeGreaterThan(0);
});

test('a tool call with other numbers, and none at all, are told apart', async () => {
  expect((await look('tools', { omit: ['content'] })).output?.answer).toBe('empty');
});

test('an answer outside of its schema is a mismatch', async () => {
  expect((await look('schema', { answer: 'The sum is sixty two' })).output?.answer).toBe('mismatch');
});

test('an answer asked for without a stream is asked for without a stream', async () => {
  await look('unstreamed');
  expect(sim?.calls.at(-1)?.body).toMatchObject({ stream: false });
});

test('the long question is long, and new from its first words on', async () => {
  await look('long_input');
  const messages = sim?.calls.at(-1)?.body.messages as { content: string }[] | undefined;
  const message = messages?.[0];
  expect(message?.content.length).toBeGreaterThan(32_000);
  expect(message?.content).toMatch(/^What is \d+ \+ \d+/);
});

test('a parameter the route does not take is an error with its own words', async () => {
  const body = {
    error: { code: 400, message: 'tools are not supported', metadata: { provider_name: 'OpenAI' } },
  };
  const o = await look('tools', { status: 400, body });
  expect(o).toMatchObject({
    status: 400,
    error: { message: 'tools are not supported' },
    output: { answer: null },
  });
});

test('an ability nobody knows is a mistake of ours', async () => {
  await expect(look('juggling')).rejects.toThrow('no ability called juggling');
});

test('an embedding has nothing that could be wrong: a vector came, or none', async () => {
  const say = async (body: unknown) => {
    const server = await serveHttp((_req, res) => res.end(JSON.stringify(body)));
    const watched = watchedTarget(
      'capability',
      { gateway: 'openrouter', provider: 'any', model: 'openai/text-embedding-3-small', api: 'embeddings' },
      {
        baseUrl: server.url,
        dialect: 'openai-embeddings',
        options: { isOpenRouter: true, ability: 'answer' },
      },
    );
    const { observation } = await capability(watched, probeIo());
    server.close();
    return observation.output;
  };
  expect(await say({ data: [{ embedding: [0.1, 0.2] }], usage: { prompt_tokens: 9 } })).toMatchObject({
    done: true,
    answer: null,
  });
  expect(await say({ data: [] })).toMatchObject({ done: false });
});
