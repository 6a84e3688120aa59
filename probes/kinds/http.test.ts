import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { http } from './http.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function serve(status: number, body: string): Promise<string> {
  server = createServer((_req, res) => res.writeHead(status).end(body));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
}

async function look(baseUrl: string, options: Record<string, unknown> = {}) {
  const target = watchedTarget(
    'http',
    { gateway: null, provider: 'our-api', model: null },
    { baseUrl, options },
  );
  return (await http(target, probeIo())).observation;
}

test('an answer below 400 is good when nothing else is asked for', async () => {
  const url = await serve(204, '');
  expect(await look(url)).toMatchObject({
    status: 204,
    reached: 'done',
    error: null,
    fault: null,
    keyed: false,
  });
});

test('another status than the expected one is named with both', async () => {
  const url = await serve(503, 'Service Unavailable');
  expect((await look(url, { expect: { status: 200 } })).error).toMatchObject({
    code: '503',
    message: 'answered 503 where 200 was expected: Service Unavailable',
  });
  expect((await look(url, { expect: { status: [200, 503] } })).error).toBeNull();
});

test('a text that must or must not be there is looked for', async () => {
  const url = await serve(200, 'all is well');
  expect((await look(url, { expect: { body_contains: 'well' } })).error).toBeNull();
  expect((await look(url, { expect: { body_contains: 'ill' } })).error?.message).toContain(
    'does not contain "ill"',
  );
  expect((await look(url, { expect: { body_not_contains: 'well' } })).error?.message).toContain(
    'contains "well"',
  );
});

test('a value in a JSON body is compared by its path', async () => {
  const url = await serve(200, '{"checks":[{"ok":true,"note":null}]}');
  const at = async (path: string, equals: unknown) =>
    (await look(url, { expect: { json: { path, equals } } })).error;
  expect(await at('checks.0.ok', true)).toBeNull();
  expect(await at('checks.0.note', null)).toBeNull();
  expect((await at('checks.0.ok', false))?.message).toBe('checks.0.ok is true, not false');
  expect((await at('checks.1.ok', true))?.message).toBe('checks.1.ok is absent, not true');
});

test('of a provider without a key every answer below 500 is a sign of life', async () => {
  expect(
    (await look(await serve(404, 'x'), { expect: { status: [200, 401] }, isLiveness: true })).error,
  ).toBeNull();
  server?.close();
  expect(
    (await look(await serve(502, 'x'), { expect: { status: [200, 401] }, isLiveness: true })).error,
  ).not.toBeNull();
});

test('what cannot be reached is a fault and no error', async () => {
  const url = await serve(200, '');
  server?.close();
  expect(await look(url)).toMatchObject({ fault: 'refused', status: null, error: null });
});
