import { createServer } from 'node:https';
import { afterEach, expect, test } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import { emptyPlan } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { createTrusted, createUntrusted, loopbackPolicy } from '#lib/http.ts';
import { createSealer } from '#lib/seal.ts';
import { startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { invariants } from '#lib/testing/invariants.ts';
import { listening } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { type CertificateShape, selfSigned } from '#lib/testing/self-signed.ts';
import { catalogNews } from './catalog-news.ts';
import type { Core } from './core.ts';
import { startDeliverer } from './deliverer.ts';
import { http as lookAtAddress } from './kinds/http.ts';
import { createRecorder } from './recorder.ts';

const dayMs = 86_400_000;
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const core: Core = {
  observe: () => ({ outcome: 'ok', plan: emptyPlan }),
  advance: () => emptyPlan,
  setFleet: () => {},
  setConfig: () => {},
  setMaintenance: () => {},
  restore: () => {},
};

// Seen red with the marks asked of the owner's own number of days, and with the note of the look before not written.
test('T2: a certificate that nobody renews is told at 14, 7, 3 and 1 days and at its end, once each, from the handshake to the message', async () => {
  const issuer = selfSigned(400, { subject: 'a root', sinceDays: 100 });
  const made = (days: number, more: CertificateShape = {}) =>
    selfSigned(days, { sinceDays: 60, issuer: { key: issuer.key, subject: 'a root' }, ...more });
  const live = made(30);
  const server = createServer({ key: live.key, cert: live.cert }, (_q, answer) => answer.end('ok'));
  const at = await listening(server, () => server.closeAllConnections());
  endings.push(() => at.close());
  const hook = await startHostileReceiver();
  endings.push(() => hook.close());
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  const store = openMemoryStore({ nowMs: now });
  endings.push(() => store.close());
  const http = createTrusted({ ca: [issuer.cert] });
  const deliverer = startDeliverer({
    store,
    http: { trusted: http, untrusted: createUntrusted(loopbackPolicy) },
    sealer: createSealer(Buffer.alloc(32, 3)),
    config: configSchema.parse({
      url: 'https://status.example.com',
      channels: [
        {
          type: 'webhook',
          name: 'hook',
          url: hook.url,
          secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
        },
      ],
    }),
    by: 'w1',
    nowMs: now,
    say: () => {},
  });
  endings.push(() => deliverer.stop());
  const watched = watchedTarget(
    'http',
    { gateway: null, provider: 'our-api', model: null },
    { baseUrl: at.url.replace('http:', 'https:') },
  );
  store.looks.saveFleet([watched], now());
  const openRecorder = () =>
    createRecorder({
      ...{ store, core, nowMs: now, asks: () => {}, found: () => {}, recorded: () => {} },
      ...{ complain: (sentence) => expect(sentence).toBe(''), mayWrite: () => true, poke: deliverer.poke },
      address: (plan) => ({
        ...plan,
        deliveries: addressEvents(plan.events, store.people.receivers('operator'), {
          nowMs: now(),
          incident: () => null,
        }),
      }),
      news: (found, atMs) => catalogNews(store.catalog, found, atMs, () => false),
    });
  const clock = { nowMs: now, monoMs: () => performance.now(), stallSince: () => 0 };
  for (let day = 0; day <= 33; day++) {
    offsetMs = day * dayMs;
    // The clock of the handshake cannot be moved: from the 30th day on an expired one is served.
    if (day === 30) server.setSecureContext(made(-1));
    // A worker that begins anew each day remembers only what is stored.
    const recorder = openRecorder();
    for (let look = 0; look < 3; look++) {
      offsetMs += 3_600_000;
      const { observation, found = [] } = await lookAtAddress(watched, probeIo({ http, clock }));
      recorder.add([{ observation: { ...observation, slot: day * 3 + look }, found }], []);
    }
    expect(recorder.flush()).toBe(true);
    recorder.stop();
  }
  await hook.arrived(5);
  await new Promise((done) => setTimeout(done, 300));
  const sentences = hook.got.map(({ body }) => (JSON.parse(body) as { data: { text: string } }).data.text);
  expect(sentences).toEqual([
    ...[/: 13 days left\.$/, /: 6 days left\.$/, /: 2 days left\.$/, /: 2[0-3] h left\.$/].map((end) =>
      expect.stringMatching(end),
    ),
    expect.stringMatching(/^The certificate of your address our-api expired on 20\d\d-\d\d-\d\d\.$/),
  ]);
  expect(new Set(hook.got.map((one) => one.headers['webhook-id'])).size).toBe(5);
  expect(invariants(store, { nowMs: now() })).toEqual([]);
});
