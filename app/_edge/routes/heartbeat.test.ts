import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({
    config: { heartbeats: [{ name: 'nightly-job', token: 'token-of-the-job', every: '1h', grace: '5m' }] },
  });
});
afterAll(() => edge.stop());

const push = (path: string, method: string) => fetch(`${edge.url}/api/v1/heartbeats/${path}`, { method });
const asked = () =>
  edge.store.people.claimIntents(10, edge.nowMs()).map(({ kind, body }) => ({ kind, body }));

test('the holder of the token reports in, with POST or with a plain GET', async () => {
  expect((await push('token-of-the-job', 'POST')).status).toBe(202);
  expect((await push('token-of-the-job?status=down&msg=disk+full&ping=3', 'GET')).status).toBe(202);
  expect(asked()).toEqual([
    { kind: 'push', body: { name: 'nightly-job', isUp: true, text: null } },
    { kind: 'push', body: { name: 'nightly-job', isUp: false, text: 'disk full' } },
  ]);
});

test('an unknown token is not found, and nothing is asked of the worker', async () => {
  expect((await push('somebody-elses', 'POST')).status).toBe(404);
  expect(asked()).toEqual([]);
});

test('a status nobody knows is refused by name', async () => {
  const answer = await push('token-of-the-job?status=sideways', 'POST');
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('status');
});
