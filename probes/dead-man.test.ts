import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import { createTrusted, createUntrusted, strictPolicy } from '#lib/http.ts';
import { createSealer } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { canaryId } from './dead-man.ts';
import { type Deliverer, startDeliverer } from './deliverer.ts';

let store: Store;
let outside: HostileReceiver;
let deliverer: Deliverer;
let offsetMs = 0;
let said: string[] = [];
const now = () => Date.now() + offsetMs;
beforeEach(async () => {
  offsetMs = 0;
  said = [];
  store = openMemoryStore({ nowMs: now });
  outside = await startHostileReceiver();
});
afterEach(async () => {
  await deliverer.stop();
  await outside.close();
  store.close();
});

function start(trusted = createTrusted()): void {
  deliverer = startDeliverer({
    store,
    http: { trusted, untrusted: createUntrusted(strictPolicy) },
    sealer: createSealer(Buffer.alloc(32, 1)),
    config: configSchema.parse({ heartbeat_url: `${outside.url}/ping` }),
    by: 'w1',
    nowMs: now,
    say: (sentence) => said.push(sentence),
  });
}

describe('the watch over the watcher', () => {
  it('calls outside once our own message has come back through store, outbox and socket', async () => {
    start();
    await outside.arrived(1);
    expect(outside.got[0]).toMatchObject({ method: 'GET', path: '/ping' });
    expect(store.outbox.log({ receiverId: canaryId, limit: 5 }).map((line) => line.what)).toContain('sent');
    expect(store.people.receivers()).toEqual([]);
    offsetMs += 61_000;
    await outside.arrived(2);
  });

  it('V7, A15: falls silent when messages no longer come back, and says so', async () => {
    const real = createTrusted();
    let isBroken = false;
    start({
      request: (request) => {
        if (isBroken && !request.url.endsWith('/ping'))
          return real.request({ ...request, url: 'http://127.0.0.1:1/' });
        return real.request(request);
      },
    });
    await outside.arrived(1);
    isBroken = true;
    offsetMs += 91 * 60_000;
    await new Promise((go) => setTimeout(go, 2_200));
    expect(outside.got).toHaveLength(1);
    expect(said.join(' ')).toContain('The canary is silent');
  });

  it('names an outside address that does not take the call', async () => {
    outside.script({ status: 404 });
    start();
    await outside.arrived(1);
    await new Promise((go) => setTimeout(go, 50));
    expect(said).toEqual(['The outside heartbeat was not taken (404).']);
  });
});
