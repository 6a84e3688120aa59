import { openMemoryStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import { createSealer } from '#lib/seal.ts';
import { type Deliverer, startDeliverer } from '#probes/deliverer.ts';
import type { CoreEvent, EventType, Incident } from '../core/plan.ts';
import { addressEvents } from '../core/routing.ts';
import { createTrusted, createUntrusted, loopbackPolicy } from '../http.ts';
import type { Store } from '../store.ts';
import { type HostileReceiver, startHostileReceiver } from './hostile-receiver.ts';
import { anEvent, anIncident } from './messages.ts';

export interface DeliveryDesk {
  store: Store;
  said: string[];
  /** What is to be ended after the test, in the other order than it came. */
  endings: (() => unknown)[];
  nowMs(): number;
  later(ms: number): void;
  start(config: Record<string, unknown>, change?: Partial<Parameters<typeof startDeliverer>[0]>): Deliverer;
  /** What the worker does when it has decided: incident, event and drafts in one transaction. */
  happen(type: EventType, incident: Incident | null, change?: Partial<CoreEvent>): CoreEvent;
  receiver(): Promise<HostileReceiver>;
  /** Out for a minute, just now. */
  incident(id: string, change?: Partial<Incident>): Incident;
  /** What a receiver was told, in order. */
  lines(receiverId: string): string[];
  close(): Promise<void>;
}

/** A store and a deliverer over it that really sends, on a clock that can be moved on. */
export function openDeliveryDesk(): DeliveryDesk {
  let offsetMs = 0;
  let made = 0;
  let deliverer: Deliverer | null = null;
  const nowMs = () => Date.now() + offsetMs;
  const store = openMemoryStore({ nowMs });
  const said: string[] = [];
  const endings: (() => unknown)[] = [];
  return {
    store,
    said,
    endings,
    nowMs,
    later: (ms) => {
      offsetMs += ms;
    },
    start(config, change = {}) {
      deliverer = startDeliverer({
        store,
        http: { trusted: createTrusted(), untrusted: createUntrusted(loopbackPolicy) },
        sealer: createSealer(Buffer.alloc(32, 3)),
        config: configSchema.parse({ url: 'https://status.example.com', ...config }),
        by: 'w1',
        nowMs,
        say: (sentence) => said.push(sentence),
        ...change,
      });
      const started = deliverer;
      endings.push(() => started.stop());
      return deliverer;
    },
    happen(type, incident, change = {}) {
      made += 1;
      const event = anEvent({
        id: `ev_${made}`,
        type,
        atMs: nowMs(),
        scope: incident?.scope ?? null,
        impact: incident?.impact ?? null,
        incidentId: incident?.id ?? null,
        sentence: `sentence ${made}`,
        startedAtMs: null,
        ...change,
      });
      const deliveries = addressEvents([event], store.people.receivers(), {
        nowMs: nowMs(),
        incident: () => incident,
      });
      if (incident && store.incidents.get(incident.id))
        store.incidents.edit(incident.id, () => ({ incident, events: [event], deliveries }));
      else if (incident) store.incidents.add(incident, [event], deliveries);
      else store.events.add([event], deliveries);
      deliverer?.poke();
      return event;
    },
    incident: (id, change = {}) =>
      anIncident({
        ...{ id, impact: 'major_outage', title: `incident ${id}` },
        ...{ startedAtMs: nowMs() - 60_000, openedAtMs: nowMs() },
        ...change,
      }),
    async receiver() {
      const one = await startHostileReceiver();
      endings.push(() => one.close());
      return one;
    },
    lines: (receiverId) =>
      store.outbox
        .log({ receiverId, limit: 300 })
        .map((line) => line.what)
        .reverse(),
    async close() {
      for (const end of endings.splice(0).reverse()) await end();
      store.close();
    },
  };
}

export const hook = (url: string, name: string) => ({
  type: 'webhook',
  name,
  url,
  secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
  on: ['incident', 'circuit', 'account', 'catalog'],
});

export const slackHook = (url: string, name: string) => ({
  type: 'slack',
  name,
  webhook_url: url,
  on: ['incident', 'catalog', 'account'],
});

/** Waits for what another loop does; it is there at once or not at all. */
export async function until(check: () => boolean, limitMs = 10_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!check()) {
    if (Date.now() > end) throw new Error('it did not come to be');
    await new Promise((go) => setTimeout(go, 10));
  }
}
