import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { muteNote, readMutes } from '#lib/core/scope-mute.ts';
import { adminToken, type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { adminFacts } from './admin-facts.ts';
import type { Guard } from './guard.ts';
import { guards } from './guards.ts';

let edge: EdgeUnderTest;
const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-admin-'));

beforeAll(async () => {
  edge = await startEdge({ web: { dataDir } });
});
afterAll(async () => {
  await edge.stop();
  rmSync(dataDir, { recursive: true });
});

function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(edge.url + path, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: edge.url, ...headers },
  });
}

async function signIn(): Promise<string> {
  const answer = await post('/admin/login', { token: adminToken });
  expect(answer.headers.get('location')).toBe('/admin');
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

test('signing in gives a new session each time, and the old one is worth nothing', async () => {
  const first = await signIn();
  expect(first).toMatch(/^sb=.{40,}/);
  const again = await post('/admin/login', { token: adminToken }, { cookie: first });
  const second = (again.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect(second).not.toBe(first);
  expect((await post('/admin/mute', { hours: '2' }, { cookie: first })).status).toBe(401);
  expect((await post('/admin/mute', { hours: '2' }, { cookie: second })).status).toBe(303);
  await post('/admin/logout', {}, { cookie: second });
  expect((await post('/admin/mute', { hours: '2' }, { cookie: second })).status).toBe(401);
});

test.each([
  ['no origin', { origin: '' }],
  ['a null origin', { origin: 'null' }],
  ['another site', { origin: 'https://evil.example' }],
  ['a sub-domain', { origin: 'http://x.127.0.0.1' }],
  ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
])('U11: a form with %s changes nothing', async (_name, headers) => {
  const cookie = await signInQuietly();
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
  const body = 'title=x&scope=gateway:openrouter&impact=degraded';
  const own = 'origin' in headers ? {} : { origin: edge.url };
  const answer = await fetch(`${edge.url}/admin/incidents`, {
    method: 'POST',
    redirect: 'manual',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...own, ...sent },
  });
  expect(answer.status).toBe(403);
  expect(edge.store.incidents.list({ limit: 100 }).some((i) => i.title === 'x')).toBe(false);
});

/** Without spending the sign-in's own allowance. */
async function signInQuietly(): Promise<string> {
  const { sha256, sessionPurpose } = await import('./access.ts');
  edge.store.people.putToken({
    hash: sha256('quiet'),
    purpose: sessionPurpose,
    subject: 'admin',
    expiresAtMs: edge.nowMs() + 60_000,
    scopes: [],
  });
  return 'sb=quiet';
}

test('an incident opened by hand is public, and resolving it tells everybody', async () => {
  const cookie = await signInQuietly();
  const opened = await post(
    '/admin/incidents',
    { title: 'Something broke', scope: 'provider:groq', impact: 'degraded', text: 'we saw it' },
    { cookie },
  );
  expect(opened.headers.get('location')).toBe('/admin/incidents?done=1');
  const made = edge.store.incidents.list({ limit: 100 }).find((i) => i.title === 'Something broke');
  expect(made?.status).toBe('open');
  await post(`/admin/incidents/${made?.id}`, { do: 'resolve' }, { cookie });
  expect(edge.store.incidents.get(made?.id ?? '')?.status).toBe('resolved');
  expect(edge.store.events.list({ types: ['incident.resolved'], limit: 5 })[0]?.incidentId).toBe(made?.id);
});

test('two incidents are told as one, and a part as one of its own; both are written down', async () => {
  const cookie = await signInQuietly();
  const [one, two] = await Promise.all(
    ['gateway:openrouter', 'provider:groq'].map(async (scope) => {
      await post('/admin/incidents', { title: `Trouble of ${scope}`, scope, impact: 'degraded' }, { cookie });
      return edge.store.incidents.list({ limit: 100 }).find((i) => i.title === `Trouble of ${scope}`)!.id;
    }),
  );
  await post(`/admin/incidents/${two}`, { do: 'merge', into: one! }, { cookie });
  expect(edge.store.incidents.get(two!)).toMatchObject({ status: 'resolved', mergedInto: one });
  await post(`/admin/incidents/${one}`, { do: 'split', part: 'provider:azure' }, { cookie });
  const part = edge.store.incidents.list({ limit: 100 }).find((i) => i.splitFrom === one);
  expect(part?.scope).toEqual({ kind: 'provider', id: 'azure' });
  expect((edge.store.upkeep.noted('edge.audit') ?? '').match(/merge|split/g)).toEqual(['split', 'merge']);
  for (const wrong of [
    { do: 'merge', into: 'none' },
    { do: 'split', part: 'everything' },
  ]) {
    const refused = await post(`/admin/incidents/${one}`, wrong, { cookie });
    expect(refused.headers.get('location')).toMatch(/error=/);
  }
  const answer = await fetch(`${edge.url}/api/v1/incidents/${two}`);
  expect(await answer.json()).toMatchObject({ merged_into: one });
});

test('one thing is muted for some hours and heard again, whatever the channels are told of', async () => {
  const cookie = await signInQuietly();
  const mutes = () => readMutes(edge.store.upkeep.noted(muteNote), edge.nowMs());
  await post('/admin/mute', { scope: 'provider:groq', hours: '3' }, { cookie });
  expect(mutes()).toMatchObject([{ scope: 'provider:groq', by: 'admin' }]);
  expect(Math.round(((mutes()[0]?.untilMs ?? 0) - edge.nowMs()) / 3_600_000)).toBe(3);
  await post('/admin/mute', { scope: 'provider:groq', do: 'unmute' }, { cookie });
  expect(mutes()).toEqual([]);
  const refused = await post('/admin/mute', { scope: 'everything', hours: '3' }, { cookie });
  expect(refused.headers.get('location')).toMatch(/error=/);
});

test('maintenance planned by hand can be taken back, and ended while it runs', async () => {
  const cookie = await signInQuietly();
  const at = (ms: number) => new Date(edge.nowMs() + ms).toISOString().slice(0, 16);
  const plan = (title: string, fromMs: number) =>
    post(
      '/admin/maintenance',
      { title, scope: 'provider:groq', from: at(fromMs), to: at(fromMs + 7_200_000) },
      { cookie },
    );
  await plan('to come', 3_600_000);
  await plan('running', -3_600_000);
  const windows = () => adminFacts(edge.web.edge).maintenance;
  const idOf = (title: string) => windows().find((w) => w.title === title)?.id ?? '';
  expect(windows().map((w) => [w.title, w.isByHand])).toEqual([
    ['running', true],
    ['to come', true],
  ]);
  for (const title of ['to come', 'running'])
    expect((await post(`/admin/maintenance/${idOf(title)}`, {}, { cookie })).headers.get('location')).toMatch(
      /done=1/,
    );
  expect(windows()).toEqual([]);
  const again = await post('/admin/maintenance/nothing', {}, { cookie });
  expect(again.headers.get('location')).toMatch(/error=/);
  // What was written has drawn on this address's bucket.
  edge.setNow(edge.nowMs() + 120_000);
});

test('guessing the token is throttled', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 8; i++) statuses.push((await post('/admin/login', { token: `guess-${i}` })).status);
  expect(statuses).toContain(429);
  expect(edge.logged.filter((l) => JSON.stringify(l.facts).includes('guess-'))).toEqual([]);
});

