import { afterEach, expect, test } from 'vitest';
import { createRedact } from '#lib/redact.ts';
import { type Loopback, serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { startSim } from '../sim/main.ts';
import { account } from './account.ts';

let server: Loopback | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

const target = { gateway: 'openrouter', provider: null, model: null };

async function look(status: number, body: unknown, key: string | null = 'sk-or-v1-test') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  server = await serveHttp((_req, res) => res.writeHead(status).end(text));
  const redact = createRedact([key]);
  return account(watchedTarget('account', target, { baseUrl: server.url }), probeIo({ key, redact }));
}

test('a good key says what is left, how it is limited and what it used today', async () => {
  const sim = await startSim();
  const watched = watchedTarget('account', target, { baseUrl: sim.baseUrl });
  const { observation, found } = await account(watched, probeIo());
  await sim.close();
  expect(observation).toMatchObject({
    status: 200,
    keyed: true,
    account: { valid: true, isFreeTier: false },
  });
  expect(found).toMatchObject([{ kind: 'account', account: 'openrouter', facts: { limitUsd: 50 } }]);
});

test('no limit is null, not nought, and numbers may come as text', async () => {
  const { observation, found } = await look(200, {
    data: {
      label: 'probe',
      limit: null,
      limit_remaining: null,
      usage: '1.25',
      is_free_tier: true,
      expires_at: '2027-01-01T00:00:00Z',
    },
  });
  expect(observation.account).toEqual({ valid: true, limitRemainingUsd: null, isFreeTier: true });
  expect(found).toMatchObject([
    { facts: { limitUsd: null, usageUsd: 1.25, expiresAtMs: Date.UTC(2027, 0, 1) } },
  ]);
});

test('the free quota of the day is counted', async () => {
  const { found } = await look(200, { data: { free_model_daily_requests: { used: 5, limit: 50 } } });
  expect(found).toMatchObject([{ facts: { freeDaily: { used: 5, limit: 50, remaining: 45 } } }]);
});

test('a 401 is a refused key whose cause is for others to judge', async () => {
  const { observation, found } = await look(401, { error: { message: 'User not found.', code: 401 } });
  expect(observation).toMatchObject({
    status: 401,
    account: { valid: false },
    error: { message: 'User not found.' },
  });
  expect(found).toBeUndefined();
});

test('a 500 says nothing about the key', async () => {
  const { observation } = await look(500, { error: { message: 'Internal Server Error', code: 500 } });
  expect(observation).toMatchObject({ status: 500, account: null, error: { code: '500' } });
});

test.each([
  ['HTML', '<html><title>Attention Required!</title></html>'],
  ['nothing', ''],
  ['a list', '[]'],
  ['null', '{"data":null}'],
])('%s with status 200 is malformed', async (_name, body) => {
  const { observation } = await look(200, body);
  expect(observation).toMatchObject({ fault: 'malformed', account: null });
});

test('a label that holds the key is redacted', async () => {
  const key = 'sk-or-v1-0123456789abcdef';
  const { found } = await look(200, { data: { label: `mine ${key.slice(0, 14)}...` } }, key);
  expect(JSON.stringify(found)).not.toContain('0123');
});

test('a second key is read under its own name', async () => {
  server = await serveHttp((_req, res) => res.end(JSON.stringify({ data: { limit: 5 } })));
  const watched = watchedTarget('account', { ...target, provider: 'team-b' }, { baseUrl: server.url });
  const { found } = await account(watched, probeIo());
  expect(found).toMatchObject([{ account: 'team-b' }]);
});
