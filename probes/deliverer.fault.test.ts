import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { createTrusted, createUntrusted, strictPolicy } from '#lib/http.ts';
import { createSealer } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { type Answer, type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { anEvent, anIncident } from '#lib/testing/messages.ts';
import { type Deliverer, startDeliverer } from './deliverer.ts';

let store: Store;
let receiver: HostileReceiver;
let deliverer: Deliverer;
beforeEach(async () => {
  store = openMemoryStore();
  receiver = await startHostileReceiver();
});
afterEach(async () => {
  await deliverer.stop();
  await receiver.close();
  store.close();
});

// Seen red with fifty seconds for an answer.
describe('A2: a receiver that never comes to an end', { timeout: 60_000 }, () => {
  it.each([
    ['hangs', 'hang'],
    ['drips its head', 'drip_head'],
  ] as [string, Answer][])(
    'and %s is cut after twenty seconds and tried again no sooner than in a minute',
    async (_what, answer) => {
      receiver.script(answer);
      const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
      deliverer = startDeliverer({
        store,
        http: { trusted: createTrusted(), untrusted: createUntrusted(strictPolicy) },
        sealer: createSealer(Buffer.alloc(32, 1)),
        config: configSchema.parse({ channels: [{ type: 'webhook', name: 'a', url: receiver.url, secret }] }),
        by: 'w1',
        nowMs: Date.now,
        say: () => undefined,
      });
      const incident = anIncident();
      const startMs = Date.now();
      store.incidents.add(
        incident,
        [anEvent()],
        addressEvents([anEvent()], store.people.receivers(), { nowMs: startMs, incident: () => incident }),
      );
      deliverer.poke();
      await receiver.arrived(1);
      while (!store.outbox.log({ limit: 9 }).some((line) => line.what === 'retry')) {
        if (Date.now() - startMs > 30_000) throw new Error('it was not cut');
        await new Promise((go) => setTimeout(go, 50));
      }
      expect(Date.now() - startMs).toBeGreaterThan(19_000);
      expect(
        store.outbox.claim({
          by: 'x',
          nowMs: Date.now() + 40_000,
          leaseMs: 1,
          limit: 9,
          exceptReceivers: [],
        }),
      ).toEqual([]);
      expect(
        store.outbox.claim({
          by: 'x',
          nowMs: Date.now() + 90_000,
          leaseMs: 1,
          limit: 9,
          exceptReceivers: [],
        }),
      ).toHaveLength(1);
    },
  );
});
