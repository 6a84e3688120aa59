import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { createTrusted } from './http.ts';
import { readInSips } from './http-sips.ts';
import { serveRaw } from './testing/loopback.ts';

test('what came at once is handed on little by little, whole, and nothing after the end', async () => {
  const body = 'x'.repeat(50_000);
  const server = await serveRaw(body);
  const socket = connect({ port: server.port, host: '127.0.0.1' });
  await once(socket, 'connect');
  readInSips(socket);
  const sips: number[] = [];
  socket.on('readable', () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) sips.push(chunk.length);
  });
  socket.write('go');
  await once(socket, 'end');
  expect(Math.max(...sips)).toBeLessThanOrEqual(4_096);
  expect(sips.reduce((sum, size) => sum + size, 0)).toBe(body.length);
  socket.destroy();
  expect(socket.read()).toBeNull();
  server.close();
});

test('thousands of tiny header fields end the look at the limit, and cost next to nothing', async () => {
  const server = await serveRaw(`HTTP/1.1 200 OK\r\n${'a:b\r\n'.repeat(40_000)}\r\n`);
  const http = createTrusted();
  await http.request({ url: server.url });
  const before = process.cpuUsage();
  const look = await http.request({ url: server.url });
  const { user } = process.cpuUsage(before);
  server.close();
  expect(look.fault).toBe('too_large');
  // Handed on whole it takes 150 ms and more.
  expect(user / 1_000).toBeLessThan(80);
});
