import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import type { CoreEvent, Incident } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { nextDigestAtMs } from '#lib/core/routing-rules.ts';
import { createTrusted, createUntrusted, strictPolicy } from '#lib/http.ts';
import { confirmSubscription } from '#lib/ops/confirm-subscription.ts';
import { subscribe } from '#lib/ops/subscribe.ts';
import { createSubscribeLimits } from '#lib/ops/subscribe-limits.ts';
import { unsubscribe } from '#lib/ops/unsubscribe.ts';
import { createSealer } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { anEvent, anIncident } from '#lib/testing/messages.ts';
import {
  type Posted,
  type PostOffice,
  type PostOfficeScript,
  startPostOffice,
} from '#lib/testing/post-office.ts';
import { type Deliverer, startDeliverer } from './deliverer.ts';

const sealer = createSealer(Buffer.alloc(32, 3));
let store: Store;
let offsetMs = 0;
let office: PostOffice;
let deliverer: Deliverer;
const now = () => Date.now() + offsetMs;

async function start(script: PostOfficeScript = {}): Promise<void> {
  office = await startPostOffice(script);
  deliverer = startDeliverer({
    store,
    http: { trusted: createTrusted(), untrusted: createUntrusted(strictPolicy) },
    sealer,
    config: configSchema.parse({
      url: 'https://status.example.com',
      smtp: { url: office.url, from: 's@example.com' },
    }),
    by: 'w1',
    nowMs: now,
    say: () => undefined,
  });
}
beforeEach(() => {
  offsetMs = 0;
  store = openMemoryStore({ nowMs: now });
});
afterEach(async () => {
  await deliverer.stop();
  await office.close();
  store.close();
});

const io = () => ({
  store,
  sealer,
  nowMs: now(),
  baseUrl: 'https://status.example.com',
  hasMail: true,
  limits: createSubscribeLimits(),
});
function ask(raw: Record<string, unknown>): void {
  subscribe(io(), { raw, address: '192.0.2.1' });
  for (const intent of store.people.claimIntents(10, now())) deliverer.subscribe(intent);
}
async function mails(count: number): Promise<Posted[]> {
  const end = Date.now() + 20_000;
  while (office.got.length < count) {
    if (Date.now() > end) throw new Error(`${office.got.length} of ${count} mails`);
    await new Promise((go) => setTimeout(go, 10));
  }
  await new Promise((go) => setTimeout(go, 60));
  return office.got;
}
const linkIn = (mail: Posted | undefined, path: string) =>
  new RegExp(`https://status\\.example\\.com${path}/([A-Za-z0-9._-]+)`).exec(mail?.text ?? '')?.[1] ?? '';
async function subscribed(to: string, more: Record<string, unknown> = {}): Promise<Posted> {
  const before = office.got.length;
  ask({ to, ...more });
  const got = await mails(before + 1);
  const mail = got.at(-1) as Posted;
  expect(confirmSubscription(io(), linkIn(mail, '/subscriptions/confirm')).ok).toBe(true);
  return mail;
}
function happen(event: Partial<CoreEvent>, incident: Incident): void {
  const one = anEvent({ id: randomUUID(), atMs: now(), incidentId: incident.id, ...event });
  const deliveries = addressEvents([one], [], { nowMs: now(), incident: () => incident });
  if (store.incidents.get(incident.id))
    store.incidents.edit(incident.id, () => ({ incident, events: [one], deliveries }));
  else store.incidents.add(incident, [one], deliveries);
  deliverer.poke();
}
const over = () => anIncident({ status: 'resolved', resolvedAtMs: now() });

