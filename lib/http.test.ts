import { createServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createTrusted, createUntrusted, type HttpRequest, loopbackPolicy, strictPolicy } from './http.ts';
import { type Loopback, listening, serveHttp, serveRaw, serveTcp } from './testing/loopback.ts';
import { selfSigned } from './testing/self-signed.ts';

const servers: Loopback[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function on(starting: Promise<Loopback>): Promise<Loopback> {
  const server = await starting;
  servers.push(server);
  return server;
}

const http = createTrusted();
const limits = { connectMs: 500, firstByteMs: 500, totalMs: 1_500 };
const ask = (url: string, more: Partial<HttpRequest> = {}) => http.request({ url, limits, ...more });

test('a look knows each phase as an instant since it began, in order', async () => {
  const server = await on(
    serveHttp((_req, res) => {
      setTimeout(() => {
        res.writeHead(200).flushHeaders();
        setTimeout(() => res.end('hello'), 30);
      }, 40);
    }),
  );
  const { timing, ...look } = await ask(server.url);
  expect(look).toMatchObject({ reached: 'done', fault: null, status: 200, family: 4, address: '127.0.0.1' });
  expect(Buffer.from(look.body).toString()).toBe('hello');
  const instants = [timing.dnsMs, timing.connectMs, timing.headersMs, timing.firstByteMs, timing.totalMs];
  expect(instants).toEqual([...instants].sort((a, b) => (a ?? 0) - (b ?? 0)));
  expect(timing.tlsMs).toBeNull();
  expect(timing.headersMs).toBeGreaterThanOrEqual(39);
  expect(timing.firstByteMs).toBeGreaterThanOrEqual(68);
});

test('every look has a connection of its own', async () => {
  const ports = new Set<number | undefined>();
  const server = await on(
    serveHttp((req, res) => {
      ports.add(req.socket.remotePort);
      res.end('ok');
    }),
  );
  await ask(server.url);
  await ask(server.url);
  expect(ports.size).toBe(2);
});

test('TLS is a phase of its own, and the end of the certificate is read on wish', async () => {
  const { key, cert } = selfSigned();
  const secure = createServer({ key, cert }, (_req, res) => res.end('ok'));
  const server = await on(listening(secure, () => secure.closeAllConnections()));
  const url = server.url.replace('http:', 'https:');
  const trusting = createTrusted({ ca: [cert] });
  const look = await trusting.request({ url, wantsCertificate: true });
  expect(look).toMatchObject({ status: 200, reached: 'done', fault: null });
  expect(look.timing.tlsMs).toBeGreaterThan(look.timing.connectMs ?? 0);
  expect(look.certificateExpiresAtMs).toBeGreaterThan(Date.now());
  expect(await ask(url)).toMatchObject({ fault: 'tls', reached: 'connected', status: null });
});

test('a server that speaks no TLS is a fault of TLS', async () => {
  const server = await on(serveRaw('HTTP/1.1 200 OK\r\n\r\n'));
  expect(await ask(server.url.replace('http:', 'https:'))).toMatchObject({
    fault: 'tls',
    reached: 'connected',
  });
});

test('N1: nobody listening is refused, and a name that does not exist is a fault of names', async () => {
  const server = await on(serveRaw(''));
  servers.pop()?.close();
  expect(await ask(server.url)).toMatchObject({ fault: 'refused', reached: 'resolved', status: null });
  const resolver = { resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) };
  const nameless = await createTrusted({ resolver }).request({ url: 'http://nowhere.example/' });
  expect(nameless).toMatchObject({ reached: 'none', status: null });
  expect(nameless.timing.dnsMs).toBeNull();
});

test('N5: a name without an answer ends at our own limit while other looks go on', async () => {
  const resolver = { resolve: () => new Promise<never>(() => {}) };
  const look = await createTrusted({ resolver }).request({
    url: 'http://slow.example/',
    limits: { connectMs: 60 },
  });
  expect(look).toMatchObject({
    reached: 'none',
    fault: 'timeout',
    faultCode: 'CONNECT_TIMEOUT',
    status: null,
  });
});

test('N6: the second address of a name gets its turn when the first refuses', async () => {
  const server = await on(serveHttp((_req, res) => res.end('ok')));
  const resolver = {
    resolve: async () => [
      { address: '127.0.0.2', family: 4 as const },
      { address: '127.0.0.1', family: 4 as const },
    ],
  };
  const look = await createTrusted({ resolver }).request({ url: `http://two.example:${server.port}/` });
  expect(look).toMatchObject({ status: 200, address: '127.0.0.1' });
});

