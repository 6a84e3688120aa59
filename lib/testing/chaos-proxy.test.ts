import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrusted } from '../http.ts';
import { type Chaos, type ChaosProxy, startChaosProxy } from './chaos-proxy.ts';

let server: Server;
let proxy: ChaosProxy;
const body = 'x'.repeat(2_000);

beforeEach(async () => {
  server = createServer((_req, res) => res.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startChaosProxy((server.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  server.close();
});

async function look(chaos: Chaos, totalMs = 3_000) {
  proxy.set(chaos);
  return createTrusted().request({
    url: `http://127.0.0.1:${proxy.port}/`,
    limits: { totalMs, firstByteMs: totalMs },
  });
}

test('without chaos everything arrives', async () => {
  expect(await look({})).toMatchObject({ status: 200, fault: null, bodyBytes: 2_000 });
});

test('a delay is a late first byte', async () => {
  const { fault, timing } = await look({ delayMs: 80 });
  expect(fault).toBeNull();
  expect(timing.headersMs).toBeGreaterThanOrEqual(75);
});

test('a drip still arrives whole', async () => {
  const { bodyBytes, timing } = await look({ dripBytes: 400, dripEveryMs: 10 });
  expect(bodyBytes).toBe(2_000);
  expect(timing.totalMs).toBeGreaterThan(35);
});

test('a cut in the middle of the body is no end', async () => {
  const { status, fault } = await look({ cutAfterBytes: 1_000 });
  expect(status).toBe(200);
  expect(fault).not.toBeNull();
});

test('a reset is a reset, before the head and after it', async () => {
  expect((await look({ resetAfterBytes: 0 })).fault).toBe('reset');
  const later = await look({ resetAfterBytes: 1_000 });
  expect(later.fault).toBe('reset');
  expect(later.status).toBe(200);
});

test('a turned-over byte in the status line is malformed', async () => {
  expect((await look({ corruptAtByte: 0 })).fault).toBe('malformed');
});

test('silence is a timeout of our own', async () => {
  expect(await look({ isSilent: true }, 150)).toMatchObject({ fault: 'timeout', status: null });
});
