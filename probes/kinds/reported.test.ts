import { afterEach, expect, test } from 'vitest';
import { serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { providerDown } from '../sim/faults.ts';
import { type Sim, startSim } from '../sim/main.ts';
import { claimOfEndpoint, readEndpointList } from './endpoint-list.ts';
import { reported } from './reported.ts';

let sim: Sim | null = null;
afterEach(async () => {
  await sim?.close();
  sim = null;
});

const target = (baseUrl: string, models: string[]) =>
  watchedTarget(
    'reported',
    { gateway: 'openrouter', provider: null, model: null },
    { baseUrl, options: { models } },
  );

test('every endpoint of a watched model becomes a fact and a claim', async () => {
  sim = await startSim();
  const { observation, found } = await reported(target(sim.baseUrl, ['openai/gpt-oss-20b']), probeIo());
  expect(observation).toMatchObject({ status: 200, fault: null, keyed: true, error: null });
  const served = sim.catalog.find('openai/gpt-oss-20b')?.endpoints.length;
  expect(observation.claims).toHaveLength(served ?? -1);
  expect(found?.[0]).toMatchObject({ kind: 'endpoints', model: 'openai/gpt-oss-20b' });
});

test('a provider that fails for everybody shows in the claim of its endpoint', async () => {
  sim = await startSim();
  sim.script(providerDown('groq'));
  const { observation } = await reported(target(sim.baseUrl, ['openai/gpt-oss-20b']), probeIo());
  const groq = observation.claims?.find((c) => c.provider === 'groq');
  expect(groq).toMatchObject({
    status: 'partial_outage',
    model: 'openai/gpt-oss-20b',
    component: 'openai/gpt-oss-20b · groq',
  });
});

test('latency is read with a key and absent without one', async () => {
  sim = await startSim();
  const t = target(sim.baseUrl, ['openai/gpt-oss-20b']);
  const latency = async (key: string | null) => {
    const found = (await reported(t, probeIo({ key }))).found?.[0];
    return found?.kind === 'endpoints' ? found.endpoints[0]?.latencyMs : undefined;
  };
  expect(await latency('sk-or-v1-x')).toMatchObject({ p50: expect.any(Number) });
  expect(await latency(null)).toBeNull();
});

test('a long list is read in turns, and what was read before stays claimed', async () => {
  sim = await startSim();
  const models = [...sim.catalog.models.keys()].slice(0, 20);
  const io = probeIo({ timeoutMs: 5_000 });
  await reported(target(sim.baseUrl, models), io);
  const second = await reported(target(sim.baseUrl, models), io);
  expect(new Set(second.observation.claims?.map((c) => c.model)).size).toBe(20);
});

test('one withdrawn model is no trouble, none readable is', async () => {
  sim = await startSim();
  const mixed = await reported(target(sim.baseUrl, ['gone/model', 'openai/gpt-oss-20b']), probeIo());
  expect(mixed.observation).toMatchObject({ status: 200, error: null });
  const none = await reported(target(sim.baseUrl, ['gone/model']), probeIo());
  expect(none.observation).toMatchObject({ status: 404, claims: [] });
});

test('a bad element is dropped and the rest of the list stays', () => {
  const good = { provider_name: 'Groq', tag: 'groq', status: 0, uptime_last_30m: '99.5' };
  const list = readEndpointList({ data: { endpoints: [null, 3, {}, good] } }, 'm');
  expect(list).toHaveLength(1);
  expect(list?.[0]).toMatchObject({ provider: 'groq', uptime30m: 99.5, latencyMs: null });
  expect(readEndpointList({ data: {} }, 'm')).toBeNull();
  expect(readEndpointList([], 'm')).toBeNull();
});

test('status zero without a figure claims nothing, and unknown negatives are degraded', () => {
  const claim = (status: number | null, uptime30m: number | null) => {
    const [e] = readEndpointList(
      { data: { endpoints: [{ provider_name: 'P', tag: 'p', status, uptime_last_30m: uptime30m }] } },
      'm',
    ) as [Parameters<typeof claimOfEndpoint>[0]];
    return claimOfEndpoint(e).status;
  };
  expect(claim(0, null)).toBe('unknown');
  expect(claim(0, 99)).toBe('operational');
  expect(claim(-2, 90)).toBe('degraded');
  expect(claim(-3, 90)).toBe('degraded');
  expect(claim(-5, 50)).toBe('partial_outage');
  expect(claim(-10, 0)).toBe('major_outage');
  expect(claim(null, 99)).toBe('unknown');
});

test('an answer without figures is no reading, whatever number stands above it', async () => {
  const server = await serveHttp((_req, res) => res.writeHead(204).end());
  const { observation } = await reported(target(server.url, ['a/b']), probeIo());
  server.close();
  expect(observation).toMatchObject({ status: 204, fault: 'malformed', claims: [] });
});