test('where v4 cannot be reached at all, the v6 addresses of the name are asked for', async () => {
  const asked: (number | undefined)[] = [];
  const resolver = {
    resolve: async (_name: string, family?: 4 | 6) => {
      asked.push(family);
      return [{ address: family === 6 ? '::1' : '255.255.255.255', family: family ?? 4 }];
    },
  };
  const server = await on(serveRaw(''));
  const look = await createTrusted({ resolver }).request({
    url: `http://six.example:${server.port}/`,
    limits,
  });
  expect(asked).toEqual([undefined, 6]);
  expect(look).toMatchObject({ address: '::1', family: 6 });
});

test.each([
  ['silence', () => {}, 'sent', 'RESPONSE_TIMEOUT'],
  [
    'a head that never ends',
    (write: (text: string) => void) => write('HTTP/1.1 200 OK\r\nx: '),
    'sent',
    'RESPONSE_TIMEOUT',
  ],
  [
    'a body that never ends',
    (write: (text: string) => void) => write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab'),
    'first_byte',
    'TOTAL_TIMEOUT',
  ],
])('N3: %s ends at our own limit and is no HTTP status of ours', async (_name, write, reached, code) => {
  const server = await on(
    serveTcp((socket) => void socket.once('data', () => write((text) => socket.write(text)))),
  );
  const look = await ask(server.url, { limits: { ...limits, firstByteMs: 120, totalMs: 200 } });
  expect(look).toMatchObject({ fault: 'timeout', reached, faultCode: code });
});

test('N8: a drip of one byte at a time cannot outlive the total limit', async () => {
  const server = await on(
    serveTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('.'), 5);
      socket.on('close', () => clearInterval(timer));
    }),
  );
  const look = await ask(server.url, { limits: { totalMs: 150, idleMs: 50 } });
  expect(look).toMatchObject({
    fault: 'timeout',
    faultCode: 'TOTAL_TIMEOUT',
    status: 200,
    reached: 'first_byte',
  });
});

