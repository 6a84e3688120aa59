import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTrusted } from './http.ts';
import { createCollector } from './http-collect.ts';
import { serveTcp } from './testing/loopback.ts';

test('pieces of any size give back what was sent', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 40 }), (pieces) => {
      const collector = createCollector();
      for (const piece of pieces) collector.add(piece);
      expect(Buffer.from(collector.whole())).toEqual(Buffer.concat(pieces));
    }),
  );
});

test('millions of chunks of one byte end the look, however large a body may be', async () => {
  const piece = '1\r\na\r\n'.repeat(8_192);
  const server = await serveTcp((socket) => {
    const pour = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      pour();
    });
    socket.on('drain', pour);
  });
  const limits = { totalMs: 20_000, wireBytes: 1 << 26, bodyBytes: 1 << 26 };
  const look = await createTrusted({ limits }).request({ url: server.url });
  server.close();
  expect(look).toMatchObject({ fault: 'too_large', status: 200 });
  expect(look.bodyBytes).toBeLessThan(100_000);
});
