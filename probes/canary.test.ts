import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import { createState, decideObservation, setFleet } from '#lib/core/decide.ts';
import type { Watched } from '#lib/core/fleet.ts';
import { defaultPolicy } from '#lib/core/policy.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { createTrusted, createUntrusted, strictPolicy } from '#lib/http.ts';
import { createSealer } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { probeIo } from '#lib/testing/probe-io.ts';
import { canaryId } from './canary-receiver.ts';
import { type Deliverer, startDeliverer } from './deliverer.ts';
import { probeTable } from './kinds/table.ts';

/** The whole way but the scheduler: real looks, the judgement, the outbox, the sender, sockets; a clock that can leap. */
let store: Store;
let outside: HostileReceiver;
let deliverer: Deliverer;
let watched: Watched | null = null;
let offsetMs = 0;
let said: string[] = [];
let state = createState(defaultPolicy, { watched: [], chains: [] });
const now = () => Date.now() + offsetMs;
const hourMs = 3_600_000;

beforeEach(async () => {
  offsetMs = 0;
  said = [];
  watched = null;
  state = createState(defaultPolicy, { watched: [], chains: [] });
  store = openMemoryStore({ nowMs: now });
  outside = await startHostileReceiver();
});
afterEach(async () => {
  await deliverer.stop();
  await outside.close();
  store.close();
});

async function start(config: object, http = createTrusted()): Promise<void> {
  deliverer = startDeliverer({
    store,
    http: { trusted: http, untrusted: createUntrusted(strictPolicy) },
    sealer: createSealer(Buffer.alloc(32, 1)),
    config: configSchema.parse(config),
    by: 'w1',
    nowMs: now,
    say: (sentence) => said.push(sentence),
    watch(next) {
      watched = next;
      setFleet(state, { watched: next ? [next] : [], chains: [] });
    },
  });
  await until(() => watched !== null);
}

async function until(isSo: () => boolean, limitMs = 8_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`waited in vain; said: ${said.join(' ')}`);
    await new Promise((go) => setTimeout(go, 20));
  }
}

/** One look, two seconds after the last, judged as the worker does it. */
async function look(): Promise<void> {
  if (!watched) return;
  offsetMs += 2_000;
  const clock = { nowMs: now, monoMs: () => performance.now(), stallSince: () => 0 };
  const { observation } = await probeTable.canary(watched, probeIo({ clock }));
  store.looks.advance(now(), () => {
    const { plan } = decideObservation(state, observation);
    const receivers = [...store.people.receivers('operator'), deliverer.canary()].filter(
      (one) => one !== null,
    );
    const context = { nowMs: now(), incident: () => null };
    return { ...plan, deliveries: addressEvents(plan.events, receivers, context) };
  });
  deliverer.poke();
}

const canary = () => deliverer.facts().canary as { isAlive: boolean; arrivedAtMs: number | null } | null;
const alarms = () =>
  outside.got.filter((one) => one.path === '/ops').map((one) => JSON.parse(one.body).data.text as string);
const ops = () => ({
  type: 'webhook',
  name: 'ops',
  url: `${outside.url}/ops`,
  secret: `whsec_${'A'.repeat(43)}=`,
});

