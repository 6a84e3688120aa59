import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, type LanguageModel, streamText } from 'ai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Direct, startDirect } from '../../probes/sim/direct.ts';
import type { Step } from '../../probes/sim/script.ts';
import type { RouteState } from '../core/plan.ts';
import { manyRoutes } from '../testing/many-routes.ts';
import { type EdgeUnderTest, startEdge } from '../testing/running-edge.ts';
import { SignalboxClient } from './index.ts';
import { routed } from './vercel-ai.ts';

/** The AI SDK itself, three upstreams, and the running edge between them. */
let edge: EdgeUnderTest;
let routes: RouteState[];
let upstreams: Direct[];
const clients: SignalboxClient[] = [];

beforeAll(async () => {
  edge = await startEdge({ scene: 'calm' });
  routes = manyRoutes(edge.store, 3, edge.nowMs());
  upstreams = await Promise.all([1, 2, 3].map((seed) => startDirect({ seed })));
});
afterAll(async () => {
  await edge.stop();
  for (const one of upstreams) await one.close();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.stop();
  for (const one of upstreams) {
    one.clearScript();
    one.calls.length = 0;
  }
});

const ids = () => routes.map((one) => one.targetId);

/** Publishes which of the three are out, as the worker would. */
function publish(isOut: (index: number) => boolean): void {
  routes = routes.map((one, i) => ({
    ...one,
    circuit: { ...one.circuit, state: isOut(i) ? 'open' : 'closed', sinceMs: edge.nowMs() },
    advice: isOut(i)
      ? { ...one.advice, action: 'avoid', weight: 0 }
      : { ...one.advice, action: 'use', weight: 100 },
  }));
  const nothing = { components: [], incidents: [], events: [], guard: null, asks: [] };
  edge.store.looks.advance(edge.nowMs(), () => ({ ...nothing, routes }));
}

async function follow(isOut: (index: number) => boolean, url = edge.url): Promise<SignalboxClient> {
  publish(isOut);
  const client = new SignalboxClient({ url });
  clients.push(client);
  const { store, web } = edge;
  while (web.edge.live.facts().routes.some((one, i) => (one.circuit.state === 'open') !== isOut(i)))
    await new Promise((done) => setTimeout(done, 10));
  expect(store.looks.current().routes.length).toBe(3);
  return client.start(url === edge.url ? 3_000 : 50);
}

function model(feed: SignalboxClient): Exclude<LanguageModel, string> {
  const of = (one: Direct) =>
    createOpenAICompatible({ name: 'sim', baseURL: `${one.baseUrl}/v1`, apiKey: 'k' })('small-1');
  return routed(feed, Object.fromEntries(upstreams.map((one, i) => [ids()[i] as string, of(one)])));
}

const callsOf = (index: number) => upstreams[index]?.calls.length ?? 0;
const down: Step = { path: '/chat/completions', status: 502 };
const strike = (index: number, step: Step) => upstreams[index]?.script(step);
const midway = { shape: 'choices_empty', code: 502, afterTokens: 1 } as const;
const prompt = 'What is two plus two?';

interface Said {
  text: string;
  errors: unknown[];
}

async function streamed(feed: SignalboxClient): Promise<Said> {
  const errors: unknown[] = [];
  const { textStream } = streamText({
    model: model(feed),
    prompt,
    onError: ({ error }) => void errors.push(error),
  });
  let text = '';
  for await (const piece of textStream) text += piece;
  return { text, errors };
}

async function generated(feed: SignalboxClient): Promise<Said> {
  const { text } = await generateText({ model: model(feed), prompt });
  return { text, errors: [] };
}

