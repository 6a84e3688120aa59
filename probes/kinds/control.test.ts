import { expect, test } from 'vitest';
import { serveHttp, serveRaw, serveTcp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { control } from './control.ts';

const watched = (baseUrl: string) =>
  watchedTarget('control', { gateway: null, provider: 'quad9', model: null }, { baseUrl });

test.each([200, 301, 404, 500, 503])(
  'a control that answers %i shows that our network works',
  async (status) => {
    const server = await serveHttp((_req, res) => res.writeHead(status).end('whatever'));
    const { observation } = await control(watched(server.url), probeIo());
    server.close();
    expect(observation).toMatchObject({ reached: 'done', fault: null, status, error: null, keyed: false });
  },
);

test('a control with an endless page is answered by its head alone', async () => {
  const server = await serveTcp((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const timer = setInterval(() => socket.write('x'.repeat(10_000)), 1);
    socket.on('close', () => clearInterval(timer));
  });
  const { observation } = await control(watched(server.url), probeIo({ timeoutMs: 5_000 }));
  server.close();
  expect(observation).toMatchObject({ reached: 'done', fault: null });
  expect(observation.timing.totalMs).toBeLessThan(2_500);
});

test('a control that cannot be reached says at which phase', async () => {
  const server = await serveRaw('');
  server.close();
  const { observation } = await control(watched(server.url), probeIo());
  expect(observation).toMatchObject({ reached: 'resolved', fault: 'refused', status: null });
});

test('a control that is silent ends at its limit', async () => {
  const server = await serveTcp(() => {});
  const { observation } = await control(watched(server.url), probeIo({ timeoutMs: 80 }));
  server.close();
  expect(observation).toMatchObject({ fault: 'timeout', status: null });
});
