import { expect, test } from 'vitest';
import { serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { completion } from './completion.ts';

const ref = { gateway: 'direct', provider: 'openai', model: 'gpt-5-nano' };

async function limitsOf(status: number, headers: Record<string, string>, body = '{}') {
  const server = await serveHttp((_req, res) => res.writeHead(status, headers).end(body));
  const watched = watchedTarget('completion', ref, { baseUrl: server.url, dialect: 'openai-chat' });
  const { found, observation } = await completion(watched, probeIo());
  server.close();
  const limits = found?.find((one) => one.kind === 'limits');
  return { limits, endMs: observation.atMs + (observation.timing.totalMs ?? 0), key: watched.key };
}

test('an answer that says what is left of our limit is heard', async () => {
  const { limits, endMs, key } = await limitsOf(200, {
    'x-ratelimit-limit-requests': '1000',
    'x-ratelimit-remaining-requests': '958',
    'x-ratelimit-reset-requests': '55s',
  });
  expect(limits).toMatchObject({ targetKey: key, requests: 1000, remaining: 958, retryAtMs: null });
  expect(Math.abs((limits?.resetAtMs ?? 0) - endMs - 55_000)).toBeLessThan(50);
});

test('a refusal says when to come back, and its error what its headers would', async () => {
  const resetAtMs = Date.now() + 3_600_000;
  const headers = {
    'X-RateLimit-Limit': '50',
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(resetAtMs),
  };
  const body = JSON.stringify({ error: { code: 429, message: 'free limit', metadata: { headers } } });
  const { limits, endMs } = await limitsOf(429, { 'retry-after': '30' }, body);
  expect(limits).toMatchObject({ requests: 50, remaining: 0 });
  expect(Math.abs((limits?.resetAtMs ?? 0) - resetAtMs)).toBeLessThan(50);
  expect(Math.abs((limits?.retryAtMs ?? 0) - endMs - 30_000)).toBeLessThan(50);
});

test('an answer that says nothing of limits finds nothing', async () => {
  expect((await limitsOf(200, { 'x-ratelimit-limit-tokens': '5' })).limits).toBeUndefined();
});