describe('our own test target', () => {
  it('goes down, is judged to be down, and the message comes back; so does the one that it works again', async () => {
    await start({ heartbeat_url: `${outside.url}/ping` });
    expect(canary()).toEqual({ isAlive: false, arrivedAtMs: null });
    for (let i = 0; i < 3; i++) await look();
    await until(() => canary()?.arrivedAtMs !== null);
    for (let i = 0; i < 2; i++) await look();
    await until(
      () =>
        store.outbox.log({ receiverId: canaryId, limit: 9 }).filter((l) => l.what === 'sent').length === 2,
    );
    const sentences = store.events.list({ limit: 9 }).map((event) => event.sentence);
    expect(sentences).toEqual([
      expect.stringMatching(/^Only a test: our own test target works again after /),
      expect.stringMatching(/^Only a test: our own test target is down: 3 checks in a row failed /),
    ]);
    expect(said).toEqual([]);
  });

  it('goes down again each hour, and only then', async () => {
    await start({ heartbeat_url: `${outside.url}/ping` });
    for (let i = 0; i < 3; i++) await look();
    await until(() => canary()?.arrivedAtMs !== null);
    for (let i = 0; i < 20; i++) await look();
    expect(store.events.list({ limit: 9 })).toHaveLength(2);
    offsetMs += hourMs;
    for (let i = 0; i < 3; i++) await look();
    await until(() => store.events.list({ limit: 9 }).length === 3);
  });

  it('is in no table, is no public matter, and nobody else is told', async () => {
    await start({ channels: [ops()] });
    for (let i = 0; i < 3; i++) await look();
    await until(() => canary()?.arrivedAtMs !== null);
    for (let i = 0; i < 3; i++) await look();
    const { components, routes, fleet } = store.looks.current();
    expect([components, routes, fleet, [...store.looks.lastSeenAt()]]).toEqual([[], [], [], []]);
    expect(store.events.list({ limit: 9 }).filter((event) => event.isPublic)).toEqual([]);
    expect(store.people.receivers().map((one) => one.id)).toEqual(['op_webhook_ops']);
    expect(outside.got).toEqual([]);
  });

  it.each([
    ['nobody looks at it', 'was not even checked', { looks: 0, breaks: false }],
    ['the judgement misses it', 'it was checked, but not noticed', { looks: 1, breaks: false }],
    ['messages are lost', 'no message came through', { looks: 3, breaks: true }],
  ])('A15: when %s, the owner hears of it by another channel', async (_what, expected, { looks, breaks }) => {
    const real = createTrusted();
    const broken: typeof real = {
      request: (request) =>
        real.request(request.url.endsWith('/heard') ? { ...request, url: 'http://127.0.0.1:1/' } : request),
    };
    await start({ channels: [ops()], heartbeat_url: `${outside.url}/ping` }, breaks ? broken : real);
    for (let i = 0; i < looks; i++) await look();
    offsetMs += 11 * 60_000;
    await until(() => alarms().length === 1);
    expect(alarms()[0]).toMatch(/^Our own test alarm did not come back: .*Real alarms may be lost\.$/);
    expect(alarms()[0]).toContain(expected);
    expect(canary()?.isAlive).toBe(false);
    expect(outside.got.filter((one) => one.path === '/ping')).toEqual([]);
  });

  it('says once that it is lost, and once that it comes back', async () => {
    await start({ channels: [ops()] });
    offsetMs += 11 * 60_000;
    await until(() => alarms().length === 1);
    offsetMs += 20 * 60_000;
    await new Promise((go) => setTimeout(go, 1_500));
    expect(alarms()).toHaveLength(1);
    offsetMs += 30 * 60_000;
    for (let i = 0; i < 3; i++) await look();
    await until(() => canary()?.arrivedAtMs !== null);
    for (let i = 0; i < 2; i++) await look();
    await until(() => alarms().length === 2);
    expect(alarms()[1]).toBe('Our own test alarm comes back again: messages get through.');
  });

  it('goes through channels of the owner’s too, and has come back only when they took it', async () => {
    await start({ channels: [ops()], canary: { through: ['ops'] } });
    outside.script({ status: 500 });
    for (let i = 0; i < 3; i++) await look();
    await until(() => canary()?.arrivedAtMs !== null);
    for (let i = 0; i < 2; i++) await look();
    offsetMs += 11 * 60_000;
    await until(() => said.some((one) => one.includes('the channel op_webhook_ops did not take it')));
    expect(alarms()[0]).toMatch(/^Only a test: /);
  });

  it('does not run where nobody is to be told, and ends when the configuration says so', async () => {
    await start({ channels: [ops()] });
    deliverer.setConfig(configSchema.parse({}));
    expect([watched, canary(), deliverer.canary()]).toEqual([null, null, null]);
  });

  it('is not moved by a stranger who knocks at its address', async () => {
    await start({ channels: [ops()] });
    const address = String(watched?.baseUrl).replace('/target', '/heard');
    const body = JSON.stringify({ timestamp: new Date().toISOString(), data: { detail: { what: 'down' } } });
    for (const headers of [
      {},
      { 'webhook-id': 'x', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' },
    ]) {
      const answer = await fetch(address, {
        method: 'POST',
        body,
        headers: headers as Record<string, string>,
      });
      expect(answer.status).toBe(404);
    }
    expect(canary()?.arrivedAtMs).toBeNull();
  });
});
