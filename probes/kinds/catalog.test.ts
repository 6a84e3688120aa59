import { afterEach, expect, test } from 'vitest';
import { type Loopback, serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { type Sim, startSim } from '../sim/main.ts';
import { catalog } from './catalog.ts';
import { readModelList } from './model-list.ts';

let sim: Sim | null = null;
let server: Loopback | null = null;
afterEach(async () => {
  await sim?.close();
  server?.close();
  sim = null;
  server = null;
});

const whole = { gateway: 'openrouter', provider: null, model: null };
const openRouter = (baseUrl: string) =>
  watchedTarget('catalog', whole, { baseUrl, options: { isOpenRouter: true } });

test('liveness is the key-less answer of /key, and the list comes beside it with what the edge said of it', async () => {
  sim = await startSim();
  const { observation, found = [] } = await catalog(openRouter(sim.baseUrl), probeIo());
  expect(observation).toMatchObject({ status: 401, keyed: false, fault: null, reached: 'done' });
  expect(observation.edge?.cache).toBeTruthy();
  const models = found.find((one) => one.kind === 'models');
  expect(models).toMatchObject({ gateway: 'openrouter', isComplete: true });
  expect(found.some((one) => one.kind === 'providers')).toBe(true);
  expect(sim.calls.every((call) => call.key === null)).toBe(true);
});

test('the first look reads who serves every text model, so that routes can be chosen at once', async () => {
  sim = await startSim();
  const { found = [] } = await catalog(openRouter(sim.baseUrl), probeIo());
  const models = found.flatMap((one) => (one.kind === 'models' ? one.models : []));
  const swept = found.filter((one) => one.kind === 'endpoints');
  expect(swept.length).toBeGreaterThan(5);
  expect(swept.length).toBeLessThanOrEqual(models.length);
  expect(swept[0]).toMatchObject({ gateway: 'openrouter' });
});

test('the list is read every five minutes, liveness at every look', async () => {
  sim = await startSim();
  let nowMs = 1_000_000;
  const clock = { nowMs: () => nowMs, monoMs: () => performance.now(), stallSince: () => 0 };
  const io = probeIo({ clock });
  await catalog(openRouter(sim.baseUrl), io);
  nowMs += 60_000;
  const second = await catalog(openRouter(sim.baseUrl), io);
  expect(second.found).toEqual([]);
  nowMs += 300_000;
  const third = await catalog(openRouter(sim.baseUrl), io);
  expect(third.found?.map(({ kind }) => kind)).toEqual(['models']);
});

test('a list that answers 503 is what the look saw, though the key lookup works', async () => {
  sim = await startSim();
  sim.script({
    path: '/models',
    status: 503,
    body: { error: { code: 503, message: 'Service unavailable' } },
  });
  const { observation, found } = await catalog(openRouter(sim.baseUrl), probeIo());
  expect(observation).toMatchObject({ status: 503, error: { message: 'Service unavailable' } });
  expect(found).toBeUndefined();
});

async function serve(respond: (url: string) => { status?: number; body: string }): Promise<string> {
  server = await serveHttp((req, res) => {
    const { status = 200, body } = respond(req.url ?? '');
    res.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  return server.url;
}

test('the pages of a list are followed and put together', async () => {
  const baseUrl = await serve((url) =>
    url.includes('page=2')
      ? { body: JSON.stringify({ data: [{ id: 'b/two' }], total_count: 2, links: { next: null } }) }
      : {
          body: JSON.stringify({
            data: [{ id: 'a/one' }],
            total_count: 2,
            links: { next: '/models?page=2' },
          }),
        },
  );
  const watched = watchedTarget('catalog', { ...whole, gateway: 'tokenmix' }, { baseUrl });
  const { found = [] } = await catalog(watched, probeIo());
  expect(found).toMatchObject([{ isComplete: true, models: [{ id: 'a/one' }, { id: 'b/two' }] }]);
});

test('absences mean nothing in a list that is short of its own count, or lost half of itself at once', async () => {
  let body = JSON.stringify({ data: [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }] });
  const baseUrl = await serve(() => ({ body }));
  const watched = watchedTarget('catalog', { ...whole, gateway: 'tokenmix' }, { baseUrl });
  let nowMs = 1_000_000;
  const io = probeIo({ clock: { nowMs: () => nowMs, monoMs: () => performance.now(), stallSince: () => 0 } });
  const look = async () => {
    nowMs += 300_000;
    const { found } = await catalog(watched, io);
    return found?.map((one) => one.kind === 'models' && one.isComplete);
  };
  expect(await look()).toEqual([true]);
  body = JSON.stringify({ data: [{ id: 'a' }] });
  expect([await look(), await look(), await look()]).toEqual([[false], [false], [true]]);
  body = JSON.stringify({ data: [{ id: 'a' }], total_count: 4 });
  expect(await look()).toEqual([false]);
});

test.each([
  ['an HTML page', '<!doctype html><title>Just a moment</title>', 'Just a moment'],
  ['half a document', '{"data":[{"id":"a"},', null],
  ['null where the list should be', '{"data":null}', null],
  ['a list of garbage', '{"data":[1,null,"x",{"id":7}]}', null],
])('%s with status 200 is malformed, never a healthy catalogue', async (_name, body, message) => {
  const baseUrl = await serve(() => ({ body }));
  const watched = watchedTarget('catalog', { ...whole, gateway: 'tokenmix' }, { baseUrl });
  const { observation, found } = await catalog(watched, probeIo());
  expect(observation).toMatchObject({ status: 200, fault: 'malformed' });
  if (message) expect(observation.error?.message).toBe(message);
  expect(found).toBeUndefined();
});

test('one bad element is dropped and the rest stays, but the list is no longer complete', () => {
  const list = readModelList(
    {
      data: [
        { id: 'a/b', pricing: { prompt: '-1', completion: 0.5 }, created: '1747930371' },
        null,
        { id: '' },
      ],
    },
    'http://x/models',
  );
  expect(list).toMatchObject({
    isComplete: false,
    models: [{ id: 'a/b', promptUsd: null, completionUsd: 0.5, createdAtMs: 1_747_930_371_000 }],
  });
});

test('the next page is never on another host', () => {
  const body = { data: [{ id: 'a' }], links: { next: 'https://elsewhere.example/models' } };
  expect(readModelList(body, 'https://openrouter.ai/api/v1/models')?.nextUrl).toBeNull();
});

test('a login page where the key is asked about is no liveness, also when the list is not due', async () => {
  server = await serveHttp((_req, res) => res.end('<!doctype html><title>Login</title>'));
  const memory = new Map<string, unknown>([
    ['modelsReadAtMs', Date.now()],
    ['providersReadAtMs', Date.now()],
  ]);
  const { observation } = await catalog(openRouter(server.url), probeIo({ memory }));
  expect(observation).toMatchObject({ status: 200, fault: 'malformed', error: { body: 'html' } });
});

test('a list that is for customers only is read with the key, and liveness without it', async () => {
  const keys: (string | undefined)[] = [];
  server = await serveHttp((req, res) => {
    keys.push(req.headers.authorization);
    if (!req.headers.authorization) return void res.writeHead(401).end('{"error":{"message":"No key"}}');
    res.end(JSON.stringify({ data: [{ id: 'a/b' }] }));
  });
  const target = { gateway: 'tokenmix', provider: null, model: null };
  const watched = watchedTarget('catalog', target, { baseUrl: server.url });
  const { observation, found } = await catalog(watched, probeIo({ key: 'sk-of-a-customer' }));
  expect(observation).toMatchObject({ status: 401, keyed: false });
  expect(found).toMatchObject([{ kind: 'models', models: [{ id: 'a/b' }] }]);
  expect(keys).toEqual([undefined, 'Bearer sk-of-a-customer']);
  const keyless = await catalog(watched, probeIo({ key: null }));
  expect(keyless.found).toEqual([]);
});
