import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTrusted } from './http.ts';
import { createResolver } from './http-resolve.ts';
import { serveHttp } from './testing/loopback.ts';
import { type NameServer, startNameServer } from './testing/name-server.ts';

let names: NameServer;
beforeAll(async () => {
  names = await startNameServer({
    'live.example': { v4: ['127.0.0.1'] },
    'six.example': { v6: ['::1'] },
    'both.example': { v4: ['127.0.0.1'], v6: ['::1'] },
    'none.example': {},
  });
});
afterAll(() => names.close());

const resolver = (more = {}) =>
  createResolver({ servers: [names.address], timeoutMs: 150, tries: 1, ...more });

test('a name is asked of the name servers, v4 first, and v6 only where there is no v4', async () => {
  expect(await resolver().resolve('live.example')).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(await resolver().resolve('both.example')).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(await resolver().resolve('six.example')).toEqual([{ address: '::1', family: 6 }]);
  expect(await resolver().resolve('both.example', 6)).toEqual([{ address: '::1', family: 6 }]);
});

test('U2: nothing is remembered: every look asks anew', async () => {
  const one = resolver();
  const before = names.asked.filter((name) => name === 'live.example').length;
  await one.resolve('live.example');
  await one.resolve('LIVE.example.');
  expect(names.asked.filter((name) => name === 'live.example').length).toBe(before + 2);
});

// Seen red with the silence of a name server taken for the far side's.
test('N5: a name that does not exist and a silent name server are faults of names', async () => {
  await expect(resolver().resolve('none.example')).rejects.toMatchObject({ fault: 'dns', code: 'ENOTFOUND' });
  await expect(resolver().resolve('silent.example')).rejects.toMatchObject({
    fault: 'dns',
    code: 'ETIMEOUT',
  });
});

test('N5: a hundred dead names do not hold up a live one', async () => {
  const one = resolver({ timeoutMs: 2_500 });
  const dead = Array.from({ length: 100 }, (_, i) => one.resolve(`dead-${i}.example`).catch(() => null));
  const startedMs = performance.now();
  await one.resolve('live.example');
  expect(performance.now() - startedMs).toBeLessThan(1_500);
  await Promise.all(dead);
});

test('localhost, single labels and names of /etc/hosts are the system’s to answer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-hosts-'));
  const hostsPath = join(folder, 'hosts');
  writeFileSync(hostsPath, '# names of this machine\n127.0.0.1 localhost my-litellm.internal # proxy\n');
  const one = resolver({ hostsPath });
  expect((await one.resolve('localhost'))[0]?.address).toMatch(/^(127\.0\.0\.1|::1)$/);
  await one.resolve('no-such-single-label').catch(() => {});
  await one.resolve('my-litellm.internal').catch(() => {});
  expect(names.asked).not.toContain('localhost');
  expect(names.asked).not.toContain('no-such-single-label');
  expect(names.asked).not.toContain('my-litellm.internal');
  rmSync(folder, { recursive: true });
});

test('a look by name knows when the name was found and which family served it', async () => {
  const server = await serveHttp((_req, res) => res.end('ok'));
  const http = createTrusted({ resolver: resolver() });
  const look = await http.request({ url: `http://live.example:${server.port}/` });
  const dead = await http.request({ url: `http://silent.example:${server.port}/` });
  server.close();
  expect(look).toMatchObject({ status: 200, family: 4 });
  expect(look.timing.dnsMs).toBeGreaterThan(0);
  expect(dead).toMatchObject({ fault: 'dns', reached: 'none', status: null });
});
