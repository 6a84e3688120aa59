import { existsSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { projectDir } from './prepare-pages.ts';

const hasPages = existsSync(join(projectDir, '.next', 'BUILD_ID'));
let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({ scene: 'partial', web: { nextDir: projectDir } });
}, 60_000);
afterAll(() => edge?.stop());

const paths = [
  '/',
  '/zh',
  '/incidents',
  '/catalog',
  '/compare',
  '/sla',
  '/subscribe',
  '/explain',
  '/manage',
  '/providers/groq',
  '/gateways/openrouter',
  '/models/meta-llama~llama-3.3-70b-instruct',
  '/nothing-here',
];
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(edge.url + path, {
    headers: { accept: 'text/html', 'user-agent': 'Mozilla/5.0', ...headers },
    redirect: 'manual',
  });

/** Bytes on a socket of their own; resolves with the first line that comes back. */
function first(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(edge.url).port), '127.0.0.1', () => socket.write(bytes));
    const end = (said: string) => {
      socket.destroy();
      resolve(said.split('\r\n')[0] ?? '');
    };
    socket.on('data', (chunk: Buffer) => end(chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(''));
    socket.setTimeout(5_000, () => end('silence'));
  });
}

describe.skipIf(!hasPages)('pages', () => {
  // Seen red with the header on every page: the browser swaps its process for it before anything is painted.
  it('only a page for one reader asks for a window of its own', async () => {
    const opener = async (path: string) => (await get(path)).headers.get('cross-origin-opener-policy');
    expect(await opener('/admin')).toBe('same-origin');
    expect(await opener('/')).toBeNull();
    expect(await opener('/providers/groq')).toBeNull();
  });

  // Seen red with the stylesheets as Next divides them.
  it.each(paths)('%s waits for one stylesheet', async (path) => {
    const html = await (await get(path)).text();
    expect(html.match(/<link rel="stylesheet"/g) ?? []).toHaveLength(1);
  });

  // Seen red with the scripts of the framework left where it writes them.
  it.each(paths)('U11: %s runs no script but files of ours, and stands in nobody’s frame', async (path) => {
    const response = await get(path);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    const html = await response.text();
    const inline = [...html.matchAll(/<script\b([^>]*)>([^<]*)/g)].filter(
      ([, attributes = '', content = '']) => !/type="application\//.test(attributes) && content.trim() !== '',
    );
    expect(inline.map(([whole]) => whole.slice(0, 80))).toEqual([]);
    const sources = [...html.matchAll(/<script\b[^>]*\bsrc="([^"]*)"/g)].map(([, source]) => source ?? '');
    expect(sources.filter((source) => !/^\/(?!\/)/.test(source))).toEqual([]);
    const bad = [/<[a-z][^>]*\son[a-z]+\s*=/i, /<a\b[^>]*href="\s*(javascript|data):/i, /<style/];
    expect(bad.filter((pattern) => pattern.test(html))).toEqual([]);
  });

  it('U11: an embed may stand in frames, and nothing else of it is looser', async () => {
    const policy = (await get('/embed/status')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain('frame-ancestors *');
    expect(policy).toMatch(/script-src 'self'(;|$)/);
  });

  // Seen red with the request's headers handed on to the renderer.
  it.each([
    { 'x-middleware-subrequest': 'middleware:middleware:middleware' },
    { rsc: '1' },
    { rsc: '1', 'next-router-state-tree': '%5B%22%22%5D', 'next-router-prefetch': '1' },
    { 'next-action': '40'.repeat(21) },
    { 'x-nextjs-data': '1' },
    { 'x-middleware-prefetch': '1' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { 'content-security-policy': "script-src 'nonce-x'" },
  ])('U12: %j changes nothing of an answer', async (headers) => {
    const path = '/sla';
    const plain = await (await get(path)).text();
    const answer = await get(path, headers as Record<string, string>);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    const names = [...answer.headers.keys()];
    expect(names.filter((name) => /^(x-middleware|x-nextjs|x-powered|rsc|next-)/.test(name))).toEqual([]);
    expect((await answer.text()) === plain).toBe(true);
  });

  it('U12: an action by POST, a framework path and a foreign image are refused', async () => {
    const post = await fetch(`${edge.url}/`, {
      method: 'POST',
      body: '[]',
      headers: { 'next-action': '40'.repeat(21), 'content-type': 'text/plain' },
    });
    expect(post.status).toBe(405);
    for (const path of [
      '/_next/image?url=http://127.0.0.1/&w=64&q=75',
      '/_next/data/x/index.json',
      '/_error',
    ])
      expect([400, 404], path).toContain((await get(path)).status);
  });

  it('U12: an upgrade is refused, after pages were rendered too', async () => {
    await get('/');
    const upgrade =
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    // A page from memory is no exception.
    expect(await first(upgrade)).toBe('HTTP/1.1 400 Bad Request');
    // Java's own client offers this with every request, and goes on when nobody takes it up.
    expect(await first(upgrade.replace('websocket', 'h2c'))).toBe('HTTP/1.1 200 OK');
    expect(await first(upgrade.replace('GET /', 'GET /sla?x=1'))).toBe('HTTP/1.1 400 Bad Request');
  });

  it.each([
    '/%',
    '/%ff',
    '/%c0%ae/',
    '/\\evil.example',
    '/%5c%5cevil.example',
    '/./admin',
    '/zh/../admin',
    '/%2e%2e/x',
    '/status.txt%00',
  ])('U12: %s is the address of nothing, and nothing fails over it', async (path) => {
    const asked = (target: string) =>
      first(`GET ${target} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n`);
    expect(await asked(path)).toBe('HTTP/1.1 404 Not Found');
    expect(await asked('/')).toBe('HTTP/1.1 200 OK');
    expect(edge.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('U12: three hundred half-open requests hold up nobody', async () => {
    const port = Number(new URL(edge.url).port);
    const half = Array.from({ length: 300 }, () =>
      net
        .connect(port, '127.0.0.1', function (this: net.Socket) {
          this.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
        })
        .on('error', () => undefined),
    );
    await new Promise((done) => setTimeout(done, 200));
    const answers = await Promise.all(Array.from({ length: 50 }, () => get('/')));
    expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(200));
    for (const socket of half) socket.destroy();
  });
});
