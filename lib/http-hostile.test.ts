import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from './core/observation.ts';
import { createTrusted } from './http.ts';
import { type Loopback, serveTcp } from './testing/loopback.ts';

let answer = Buffer.alloc(0);
let server: Loopback;
const unhandled: unknown[] = [];
const note = (error: unknown) => void unhandled.push(error);
beforeAll(async () => {
  process.on('unhandledRejection', note);
  server = await serveTcp((socket) => socket.once('data', () => socket.end(answer)));
});
afterAll(() => {
  process.off('unhandledRejection', note);
  server.close();
});

const http = createTrusted({ limits: { connectMs: 500, firstByteMs: 300, idleMs: 200, totalMs: 400 } });
const ask = async (bytes: Buffer | string) => {
  answer = Buffer.from(bytes as string);
  return http.request({ url: server.url });
};

const honest = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
);

test('an honest answer with bytes cut, doubled or flipped ends as a look', async () => {
  const edit = fc.record({ at: fc.nat(honest.length - 1), value: fc.nat(255), cut: fc.nat(12) });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      let bytes = Buffer.from(honest);
      for (const { at, value, cut } of edits) {
        const from = at % Math.max(1, bytes.length);
        if (cut > 8) bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + cut)]);
        else bytes[from] = value;
      }
      const look = await ask(bytes);
      expect(look.fault === null || faults.includes(look.fault)).toBe(true);
      expect(look.timing.totalMs).toBeLessThan(2_000);
    }),
    { numRuns: 150 },
  );
});

test.each([
  [
    'a switch of protocols nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  ],
  ['hints without end', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(2_000)],
  ['a thousand empty lines', '\r\n'.repeat(1_000)],
  ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nabc'],
  ['an absurd length', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\nabc'],
  ['an absurd chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nabc'],
  [
    'length and chunks at once',
    'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a header with a nought byte', 'HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n'],
  ['an endless reason', `HTTP/1.1 200 ${'O'.repeat(300_000)}\r\n\r\n`],
  [
    'endless trailers',
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(20_000)}\r\n`,
  ],
])('%s ends as a fault, not as a crash', async (_name, bytes) => {
  const look = await ask(bytes);
  expect(look.fault).not.toBeNull();
});

test.each([
  ['HTTP/1.0 without a length', 'HTTP/1.0 200 OK\r\n\r\nhello', 'hello'],
  [
    'a hint before the answer',
    'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
    'hello',
  ],
  ['an odd status', 'HTTP/1.1 299 Fine\r\ncontent-length: 0\r\n\r\n', ''],
  ['no content', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
])('%s is an answer', async (_name, bytes, body) => {
  const look = await ask(bytes);
  expect(look).toMatchObject({ fault: null, reached: 'done' });
  expect(Buffer.from(look.body).toString()).toBe(body);
});

test('a header that is none is our own mistake and blames nobody', async () => {
  const look = await http.request({ url: server.url, headers: { authorization: 'Bearer a\nb' } });
  expect(look).toMatchObject({ fault: 'aborted', status: null });
});

test('a thousand looks leave nothing behind', async () => {
  for (let round = 0; round < 20; round += 1) {
    await Promise.all(Array.from({ length: 50 }, () => ask(round % 2 ? honest : 'HTTP/1.1 2')));
  }
  await new Promise((done) => setTimeout(done, 50));
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  expect(sockets).toBeLessThan(5);
  expect(unhandled).toEqual([]);
});