describe('a subscription by mail', () => {
  it('goes from the form to the confirmation, the fall, the recovery and the one click that ends it', async () => {
    await start();
    const first = await subscribed('ana@example.org');
    expect(first.headers.subject).toMatch(/Please confirm that you want these messages/);
    expect(first.text).toContain('/subscriptions/unsubscribe/');
    happen({}, anIncident());
    const [, fall] = await mails(2);
    expect(fall).toMatchObject({ to: ['ana@example.org'] });
    expect(fall?.headers['list-unsubscribe']).toContain('/subscriptions/unsubscribe/');
    expect(fall?.text).toContain('Change what you get');
    expect(fall?.text).not.toContain('Acknowledge');
    happen({ type: 'incident.resolved', sentence: 'It works again.' }, over());
    const [, , recovery] = await mails(3);
    expect(recovery?.headers.references).toBe(fall?.headers['message-id']);
    expect(unsubscribe(io(), linkIn(recovery, '/subscriptions/unsubscribe')).ok).toBe(true);
    expect(store.people.receivers()).toEqual([]);
    happen({}, anIncident({ id: 'i2' }));
    await mails(3);
    expect(office.got).toHaveLength(3);
  });

  it('that was never confirmed gets nothing', async () => {
    await start();
    ask({ to: 'eve@example.org' });
    await mails(1);
    happen({}, anIncident());
    await new Promise((go) => setTimeout(go, 200));
    expect(office.got).toHaveLength(1);
  });

  it('until something is over ends with one message and itself', async () => {
    await start();
    store.incidents.add(anIncident(), [], []);
    await subscribed('ana@example.org', { until_incident: 'i1' });
    happen({ type: 'incident.changed' }, anIncident({ impact: 'major_outage' }));
    happen({ type: 'incident.resolved' }, over());
    await mails(2);
    expect(office.got).toHaveLength(2);
    expect(store.people.receivers()).toEqual([]);
  });

  it('as a digest comes once, at eight, with what was told in one', async () => {
    await start();
    await subscribed('ana@example.org', { digest: 'daily' });
    for (let i = 0; i < 3; i++) happen({}, anIncident({ id: `d${i}` }));
    await new Promise((go) => setTimeout(go, 200));
    expect(office.got).toHaveLength(1);
    offsetMs = 86_400_000;
    deliverer.poke();
    const [, digest] = await mails(2);
    expect(digest?.headers.subject).toMatch(/3 messages \(digest\)/);
  });

  it('as a weekly digest that meets greylisting is tried again, old as what it tells is', async () => {
    let isGrey = false;
    await start({ onRecipient: () => (isGrey ? '451 4.7.1 come back later' : null) });
    await subscribed('ana@example.org', { digest: 'weekly' });
    for (let i = 0; i < 3; i++) happen({}, anIncident({ id: `w${i}` }));
    const held = () =>
      store.outbox.log({ limit: 50 }).filter((line) => /weekly digest/.test(line.text)).length;
    await expect.poll(held, { timeout: 8_000 }).toBe(3);
    isGrey = true;
    offsetMs = nextDigestAtMs('weekly', now()) - now() + 60_000;
    deliverer.poke();
    const lines = () => store.outbox.log({ limit: 50 }).map((line) => line.what);
    await expect.poll(() => lines().filter((what) => what === 'retry').length, { timeout: 8_000 }).toBe(3);
    expect(lines()).not.toContain('dead');
    isGrey = false;
    offsetMs += 60_000;
    deliverer.poke();
    expect((await mails(2)).at(-1)?.headers.subject).toMatch(/3 messages \(digest\)/);
  });

  it('of an address that bounces is switched off, and is not written to again', async () => {
    await start({ onRecipient: (to) => (to.startsWith('gone') ? '550 5.1.1 no such user' : null) });
    ask({ to: 'gone@example.org' });
    const end = Date.now() + 5_000;
    while (store.people.receivers()[0]?.status !== 'disabled') {
      if (Date.now() > end) throw new Error('it was not switched off');
      await new Promise((go) => setTimeout(go, 10));
    }
    offsetMs = 2 * 86_400_000;
    const before = store.events.list({ limit: 100 }).length;
    ask({ to: 'gone@example.org' });
    expect(store.events.list({ limit: 100 })).toHaveLength(before);
  });

  it('waits through greylisting and then arrives once, under the id it always had', async () => {
    let tries = 0;
    await start({ onRecipient: () => (tries++ === 0 ? '451 4.7.1 come back later' : null) });
    ask({ to: 'ana@example.org' });
    const end = Date.now() + 5_000;
    while (!store.outbox.log({ limit: 20 }).some((line) => line.what === 'retry')) {
      if (Date.now() > end) throw new Error('no retry');
      await new Promise((go) => setTimeout(go, 10));
    }
    offsetMs = 10_000;
    deliverer.poke();
    const [mail] = await mails(1);
    expect(mail?.headers['message-id']).toMatch(/^<msg_[0-9a-f]{32}@example\.com>$/);
  });

  it('of three hundred people reaches each once, and one refused recipient spoils nobody else’s', async () => {
    await start({ onRecipient: (to) => (to === 'p7@example.org' ? '550 5.3.0 refused' : null) });
    const { sealSettings } = await import('#lib/notify/public.ts');
    for (let i = 0; i < 300; i++)
      store.people.addReceiver({
        id: `pub_${i}`,
        origin: 'public',
        channel: 'email',
        settings: { sealed: sealSettings(sealer, `pub_${i}`, { to: `p${i}@example.org` }) },
        scope: [],
        minImpact: null,
        kinds: ['incident'],
        untilIncidentId: null,
        status: 'active',
        createdAtMs: 1,
        isMutedUntilMs: null,
      });
    happen({}, anIncident());
    await mails(299);
    expect(new Set(office.got.map((mail) => mail.to[0])).size).toBe(299);
    expect(office.got).toHaveLength(299);
  });
});