test('N11: silence inside a body is told apart from a long body', async () => {
  const server = await on(serveTcp((socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\nabc')));
  const look = await ask(server.url, { limits: { idleMs: 80, totalMs: 1_000 } });
  expect(look).toMatchObject({ fault: 'timeout', faultCode: 'BODY_TIMEOUT', bodyBytes: 3 });
});

test.each([
  ['more header bytes than we read', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, 'too_large'],
  ['ten thousand headers', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_000)}\r\n`, 'too_large'],
  ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n', 'malformed'],
  ['a status that is no number', 'HTTP/1.1 abc OK\r\n\r\n', 'malformed'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na', 'malformed'],
  ['a broken chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc', 'malformed'],
  ['nothing, then the end', '', 'reset'],
  ['half a body, then the end', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', 'reset'],
])('H5: %s is a classified fault', async (_name, answer, fault) => {
  const server = await on(serveRaw(answer));
  expect(await ask(server.url)).toMatchObject({ fault });
});

test('N4: a reset connection is a reset', async () => {
  const server = await on(serveTcp((socket) => void socket.once('data', () => socket.resetAndDestroy())));
  expect(await ask(server.url)).toMatchObject({ fault: 'reset', reached: 'sent', status: null });
});

test('N4: a reset inside a body without a length is a reset, not an end', async () => {
  const server = await on(
    serveTcp((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\nabc'));
      setTimeout(() => socket.resetAndDestroy(), 40);
    }),
  );
  expect(await ask(server.url)).toMatchObject({ fault: 'reset', reached: 'first_byte', bodyBytes: 3 });
});

test('P3: an endless body stops at our limit with bounded memory', async () => {
  let sentBytes = 0;
  const server = await on(
    serveHttp((_req, res) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const pump = () => {
        while (!res.destroyed && sentBytes < 256 * 1_048_576) {
          sentBytes += chunk.length;
          if (!res.write(chunk)) return void res.once('drain', pump);
        }
      };
      pump();
    }),
  );
  const look = await ask(server.url, { limits: { wireBytes: 100_000, bodyBytes: 100_000 } });
  expect(look).toMatchObject({ fault: 'too_large', status: 200 });
  expect(look.wireBytes).toBeLessThan(300_000);
});

test('P1: a gzip bomb stops at the decoded limit', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1_048_576));
  const server = await on(
    serveHttp((_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
  );
  const look = await ask(server.url, { limits: { bodyBytes: 1_048_576 } });
  expect(look).toMatchObject({ fault: 'too_large', faultCode: 'BODY_TOO_LARGE' });
  expect(look.bodyBytes).toBeLessThan(1_200_000);
});

test('P1: a coding nobody asked for is undone, one nobody knows is malformed', async () => {
  let coding = 'gzip';
  const server = await on(
    serveHttp((_req, res) => res.writeHead(200, { 'content-encoding': coding }).end(gzipSync('hello'))),
  );
  const plain = await ask(server.url);
  expect(Buffer.from(plain.body).toString()).toBe('hello');
  expect(plain.reached).toBe('done');
  coding = 'gzip, gzip';
  expect(await ask(server.url)).toMatchObject({ fault: 'malformed', status: 200 });
  coding = 'br';
  expect(await ask(server.url)).toMatchObject({ fault: 'malformed', status: 200 });
});

test('a redirect is an answer, and is followed only on wish', async () => {
  const server = await on(
    serveHttp((req, res) =>
      req.url === '/' ? res.writeHead(302, { location: '/there' }).end('moved') : res.end('arrived'),
    ),
  );
  expect(await ask(server.url)).toMatchObject({ status: 302, reached: 'done' });
  const followed = await ask(server.url, { maxRedirects: 3 });
  expect(followed).toMatchObject({ status: 200, url: `${server.url}/there` });
});

// Seen red with the headers kept on the way to another origin.
test('H4: the key does not travel to another origin, and a loop of redirects ends', async () => {
  const seen: (string | undefined)[] = [];
  const other = await on(
    serveHttp((req, res) => {
      seen.push(req.headers.authorization, req.headers['x-api-key'] as string | undefined);
      res.end('ok');
    }),
  );
  const server = await on(serveHttp((_req, res) => res.writeHead(307, { location: `${other.url}/` }).end()));
  const headers = { Authorization: 'Bearer secret', 'x-api-key': 'secret', accept: 'text/plain' };
  await ask(server.url, { headers, maxRedirects: 2 });
  expect(seen).toEqual([undefined, undefined]);
  const loop = await on(serveHttp((_req, res) => res.writeHead(301, { location: '/' }).end()));
  expect(await ask(loop.url, { maxRedirects: 3 })).toMatchObject({ status: 301 });
});

test('a look that is called off is aborted, before and while it runs', async () => {
  const server = await on(serveTcp(() => {}));
  expect(await ask(server.url, { signal: AbortSignal.abort() })).toMatchObject({
    fault: 'aborted',
    reached: 'none',
  });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 30);
  expect(await ask(server.url, { signal: controller.signal })).toMatchObject({
    fault: 'aborted',
    reached: 'sent',
  });
});

test('pieces of a stream come with the instant of their arrival, and the reader can stop', async () => {
  const server = await on(
    serveHttp((_req, res) => {
      res.write('one');
      setTimeout(() => res.write('two'), 40);
    }),
  );
  const pieces: { text: string; atMs: number }[] = [];
  const look = await ask(server.url, {
    onChunk: (chunk, monoMs) => {
      pieces.push({ text: Buffer.from(chunk).toString(), atMs: monoMs });
      return pieces.length === 2 ? 'stop' : undefined;
    },
  });
  expect(look).toMatchObject({ reached: 'done', fault: null, bodyBytes: 6 });
  expect(look.body.byteLength).toBe(0);
  const [one, two] = pieces;
  expect((two?.atMs ?? 0) - (one?.atMs ?? 0)).toBeGreaterThan(25);
});

test('U1: strangers cannot make us call ourselves, and tests may', async () => {
  const server = await on(serveHttp((_req, res) => res.end('ok')));
  const strict = createUntrusted(strictPolicy);
  expect(await strict.request({ url: server.url })).toMatchObject({
    fault: 'unreachable',
    faultCode: 'EBLOCKED',
  });
  expect(await createUntrusted(loopbackPolicy).request({ url: server.url })).toMatchObject({ status: 200 });
});

// Seen red with a name refused only when all its addresses are forbidden.
test('U2: one forbidden address among those of a name refuses all', async () => {
  const resolver = {
    resolve: async () => [
      { address: '93.184.216.34', family: 4 as const },
      { address: '10.0.0.7', family: 4 as const },
    ],
  };
  const look = await createUntrusted(strictPolicy, { resolver }).request({ url: 'http://rebind.example/' });
  expect(look).toMatchObject({ faultCode: 'EBLOCKED', address: null });
});

test('U3: a redirect of a stranger to our own network is refused at the connector', async () => {
  const server = await on(
    serveHttp((_req, res) => res.writeHead(302, { location: 'http://[::1]:9/' }).end()),
  );
  const look = await createUntrusted(loopbackPolicy).request({ url: server.url, maxRedirects: 3 });
  expect(look).toMatchObject({ faultCode: 'EBLOCKED' });
});

test('an address that is none is a mistake of ours and throws', async () => {
  await expect(http.request({ url: 'ftp://example.com/' })).rejects.toThrow('not an http address');
});
