import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrusted } from './http.ts';
import { type Loopback, serveHttp } from './testing/loopback.ts';

let answer: { coding: string; body: Buffer };
let server: Loopback;
beforeEach(async () => {
  server = await serveHttp((_req, res) =>
    res.writeHead(200, { 'content-encoding': answer.coding }).end(answer.body),
  );
});
afterEach(() => server.close());

const ask = () =>
  createTrusted().request({
    url: server.url,
    limits: { bodyBytes: 262_144, wireBytes: 262_144, totalMs: 10_000 },
  });
const zeros = Buffer.alloc(64 << 20);
const codings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync };

// Seen red with bytes counted before they are undone and not after.
test.each(Object.entries(codings))('P1: a bomb of %s stops at 256 kB', async (coding, squeeze) => {
  answer = { coding, body: squeeze(zeros) };
  const before = process.memoryUsage().rss;
  const look = await ask();
  expect(look.fault).toBe('too_large');
  expect(look.bodyBytes).toBeLessThan(1 << 20);
  expect(process.memoryUsage().rss - before).toBeLessThan(60 << 20);
});

test.each([
  ['squeezed twice and said so', 'gzip, gzip', gzipSync(gzipSync('hello'))],
  ['said to be what it is not', 'zstd', gzipSync('hello')],
  ['said to be squeezed and plain', 'gzip', Buffer.from('{"plain":true}')],
  ['cut in the middle', 'gzip', gzipSync(Buffer.from('hello '.repeat(999))).subarray(0, 40)],
  ['squeezed by a coding nobody knows', 'snappy', Buffer.from('hello')],
])('P1: a body that is %s is malformed, with the status that was said', async (_what, coding, body) => {
  answer = { coding, body };
  expect(await ask()).toMatchObject({ fault: 'malformed', status: 200 });
});