test('U11: sign-ins sent by somebody else’s page are refused and use up nobody’s attempts', async () => {
  edge.setNow(edge.nowMs() + 60 * 60_000);
  for (let i = 0; i < 20; i++) {
    const answer = await fetch(`${edge.url}/admin/login`, {
      method: 'POST',
      headers: { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: `token=guess-${i}`,
    });
    expect(answer.status).toBe(403);
  }
  expect((await post('/admin/login', { token: 'guess' })).status).toBe(303);
});

test('U11: a foreign Host on the loopback opens nothing', async () => {
  const cookie = await signInQuietly();
  const { request } = await import('node:http');
  const status = await new Promise((done) => {
    const req = request(
      `${edge.url}/admin/mute`,
      {
        method: 'POST',
        headers: {
          host: 'evil.example',
          origin: 'http://evil.example',
          cookie,
          'content-type': 'application/x-www-form-urlencoded',
        },
      },
      (res) => done(res.statusCode),
    );
    req.end('hours=2');
  });
  expect(status).toBe(401);
});

test('U15: every line that is not public refuses the public', async () => {
  const locked = Object.entries(guards as Record<string, Guard>).filter(
    ([, guard]) => guard.access !== 'public',
  );
  expect(locked.length).toBeGreaterThan(8);
  for (const [key, guard] of locked) {
    const [method = '', path = ''] = key.split(' ');
    const answer = await fetch(edge.url + path.replace(/\{\w+\}/g, 'x'), {
      method,
      redirect: 'manual',
      body: method === 'GET' ? null : '',
      headers: { 'content-type': guard.accepts?.[0] ?? 'application/json', origin: edge.url },
    });
    expect(answer.status, key).toBe(401);
  }
});

test('subscribing says the same to everybody, and a filled trap is thanked and forgotten', async () => {
  // The test before has drawn on this address's bucket for writes.
  edge.setNow(edge.nowMs() + 120_000);
  const ask = (fields: Record<string, string>) =>
    post('/subscribe', { channel: 'email', address: 'a@example.com', ...fields });
  const answers = [await ask({}), await ask({}), await ask({ website: 'spam' })];
  expect(new Set(answers.map((a) => `${a.status} ${a.headers.get('location')}`)).size).toBe(1);
});

test('an invalid link is a page that says so, and opening one changes nothing', async () => {
  for (const what of ['confirm', 'manage', 'unsubscribe']) {
    const answer = await fetch(`${edge.url}/subscriptions/${what}/nonsense`);
    expect(answer.status, what).toBe(404);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
});

test('a page that is not for everybody asks everybody, and keeps nothing where it could be had without', async () => {
  const own = await startEdge({ config: { page: { access: { token: 'a-token-of-sixteen' } } } });
  try {
    const ask = (path: string, authorization?: string) =>
      fetch(own.url + path, { headers: authorization ? { authorization } : {} });
    const basic = `Basic ${Buffer.from('anybody:a-token-of-sixteen').toString('base64')}`;
    for (let i = 0; i < 2; i++) {
      for (const path of [
        '/api/v1/health',
        '/status.txt',
        '/badge.svg',
        '/api/v1/targets',
        '/api/v1/health/stream',
        '/',
      ])
        expect((await ask(path)).status, path).toBe(401);
      const entered = await ask('/api/v1/health', basic);
      expect([entered.status, entered.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
      expect((await ask('/status.txt', 'Bearer a-token-of-sixteen')).status).toBe(200);
    }
    expect((await ask('/api/v1/health', 'Bearer another-token-here')).status).toBe(401);
    expect((await ask('/healthz')).status).toBe(200);
  } finally {
    await own.stop();
  }
});
