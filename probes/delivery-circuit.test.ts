import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import { type CoreEvent, emptyPlan, type RouteState } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { createTrusted, createUntrusted, loopbackPolicy } from '#lib/http.ts';
import { createSealer } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { anEvent } from '#lib/testing/messages.ts';
import { makeScene } from '#lib/testing/scene.ts';
import { type Deliverer, startDeliverer } from './deliverer.ts';

/** A router that is told of circuits: the signed truth of now, soon or not at all. */

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const minuteMs = 60_000;
const [pattern] = makeScene('calm', Date.now()).facts.routes;
let offsetMs = 0;
const now = () => Date.now() + offsetMs;
let store: Store;
let deliverer: Deliverer;
let router: HostileReceiver;
const said: string[] = [];

beforeEach(async () => {
  offsetMs = 0;
  store = openMemoryStore({ nowMs: now });
  router = await startHostileReceiver();
  deliverer = startDeliverer({
    store,
    http: { trusted: createTrusted(), untrusted: createUntrusted(loopbackPolicy) },
    sealer: createSealer(Buffer.alloc(32, 3)),
    config: configSchema.parse({
      channels: [{ type: 'webhook', name: 'router', url: router.url, secret, on: ['circuit'] }],
    }),
    by: 'w1',
    nowMs: now,
    say: (sentence) => said.push(sentence),
  });
});
afterEach(async () => {
  await deliverer.stop();
  await router.close();
  store.close();
});

let made = 0;
function move(state: 'open' | 'half_open' | 'closed'): CoreEvent {
  made += 1;
  const atMs = now();
  const route = {
    ...(pattern as RouteState),
    circuit: { ...(pattern as RouteState).circuit, state, sinceMs: atMs },
  };
  const event = anEvent({
    id: `circuit_${made}`,
    type: state === 'open' ? 'circuit.opened' : state === 'closed' ? 'circuit.closed' : 'circuit.half_opened',
    ...{ atMs, incidentId: null, targetId: route.targetId, expiresAtMs: atMs + 10 * minuteMs },
  });
  const deliveries = addressEvents([event], store.people.receivers('operator'), {
    nowMs: atMs,
    incident: () => null,
  });
  store.looks.advance(atMs, () => ({ ...emptyPlan, routes: [route], events: [event], deliveries }));
  deliverer.poke();
  return event;
}

const bodies = () =>
  router.got.map(
    ({ body, headers }) =>
      new Webhook(secret).verify(body, headers as Record<string, string>) as {
        type: string;
        data: { target: { circuit: { state: string } } };
      },
  );
const told = () => bodies().map(({ type, data }) => [type, data.target.circuit.state]);
const pass = (ms: number) => {
  offsetMs += ms;
  deliverer.poke();
};
const lines = () =>
  store.outbox
    .log({ receiverId: 'op_webhook_router', limit: 50 })
    .map((line) => line.what)
    .reverse();

describe('a router’s webhook', () => {
  it('says at once and signed what is true with the news, however quickly it follows other news', async () => {
    move('open');
    await router.arrived(1);
    offsetMs += 50;
    move('half_open');
    await router.arrived(2);
    offsetMs += 50;
    move('closed');
    await router.arrived(3);
    expect(told()).toEqual([
      ['circuit.opened', 'open'],
      ['circuit.half_opened', 'half_open'],
      ['circuit.closed', 'closed'],
    ]);
  });

  it('that was down for a minute hears the last word only', async () => {
    router.script(...Array.from({ length: 3 }, () => ({ status: 503 })));
    move('open');
    await router.arrived(1);
    await expect.poll(() => lines().includes('retry')).toBe(true);
    offsetMs += 1_000;
    move('closed');
    await router.arrived(2);
    for (let i = 0; i < 8 && router.got.length < 4; i++) {
      pass(15_000);
      await new Promise((go) => setTimeout(go, 100));
    }
    expect(told().at(-1)).toEqual(['circuit.closed', 'closed']);
    const opened = store.outbox.log({ receiverId: 'op_webhook_router', limit: 50 });
    expect(opened.some((line) => line.what === 'superseded')).toBe(true);
    expect(told().filter(([type]) => type === 'circuit.opened')).toHaveLength(1);
  });

  it('that stays away is given up after minutes, and hears no old news when it is back', async () => {
    router.script(...Array.from({ length: 20 }, () => ({ status: 503 })));
    move('open');
    await router.arrived(1);
    for (let i = 0; i < 30 && !lines().includes('dead'); i++) {
      pass(30_000);
      await new Promise((go) => setTimeout(go, 60));
    }
    expect(lines()).toContain('dead');
    expect(offsetMs).toBeLessThan(13 * minuteMs);
    expect(router.got.length).toBeLessThanOrEqual(6);
    const before = router.got.length;
    pass(120 * minuteMs);
    await new Promise((go) => setTimeout(go, 200));
    expect(router.got.length).toBe(before);
  });
});
