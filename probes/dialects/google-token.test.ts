import { createVerify, generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { type Loopback, serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { completion } from '../kinds/completion.ts';
import { readServiceAccount } from './google-token.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
let server: Loopback | null = null;
afterEach(() => server?.close());

interface Seen {
  assertions: string[];
  authorizations: (string | undefined)[];
  paths: (string | undefined)[];
}

async function start(tokenStatus = 200): Promise<{ url: string; key: string; seen: Seen }> {
  const seen: Seen = { assertions: [], authorizations: [], paths: [] };
  server = await serveHttp((req, res) => {
    let body = '';
    req.on('data', (part) => (body += part));
    req.on('end', () => {
      if (req.url === '/token') {
        seen.assertions.push(new URLSearchParams(body).get('assertion') ?? '');
        const answer =
          tokenStatus === 200 ? { access_token: 'ya29.token', expires_in: 3599 } : { error: 'invalid_grant' };
        return res.writeHead(tokenStatus).end(JSON.stringify(answer));
      }
      seen.authorizations.push(req.headers.authorization);
      seen.paths.push(req.url);
      const frame = { candidates: [{ content: { parts: [{ text: '62' }] }, finishReason: 'STOP' }] };
      return res.end(`data: ${JSON.stringify(frame)}\r\n\r\n`);
    });
  });
  const account = {
    type: 'service_account',
    project_id: 'my-project',
    client_email: 'probe@my-project.iam.gserviceaccount.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${server.url}/token`,
  };
  return { url: server.url, key: JSON.stringify(account), seen };
}

const vertex = (baseUrl: string) =>
  watchedTarget(
    'completion',
    { gateway: 'direct', provider: 'google-vertex', model: 'gemini-2.5-flash-lite' },
    { baseUrl, dialect: 'gemini-generateContent' },
  );

test('a service account becomes a signed assertion, then a token, then a call in its project', async () => {
  const { url, key, seen } = await start();
  const io = probeIo({ key });
  const { observation } = await completion(vertex(url), io);
  expect(observation).toMatchObject({ status: 200, error: null, output: { done: true } });
  expect(seen.authorizations).toEqual(['Bearer ya29.token']);
  expect(seen.paths[0]).toContain('/projects/my-project/locations/global/');
  const [head, claims, signature] = (seen.assertions[0] ?? '').split('.');
  const verify = createVerify('sha256').update(`${head}.${claims}`);
  expect(verify.verify(publicKey, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).toMatchObject({
    aud: `${url}/token`,
  });
});

test('a token serves until shortly before its end', async () => {
  const { url, key, seen } = await start();
  const io = probeIo({ key });
  await completion(vertex(url), io);
  await completion(vertex(url), io);
  expect(seen.assertions).toHaveLength(1);
  const later = { ...io, clock: { ...io.clock, nowMs: () => Date.now() + 3_500_000 } };
  await completion(vertex(url), later);
  expect(seen.assertions).toHaveLength(2);
});

test('a refused account is an error with its own status, and no call is made', async () => {
  const { url, key, seen } = await start(401);
  const { observation } = await completion(vertex(url), probeIo({ key }));
  expect(observation).toMatchObject({ status: 401, error: { message: 'invalid_grant' }, costUsd: 0 });
  expect(seen.paths).toEqual([]);
});

test('a plain key or token is no service account', () => {
  expect([readServiceAccount('ya29.abc'), readServiceAccount(null), readServiceAccount('{"x":1}')]).toEqual([
    null,
    null,
    null,
  ]);
});
