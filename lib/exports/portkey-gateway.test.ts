import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { manyRoutes } from '#lib/testing/many-routes.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { type Direct, startDirect } from '#probes/sim/direct.ts';
import type { RouteState } from '../core/plan.ts';

/** The Portkey gateway itself as a process of its own; our export is fetched from the running edge and laid over a user's config. */
let gateway: ChildProcess;
let gatewayUrl: string;
let edge: EdgeUnderTest;
let routes: RouteState[];
let upstreams: Direct[];

const startFile = join(
  dirname(createRequire(import.meta.url).resolve('@portkey-ai/gateway/package.json')),
  'build/start-server.js',
);

beforeAll(async () => {
  upstreams = await Promise.all([1, 2, 3].map((seed) => startDirect({ seed })));
  edge = await startEdge({ scene: 'calm' });
  routes = manyRoutes(edge.store, 3, edge.nowMs());
  const port = await freePort();
  gateway = spawn(process.execPath, [startFile, `--port=${port}`, '--headless'], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    stdio: 'ignore',
  });
  gatewayUrl = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 400 && !(await answers(gatewayUrl)); i++) {
    if (gateway.exitCode !== null) throw new Error(`the gateway ended with ${gateway.exitCode}`);
    await new Promise((done) => setTimeout(done, 50));
  }
});
afterAll(async () => {
  gateway.kill('SIGKILL');
  await edge.stop();
  for (const one of upstreams) await one.close();
});
afterEach(() => {
  for (const one of upstreams) {
    one.clearScript();
    one.calls.length = 0;
  }
});

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    }),
  );
}

const answers = (url: string) =>
  fetch(url).then(
    (res) => res.ok,
    () => false,
  );

interface Overlay {
  id?: string;
  targets: { is_open: boolean }[];
}

/** Publishes which are out, and asks the edge for the overlay until it says so. */
async function overlay(isOut: (index: number) => boolean): Promise<Overlay> {
  routes = routes.map((one, i) => ({
    ...one,
    circuit: { ...one.circuit, state: isOut(i) ? 'open' : 'closed', sinceMs: edge.nowMs() },
    advice: {
      ...one.advice,
      ...(isOut(i) ? { action: 'avoid', weight: 0 } : { action: 'use', weight: 100 }),
    },
  }));
  const nothing = { components: [], incidents: [], events: [], guard: null, asks: [] };
  edge.store.looks.advance(edge.nowMs(), () => ({ ...nothing, routes }));
  const isThere = () =>
    edge.web.edge.live.facts().routes.every((one, i) => (one.circuit.state === 'open') === isOut(i));
  while (!isThere()) await new Promise((done) => setTimeout(done, 10));
  const list = encodeURIComponent(routes.map((one) => one.targetId).join(','));
  const res = await fetch(`${edge.url}/api/v1/export/portkey?target=${list}`);
  expect(res.status).toBe(200);
  return (await res.json()) as Overlay;
}

/** The user's own config with the overlay on it: the `id`, and each mark at its place. */
function configOf(marks: Overlay, mode: 'fallback' | 'loadbalance'): string {
  const targets = upstreams.map((one, i) => ({
    provider: 'openai',
    api_key: `key-${i}`,
    custom_host: `${one.baseUrl}/v1`,
    ...marks.targets[i],
  }));
  return JSON.stringify({ strategy: { mode }, ...marks, targets });
}

function chat(config: string, stream = false): Promise<Response> {
  return fetch(`${gatewayUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-portkey-config': config },
    body: JSON.stringify({
      model: 'small-1',
      stream,
      messages: [{ role: 'user', content: 'What is 2 + 2?' }],
    }),
  });
}

const callsOf = () => upstreams.map((one) => one.calls.length);

test('with nobody out the user’s own order stands', async () => {
  const config = configOf(await overlay(() => false), 'fallback');
  expect((await chat(config)).status).toBe(200);
  expect(callsOf()).toEqual([1, 0, 0]);
});

test('a target that is out is not called, and one that is first is passed over', async () => {
  upstreams[0]?.script({ path: '/chat/completions', status: 502 });
  const config = configOf(await overlay((i) => i === 0), 'fallback');
  for (let n = 0; n < 3; n++) expect((await chat(config)).status).toBe(200);
  expect(callsOf()).toEqual([0, 3, 0]);
});

test('two that are out are not called, however the load is spread', async () => {
  const config = configOf(await overlay((i) => i !== 2), 'loadbalance');
  for (let n = 0; n < 6; n++) expect((await chat(config)).status).toBe(200);
  expect(callsOf()).toEqual([0, 0, 6]);
});

test('with all out all are used', async () => {
  const marks = await overlay(() => true);
  expect(marks.targets.every((one) => !one.is_open)).toBe(true);
  upstreams[0]?.script({ path: '/chat/completions', status: 502 });
  upstreams[1]?.script({ path: '/chat/completions', status: 502 });
  expect((await chat(configOf(marks, 'fallback'))).status).toBe(200);
  expect(callsOf()).toEqual([1, 1, 1]);
});

test('even with every mark set the gateway itself uses all', async () => {
  const marks = { id: 'signalbox', targets: routes.map(() => ({ is_open: true })) };
  expect((await chat(configOf(marks, 'fallback'))).status).toBe(200);
  expect(callsOf()).toEqual([1, 0, 0]);
});

test('without an id the marks say nothing, which is why ours carries one', async () => {
  const { id, ...marks } = await overlay((i) => i === 0);
  expect(id).toBe('signalbox');
  expect((await chat(configOf(marks, 'fallback'))).status).toBe(200);
  expect(callsOf()).toEqual([1, 0, 0]);
});

test('a stream comes through whole from the target that is left', async () => {
  upstreams[0]?.script({ path: '/chat/completions', status: 502 });
  const res = await chat(configOf(await overlay((i) => i === 0), 'fallback'), true);
  expect(res.status).toBe(200);
  expect(res.headers.get('content-type')).toContain('text/event-stream');
  const text = await res.text();
  expect(text.match(/^data: \{/gm)?.length).toBeGreaterThan(2);
  expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  expect(callsOf()).toEqual([0, 1, 0]);
});
