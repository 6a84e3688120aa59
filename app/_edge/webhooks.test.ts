import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminToken, type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

const folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
let edge: EdgeUnderTest;
const key = 'sb_live_router_0123456789abcdef0123456789abcdef';
const other = 'sb_live_other_0123456789abcdef0123456789abcdef';

beforeAll(async () => {
  edge = await startEdge({ web: { dataDir: folder, secret: 'a secret of the test alone' } });
  for (const [token, subject] of [
    [key, 'router'],
    [other, 'other'],
  ] as const)
    edge.store.people.putToken({
      hash: createHash('sha256').update(token).digest('hex'),
      purpose: 'api_key',
      subject,
      expiresAtMs: null,
      scopes: ['webhooks'],
    });
});
afterAll(async () => {
  await edge.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(method: string, path: string, token: string | null, body?: unknown) {
  const answer = await fetch(`${edge.url}/api/v1/webhooks${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, never> };
}

test('a key makes a webhook, sees the secret once, and others do not see the webhook at all', async () => {
  const made = await call('POST', '', key, { url: 'https://hooks.example.org/x', kinds: ['circuit'] });
  expect(made).toMatchObject({
    status: 201,
    body: { host: 'hooks.example.org', status: 'pending', secret: expect.stringMatching(/^whsec_/) },
  });
  const { id } = made.body;
  const listed = await call('GET', '', key);
  expect(listed.body).toMatchObject({ webhooks: [{ id }] });
  expect(JSON.stringify(listed.body)).not.toContain('whsec_');
  expect((await call('GET', '', other)).body).toEqual({ webhooks: [] });
  expect((await call('GET', '', adminToken)).body).toMatchObject({ webhooks: [{ id }] });
  for (const [method, path] of [
    ['DELETE', `/${id}`],
    ['POST', `/${id}/test`],
    ['POST', `/${id}/rotate`],
    ['GET', `/${id}/deliveries`],
  ] as const)
    expect((await call(method, path, other)).status).toBe(404);
  expect((await call('POST', `/${id}/test`, key)).status).toBe(202);
  expect((await call('POST', `/${id}/rotate`, key)).body).toMatchObject({
    secret: expect.stringMatching(/^whsec_/),
  });
  expect((await call('GET', `/${id}/deliveries`, key)).body).toMatchObject({
    deliveries: [{ what: 'queued' }],
  });
  expect((await call('DELETE', `/${id}`, key)).status).toBe(200);
  expect((await call('DELETE', `/${id}`, key)).status).toBe(404);
});

test('no key, no webhook; and what is wrong with one is named', async () => {
  expect((await call('POST', '', null, { url: 'https://a.example/' })).status).toBe(401);
  expect((await call('GET', '', null)).status).toBe(401);
  expect(await call('POST', '', key, { url: 'http://10.0.0.1/' })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'url' }] },
  });
});
