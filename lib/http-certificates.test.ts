import { createServer } from 'node:https';
import { afterEach, expect, test } from 'vitest';
import { createTrusted } from './http.ts';
import { type Loopback, listening, serveTcp } from './testing/loopback.ts';
import { selfSigned } from './testing/self-signed.ts';

let server: Loopback | null = null;
afterEach(() => server?.close());

const root = selfSigned(9, { subject: 'a root' });
const middle = selfSigned(9, { subject: 'a middle', issuer: { key: root.key, subject: 'a root' } });
const leaf = selfSigned(9, { subject: 'a leaf', issuer: { key: middle.key, subject: 'a middle' } });

async function look(key: string, cert: string, ca: string[]) {
  const secure = createServer({ key, cert }, (_req, res) => res.end('ok'));
  server = await listening(secure, () => secure.closeAllConnections());
  return createTrusted({ ca }).request({
    url: server.url.replace('http:', 'https:'),
    wantsCertificate: true,
    limits: { connectMs: 2_000, firstByteMs: 2_000, totalMs: 5_000 },
  });
}

// Seen red with certificates not verified.
test.each([
  ['expired', selfSigned(-1, { sinceDays: 30 }), true, 'CERT_HAS_EXPIRED'],
  ['not valid yet', selfSigned(9, { sinceDays: -2 }), true, 'CERT_NOT_YET_VALID'],
  ['for another name', selfSigned(9, { host: 'other.example' }), true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['signed by itself', selfSigned(), false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
] as const)('T1: a certificate that is %s is named as such', async (_what, made, isTrusted, code) => {
  const o = await look(made.key, made.cert, isTrusted ? [made.cert] : []);
  expect(o).toMatchObject({ fault: 'tls', faultCode: code, reached: 'connected', status: null });
});

test('T1: a chain without its middle is named as such, and is whole with it', async () => {
  const cut = await look(leaf.key, leaf.cert, [root.cert]);
  expect(cut).toMatchObject({ fault: 'tls', status: null });
  expect(cut.faultCode).toMatch(/^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)$/);
  server?.close();
  const whole = await look(leaf.key, leaf.cert + middle.cert, [root.cert]);
  expect(whole).toMatchObject({ fault: null, status: 200 });
  const daysLeft = ((whole.certificateExpiresAtMs ?? 0) - Date.now()) / 86_400_000;
  expect(daysLeft).toBeCloseTo(9, 1);
});

// Seen red with no limit for the connection but the look's own.
test('T3: a handshake that stalls ends at the limit of the connection, an alert at once', async () => {
  const limits = { connectMs: 150, firstByteMs: 2_000, totalMs: 3_000 };
  server = await serveTcp(() => {});
  const url = server.url.replace('http:', 'https:');
  expect(await createTrusted().request({ url, limits })).toMatchObject({
    fault: 'timeout',
    faultCode: 'CONNECT_TIMEOUT',
    reached: 'connected',
    status: null,
  });
  server.close();
  server = await serveTcp((socket) => {
    socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 40])));
  });
  const refused = await createTrusted().request({ url: server.url.replace('http:', 'https:'), limits });
  expect(refused).toMatchObject({ fault: 'tls', reached: 'connected', status: null });
});
