import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { siteConfig } from '../../../e2e/site.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({
    scene: 'partial',
    config: { ...siteConfig, page: { hide: ['provider:novita'] } },
  });
});
afterAll(() => edge.stop());

const asked = async (path: string) =>
  (await fetch(edge.url + path, { headers: { 'user-agent': 'curl/8.5.0', accept: '*/*' } })).text();

test('a terminal is answered in ten plain lines, the first of them the sentence of the page', async () => {
  const lines = (await asked('/')).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines[0]).toMatch(/^DeepInfra is down: 18 of 18 checks/);
  expect(await asked('/status.txt')).toBe(`${lines.join('\n')}\n`);
  expect(lines.join('\n')).not.toMatch(/all 1 |NovitaAI|<|\u001b/);
  expect(lines[1]).toBe('Gateway:   OpenRouter operational');
});

const json = async (path: string) => JSON.parse(await asked(path));

test('one provider of several that is down is the whole in part, in whatever shows one light', async () => {
  const small = await json('/status.json');
  expect(small).toMatchObject({ status: 'degraded', verdict: 'partial_outage' });
  expect(small.sentence).toMatch(/^DeepInfra is down/);
  const light = { indicator: 'major', description: 'Partial System Outage' };
  expect((await json('/api/v2/status.json')).status).toEqual(light);
  const summary = await json('/api/v2/summary.json');
  expect(summary.status).toEqual(light);
  expect(summary.components.map((one: { id: string }) => one.id)).toContain('provider-deepinfra');
  expect(JSON.stringify(summary)).not.toContain('novita');
});

test('with a watch list it is about exactly that', async () => {
  const lines = (await asked('/?watch=chat,gpt-5-nano')).split('\n');
  expect(lines[0]).toBe('chat and gpt-5-nano work.');
  expect(lines[7]).toBe('Incidents: none open');
  expect((await asked('/?watch=deepinfra')).split('\n')[0]).toMatch(/^DeepInfra is down/);
  expect((await asked('/?watch=%0a%1b[31m')).split('\n')).toHaveLength(11);
});

test('a badge says percent, or that nothing was measured, and nothing of what is hidden or our own', async () => {
  const badge = async (scope: string, show: string) =>
    (await fetch(`${edge.url}/badge.json?scope=${scope}&show=${show}`)).json();
  expect(await badge('chain:chat', 'availability')).toMatchObject({ message: 'not measured' });
  expect(await badge('provider:groq', 'state')).toMatchObject({ color: 'success' });
  for (const scope of ['provider:novita', 'account:openrouter', 'prober:local'])
    expect((await fetch(`${edge.url}/badge.svg?scope=${scope}`)).status, scope).toBe(404);
});
