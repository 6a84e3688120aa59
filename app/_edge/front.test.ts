import { readFileSync } from 'node:fs';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({ scene: 'partial' });
});
afterAll(() => edge.stop());

/** Bytes in, everything that comes back until the far side is quiet. */
function raw(pieces: (string | Buffer)[], quietMs = 150, gapMs = 0): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(edge.url).port), '127.0.0.1');
    let text = '';
    let timer = setTimeout(() => socket.destroy(), 3_000);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), quietMs);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece);
        if (gapMs > 0) await new Promise((done) => setTimeout(done, gapMs));
      }
    })();
  });
}
const hot = '/api/v1/health?view=routing';
const plain = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((m) => Number(m[1]));

describe('the fast path', () => {
  test('says byte for byte what the slow one says', async () => {
    const [slow, fast] = [await raw([plain(hot)]), await raw([plain(hot)])];
    const lines = (text: string) =>
      text
        .split('\r\n\r\n')[0]
        ?.split('\r\n')
        .filter((l) => !/^(date|connection|keep-alive):/i.test(l));
    expect(lines(fast)).toEqual(lines(slow));
    expect(fast.split('\r\n\r\n')[1]).toBe(slow.split('\r\n\r\n')[1]);
  });

  test('keeps the connection, and hands over whatever is not plain', async () => {
    await fetch(edge.url + hot);
    const text = await raw([plain(hot), plain(hot), plain('/healthz'), plain(hot)], 200, 40);
    expect(statuses(text)).toEqual([200, 200, 200, 200]);
  });

  test('a request in pieces, two in one piece, and one with a body are all understood', async () => {
    const whole = plain(hot);
    expect(statuses(await raw([whole.slice(0, 20), whole.slice(20, 50), whole.slice(50)], 200, 30))).toEqual([
      200,
    ]);
    expect(statuses(await raw([whole + whole]))).toEqual([200, 200]);
    expect(statuses(await raw([plain(hot, 'Content-Length: 3\r\n'), 'abc']))[0]).toBe(413);
  });

  test('a tag gives a 304 without a body, and a request without a host is refused', async () => {
    const tag = (await fetch(edge.url + hot)).headers.get('etag');
    const text = await raw([plain(hot, `If-None-Match: ${tag}\r\n`)]);
    expect(statuses(text)).toEqual([304]);
    expect(text.endsWith('\r\n\r\n')).toBe(true);
    expect(statuses(await raw([`GET ${hot} HTTP/1.1\r\n\r\n`]))).toEqual([400]);
  });
});

describe('what the far side may not do', () => {
  test.each([
    ['an upgrade', plain('/', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'), 400],
    ['a method nobody listed', 'DELETE /healthz HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['an address of 100 kB', plain(`/${'a'.repeat(100_000)}`), 431],
    ['an address of 9 kB', plain(`/${'a'.repeat(9_000)}`), 414],
    ['100 kB of headers', plain('/healthz', `X: ${'a'.repeat(100_000)}\r\n`), 431],
    ['two lengths', plain('/healthz', 'Content-Length: 1\r\nContent-Length: 2\r\n'), 400],
    [
      'a length and chunks',
      'POST /api/v1/explain HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['HTTP of before there were versions', 'GET /healthz\r\n\r\n', 400],
    ['the same of what lies in memory', `GET ${hot}\r\n\r\n`, 400],
    ['two hosts', plain('/healthz', 'Host: other\r\n'), 400],
    ['two hosts of what lies in memory', plain(hot, 'host: other\r\n'), 400],
    ['a folded header', plain('/healthz', 'X: a\r\n b\r\n'), 400],
    [
      'a body that is announced as 1 GB',
      'POST /api/v1/explain HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n',
      413,
    ],
    [
      'a multipart form',
      'POST /api/v1/explain HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 2\r\n\r\nab',
      415,
    ],
  ])('U12: %s is refused', async (_name, bytes, status) => {
    expect(statuses(await raw([bytes]))[0]).toBe(status);
  });

  test('U12: a body that goes on for ever is cut off, and memory stays flat', async () => {
    const before = process.memoryUsage.rss();
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
    const head =
      'POST /api/v1/explain HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const text = await raw([head, ...Array.from({ length: 400 }, () => chunk)], 400);
    expect(statuses(text)).toEqual([413]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60_000_000);
  });

  test('U13: nothing of the request is in a problem but its path, cut short', async () => {
    const text = await raw([
      plain(
        `/api/v1/health?view=${'<script>alert(1)</script>'.replace(/[<>]/g, (c) => encodeURIComponent(c))}`,
      ),
    ]);
    expect(text).not.toContain('<script>');
    expect(text).toContain('application/problem+json');
  });

  test('every answer carries the headers that make a browser careful', async () => {
    for (const path of ['/healthz', '/nothing-here', '/api/v1/health', '/status.txt']) {
      const { headers } = await fetch(edge.url + path);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('x-powered-by'), path).toBeNull();
    }
  });

  test('no file of this folder writes markup of its own into a script', () => {
    expect(readFileSync(new URL('./small-page.ts', import.meta.url), 'utf8')).not.toMatch(/<script/);
  });
});

test('reading is limited per address, and says how much is left', async () => {
  const own = await startEdge();
  try {
    const first = await fetch(`${own.url}/api/v1/targets`);
    expect(Number(first.headers.get('ratelimit-remaining'))).toBeGreaterThan(0);
    let last = first;
    for (let i = 0; i < 300 && last.status === 200; i++)
      last = await fetch(`${own.url}/api/v1/targets?limit=1`);
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${own.url}/api/v1/health`)).status).toBe(200);
  } finally {
    await own.stop();
  }
});

test('a terminal gets ten lines, by name and at the address itself', async () => {
  const byName = await (await fetch(`${edge.url}/status.txt`)).text();
  const atHome = await (
    await fetch(`${edge.url}/`, { headers: { 'user-agent': 'curl/8.5', accept: '*/*' } })
  ).text();
  expect(byName.trimEnd().split('\n').length).toBe(10);
  expect(atHome.split('\n')[0]).toBe(byName.split('\n')[0]);
  const { sentence } = (await (await fetch(`${edge.url}/status.json`)).json()) as { sentence: string };
  expect(sentence).toBe(byName.split('\n')[0]);
});

test('a terminal that asks for Chinese gets Chinese', async () => {
  const headers = { 'user-agent': 'curl/8.5', accept: '*/*' };
  const lines = (await (await fetch(`${edge.url}/zh`, { headers })).text()).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  for (const line of lines) expect(line).toMatch(/[\u4e00-\u9fff]/);
});
