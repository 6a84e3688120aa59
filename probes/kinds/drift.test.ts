import { afterEach, expect, test } from 'vitest';
import { type Loopback, serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { drift, memoryOfDrift } from './drift.ts';
import { answersOf, compareAnswers, driftPrompt, isOdd } from './drift-answers.ts';

let server: Loopback | null = null;
afterEach(() => server?.close());

const right = '1. Canberra\n2. Tungsten\n3. 391\n4. 97\n5. swam';
const wrong = '1. Sydney\n2. Wolfram\n3. 401\n4. 97\n5. swam';

interface Said {
  text: string;
  fingerprint?: string;
  status?: number;
}

async function start(say: (tag: string) => Said): Promise<ReturnType<typeof watchedTarget>> {
  server = await serveHttp((req, res) => {
    let body = '';
    req.on('data', (part) => (body += part));
    req.on('end', () => {
      const tag = JSON.parse(body).provider.order[0];
      const { text, fingerprint = 'fp_1', status = 200 } = say(tag);
      const answer = {
        id: 'gen-1',
        model: 'a/m',
        system_fingerprint: fingerprint,
        choices: [{ message: { content: text }, finish_reason: 'stop' }],
        usage: { cost: 0.00001 },
      };
      res
        .writeHead(status)
        .end(JSON.stringify(status === 200 ? answer : { error: { code: status, message: 'down' } }));
    });
  });
  return watchedTarget(
    'drift',
    { gateway: 'openrouter', provider: null, model: 'a/m' },
    {
      baseUrl: server.url,
      options: { isOpenRouter: true, endpoints: ['x', 'y', 'z/fp4'].map((tag) => ({ tag })) },
    },
  );
}

test('everybody is asked the same, and what all say is no finding', async () => {
  const watched = await start(() => ({ text: right }));
  const { observation, found } = await drift(watched, probeIo());
  expect(observation).toMatchObject({ probe: 'drift', error: null, output: { answer: 'match', done: true } });
  expect(observation.costUsd).toBeCloseTo(0.00003);
  expect(found).toMatchObject([
    {
      asked: ['x', 'y', 'z/fp4'].map((endpoint) => ({ endpoint, same: 5, of: 5, isOdd: false })),
      findings: [],
    },
  ]);
});

test('one who answers otherwise is found, once while it lasts', async () => {
  const watched = await start((tag) => ({ text: tag === 'z/fp4' ? wrong : right }));
  const io = probeIo();
  const first = await drift(watched, io);
  expect(first.observation.output?.answer).toBe('mismatch');
  expect(first.found).toEqual([
    {
      kind: 'drift',
      gateway: 'openrouter',
      model: 'a/m',
      asked: [
        { endpoint: 'x', fingerprint: 'fp_1', servedModel: 'a/m', same: 5, of: 5, isOdd: false },
        { endpoint: 'y', fingerprint: 'fp_1', servedModel: 'a/m', same: 5, of: 5, isOdd: false },
        { endpoint: 'z/fp4', fingerprint: 'fp_1', servedModel: 'a/m', same: 2, of: 5, isOdd: true },
      ],
      findings: [{ endpoint: 'z/fp4', what: 'answers', before: null, after: '2 of 5 as the others' }],
    },
  ]);
  expect((await drift(watched, io)).found).toMatchObject([{ findings: [] }]);
});

test('a changed fingerprint is found with before and after', async () => {
  let fingerprint = 'fp_1';
  const watched = await start(() => ({ text: right, fingerprint }));
  const io = probeIo();
  await drift(watched, io);
  fingerprint = 'fp_2';
  const { found } = await drift(watched, io);
  expect(found).toMatchObject([
    { findings: [{ endpoint: 'x', what: 'fingerprint', before: 'fp_1', after: 'fp_2' }, {}, {}] },
  ]);
});

test('what changed while nobody looked is found after a restart, and what was odd before is no news', async () => {
  let fingerprint = 'fp_1';
  const watched = await start((tag) => ({ text: tag === 'y' ? wrong : right, fingerprint }));
  const [before] = (await drift(watched, probeIo())).found ?? [];
  fingerprint = 'fp_2';
  const known = before?.kind === 'drift' ? before.asked : [];
  const { found } = await drift(watched, probeIo({ memory: new Map(memoryOfDrift(known)) }));
  const findings = found?.flatMap((one) => (one.kind === 'drift' ? one.findings : []));
  expect(findings?.map(({ endpoint, what }) => `${endpoint} ${what}`).sort()).toEqual([
    'x fingerprint',
    'y fingerprint',
    'z/fp4 fingerprint',
  ]);
});

test('one who fails is left out, and all failing is an error, no drift', async () => {
  const one = await start((tag) => ({ text: right, status: tag === 'x' ? 502 : 200 }));
  expect((await drift(one, probeIo())).observation).toMatchObject({
    error: null,
    output: { answer: 'match' },
  });
  server?.close();
  const all = await start(() => ({ text: right, status: 502 }));
  expect((await drift(all, probeIo())).observation).toMatchObject({
    status: 502,
    error: { code: '502' },
    output: { answer: null, done: false },
  });
});

test('answers are read as people write them', () => {
  expect(answersOf('1) **Canberra**.\n2: Tungsten\n - 3. 391\n4.97\nfive: swam')).toEqual([
    'canberra',
    'tungsten',
    '391',
    '97',
    null,
  ]);
  expect(answersOf('I cannot help with that.')).toEqual([null, null, null, null, null]);
});

test('one slip is chance, and where there is no majority nobody is wrong', () => {
  const [a, b, c] = ['a b c d e', 'a b c d x', 'a b y z x'].map((text) => text.split(' '));
  expect(compareAnswers([a ?? [], a ?? [], b ?? []]).map(isOdd)).toEqual([false, false, false]);
  expect(compareAnswers([a ?? [], a ?? [], a ?? [], c ?? []]).map(isOdd)).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(compareAnswers([a ?? [], ['1', '2', '3', '4', '5']]).map(isOdd)).toEqual([false, false]);
  expect(driftPrompt.split('\n')).toHaveLength(6);
});
