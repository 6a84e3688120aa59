import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { adminToken, type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({ scene: 'calm' });
});
afterAll(() => edge.stop());

const iso = (inMs: number) => new Date(Date.now() + inMs).toISOString();
const good = () => ({
  ...{ title: 'a new rack', scope: ['provider:groq'], from: iso(3_600_000), to: iso(7_200_000) },
});
const post = (body: unknown, token = adminToken) =>
  fetch(`${edge.url}/api/v1/maintenance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });

test('is planned with a token, listed, in Statuspage’s terms too, and told', async () => {
  const made = await post(good());
  expect(made.status).toBe(201);
  const listed = (await (await fetch(`${edge.url}/api/v1/maintenance`)).json()) as { data: object[] };
  expect(listed.data).toEqual([await made.json()]);
  const [route] = edge.scene.facts.routes.filter((one) => one.target.provider === 'groq');
  const shown = async () => {
    const answer = await fetch(`${edge.url}/api/v1/health/targets/${route?.targetId}`);
    return ((await answer.json()) as { target: { maintenance: object | null } }).target.maintenance;
  };
  expect(await shown()).toBeNull();
  edge.setNow(Date.now() + 11_000);
  edge.store.upkeep.beat({ atMs: edge.nowMs(), startedAtMs: 0, vantage: 'local', facts: {} });
  await vi.waitFor(async () => expect(await shown()).toMatchObject({ title: 'a new rack' }));
  const upcoming = await fetch(`${edge.url}/api/v2/scheduled-maintenances/upcoming.json`);
  expect(await upcoming.json()).toMatchObject({
    scheduled_maintenances: [
      {
        ...{ name: 'a new rack', status: 'scheduled', components: [{ id: 'provider-groq' }] },
        incident_updates: [{ status: 'scheduled', body: 'a new rack' }],
      },
    ],
  });
  expect(edge.store.events.list({ types: ['maintenance.scheduled'], limit: 5 })).toHaveLength(1);
});

test.each([
  ['title', { title: '' }],
  ['scope.0', { scope: ['groq'] }],
  ['from', { from: 'tomorrow' }],
  ['to', { to: iso(60_000) }],
  ['to', { from: iso(-7_200_000), to: iso(-3_600_000) }],
  ['to', { to: iso(90 * 86_400_000) }],
  ['', { colour: 'blue' }],
])('a body that is wrong in %s is refused by name, and nothing is planned', async (field, wrong) => {
  const before = await (await fetch(`${edge.url}/api/v1/maintenance`)).text();
  const answer = await post({ ...good(), title: 'other', ...wrong });
  expect(answer.status).toBe(422);
  const { errors } = (await answer.json()) as { errors: { field: string }[] };
  expect(errors[0]?.field).toBe(field);
  expect(await (await fetch(`${edge.url}/api/v1/maintenance`)).text()).toBe(before);
});

test('is nothing for strangers', async () => {
  expect((await post(good(), 'no-token-of-ours')).status).toBe(401);
});