describe.each([
  ['generateText', generated],
  ['streamText', streamed],
] as const)('%s', (_name, ask) => {
  async function succeeds(feed: SignalboxClient, times = 4): Promise<void> {
    for (let i = 0; i < times; i++) {
      const { text, errors } = await ask(feed);
      expect(errors).toEqual([]);
      expect(text.length).toBeGreaterThan(0);
    }
  }

  test('one is down and marked: it is not called at all', async () => {
    const feed = await follow((i) => i === 0);
    strike(0, down);
    await succeeds(feed, 8);
    expect(callsOf(0)).toBe(0);
    expect(callsOf(1) + callsOf(2)).toBe(8);
  });

  test('two are down and marked: nobody sees a failure', async () => {
    const feed = await follow((i) => i !== 2);
    strike(0, down);
    strike(1, down);
    await succeeds(feed);
    expect(callsOf(2)).toBe(4);
  });

  test('all are marked and all work: they are used', async () => {
    const feed = await follow(() => true);
    await succeeds(feed);
    expect(callsOf(0) + callsOf(1) + callsOf(2)).toBe(4);
  });

  test('all are marked and one works: it is found', async () => {
    const feed = await follow(() => true);
    strike(0, down);
    strike(1, { ...down, resetAfterTokens: -1 });
    await succeeds(feed, 3);
  });

  test('the feed is dead: failures are met and gone round', async () => {
    const feed = await follow(() => false, 'http://127.0.0.1:9');
    expect(feed.freshness()).toBe('none');
    strike(1, down);
    await succeeds(feed, 5);
  });

  test('the feed is green and wrong: three failures of our own are enough', async () => {
    const feed = await follow(() => false);
    strike(0, down);
    await succeeds(feed, 20);
    expect(callsOf(0)).toBeLessThanOrEqual(3);
    strike(1, { path: '/chat/completions', resetAfterTokens: -1 });
    await succeeds(feed, 4);
  });

  test('a 400 is the caller’s own and goes nowhere else', async () => {
    const feed = await follow(() => false);
    for (const i of [0, 1, 2]) strike(i, { path: '/chat/completions', status: 400 });
    const said = await ask(feed).catch((error: unknown) => ({ text: '', errors: [error] }));
    expect(said.errors).toMatchObject([{ statusCode: 400 }]);
    expect(callsOf(0) + callsOf(1) + callsOf(2)).toBe(1);
  });

  test('all are down: three attempts, not three times three, and the last error is told', async () => {
    const feed = await follow(() => false);
    for (const i of [0, 1, 2]) strike(i, down);
    const said = await ask(feed).catch((error: unknown) => ({ text: '', errors: [error] }));
    expect(said.errors).toMatchObject([{ statusCode: 502 }]);
    expect([callsOf(0), callsOf(1), callsOf(2)]).toEqual([1, 1, 1]);
  });
});

describe('a stream', () => {
  test.each<[string, Step]>([
    [
      'an error after the 200',
      { inBand: { shape: 'choices_empty', code: 502, message: 'upstream gone', afterTokens: 0 } },
    ],
    ['an end without a word', { cutAfterTokens: 0 }],
    ['a cut connection', { resetAfterTokens: 0 }],
    ['a page instead of an answer', { garbage: 'html' }],
    ['nonsense', { garbage: 'bytes' }],
  ])('that begins with %s goes on elsewhere', async (_name, step) => {
    const feed = await follow(() => false);
    for (const i of [0, 1]) strike(i, { path: '/chat/completions', ...step });
    for (let n = 0; n < 3; n++) {
      const { text, errors } = await streamed(feed);
      expect(errors).toEqual([]);
      expect(text.length).toBeGreaterThan(0);
    }
    expect(callsOf(2)).toBe(3);
  });

  test('that fails after its first token is not begun again', async () => {
    const feed = await follow(() => false);
    for (const i of [0, 1, 2])
      strike(i, {
        path: '/chat/completions',
        answer: 'one two three four five',
        inBand: midway,
      });
    const { text, errors } = await streamed(feed);
    expect(text.length).toBeGreaterThan(0);
    expect(errors.length).toBe(1);
    expect(callsOf(0) + callsOf(1) + callsOf(2)).toBe(1);
  });

  test('that keeps failing in the middle opens the local breaker', async () => {
    const feed = await follow(() => false);
    strike(0, {
      path: '/chat/completions',
      answer: 'one two three four five',
      inBand: midway,
    });
    for (let n = 0; n < 40; n++) await streamed(feed);
    expect(callsOf(0)).toBe(3);
  });

  test('the caller leaves: the upstream is let go, and nobody is blamed or asked instead', async () => {
    const feed = await follow(() => false);
    for (const i of [0, 1, 2]) strike(i, { path: '/chat/completions', hang: true });
    const leave = new AbortController();
    const { textStream } = streamText({
      model: model(feed),
      prompt,
      abortSignal: leave.signal,
      onError: () => undefined,
    });
    setTimeout(() => leave.abort(), 100);
    for await (const _piece of textStream) expect.unreachable();
    expect(callsOf(0) + callsOf(1) + callsOf(2)).toBe(1);
  });
});

test('what the SDK reads of a model is there, though the provider’s class has getters', async () => {
  const one = model(await follow(() => false)) as {
    provider: string;
    modelId: string;
    supportedUrls: unknown;
  };
  expect([one.provider, one.modelId]).toEqual(['signalbox', 'small-1']);
  expect(one.supportedUrls).toEqual({});
});
