import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { type Config, configSchema } from '#lib/config/schema.ts';
import type { CoreEvent, EventType, Incident } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { createTrusted, createUntrusted, loopbackPolicy } from '#lib/http.ts';
import { createSealer } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { type Deliverer, startDeliverer } from './deliverer.ts';

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const sealer = createSealer(Buffer.alloc(32, 3));
let store: Store;
let nowMs = 0;
let offsetMs = 0;
let receivers: HostileReceiver[] = [];
let deliverer: Deliverer | null = null;
let said: string[] = [];
const now = () => Date.now() + offsetMs;

beforeEach(() => {
  offsetMs = 0;
  nowMs = now();
  said = [];
  store = openMemoryStore({ nowMs: now });
});
afterEach(async () => {
  for (const one of receivers) await one.close();
  receivers = [];
  await deliverer?.stop();
  deliverer = null;
  store.close();
});

async function receiver(): Promise<HostileReceiver> {
  const one = await startHostileReceiver();
  receivers.push(one);
  return one;
}

function configOf(channels: Record<string, unknown>[]): Config {
  return configSchema.parse({ url: 'https://status.example.com', channels });
}

function start(
  channels: Record<string, unknown>[],
  change: Partial<Parameters<typeof startDeliverer>[0]> = {},
): void {
  deliverer = startDeliverer({
    store,
    http: { trusted: createTrusted(), untrusted: createUntrusted(loopbackPolicy) },
    sealer,
    config: configOf(channels),
    by: 'w1',
    nowMs: now,
    say: (sentence) => said.push(sentence),
    ...change,
  });
}

function anIncident(id: string, change: Partial<Incident> = {}): Incident {
  return {
    id,
    scope: { kind: 'provider', id: 'deepinfra' },
    impact: 'major_outage',
    status: 'open',
    isUnstable: false,
    isPublic: true,
    confidence: 'high',
    startedAtMs: nowMs - 60_000,
    openedAtMs: nowMs,
    resolvedAtMs: null,
    title: `incident ${id}`,
    reason: 'r',
    evidence: {
      failed: 3,
      total: 3,
      providers: 1,
      windowMs: 90_000,
      byClass: {},
      sample: null,
      working: [],
      witnesses: [],
      candidates: [],
    },
    timeline: [],
    affected: [],
    acknowledgedBy: null,
    pinned: [],
    ...change,
  };
}

let made = 0;
/** What the worker does when it has decided: incident, event and drafts in one transaction. */
function happen(type: EventType, incident: Incident | null, change: Partial<CoreEvent> = {}): CoreEvent {
  made += 1;
  const event: CoreEvent = {
    id: `ev_${made}`,
    type,
    atMs: now(),
    scope: incident?.scope ?? null,
    impact: incident?.impact ?? null,
    incidentId: incident?.id ?? null,
    targetId: null,
    isPublic: true,
    sentence: `sentence ${made}`,
    reason: 'because',
    startedAtMs: null,
    expiresAtMs: null,
    data: {},
    ...change,
  };
  const deliveries = addressEvents([event], store.people.receivers(), {
    nowMs: now(),
    incident: () => incident,
  });
  if (incident && store.incidents.get(incident.id))
    store.incidents.edit(incident.id, () => ({ incident, events: [event], deliveries }));
  else if (incident) store.incidents.add(incident, [event], deliveries);
  else store.events.add([event], deliveries);
  deliverer?.poke();
  return event;
}

const hook = (url: string, name: string) => ({
  type: 'webhook',
  name,
  url,
  secret,
  on: ['incident', 'circuit', 'account', 'catalog'],
});
const slackHook = (url: string, name: string) => ({
  type: 'slack',
  name,
  webhook_url: url,
  on: ['incident', 'catalog', 'account'],
});
const lines = (receiverId: string) =>
  store.outbox
    .log({ receiverId, limit: 200 })
    .map((line) => line.what)
    .reverse();
const isOff = (id: string) => store.people.receiver(id)?.status === 'disabled';
async function until(check: () => boolean, limitMs = 8_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!check()) {
    if (Date.now() > end) throw new Error('it did not come to be');
    await new Promise((go) => setTimeout(go, 10));
  }
}

describe('the deliverer', () => {
  it('tells every operator channel once, and logs it', async () => {
    const [a, b] = [await receiver(), await receiver()];
    start([hook(a.url, 'a'), slackHook(b.url, 'b')]);
    happen('incident.opened', anIncident('i1'));
    await Promise.all([a.arrived(1), b.arrived(1)]);
    await until(() => lines('op_webhook_a').includes('sent') && lines('op_slack_b').includes('sent'));
    expect(lines('op_webhook_a')).toEqual(['queued', 'sent']);
    expect(JSON.parse(a.got[0]?.body ?? '')).toMatchObject({
      type: 'incident.opened',
      data: { incident_id: 'i1', incident: { status: 'identified', impact: 'critical' } },
    });
    expect(JSON.parse(b.got[0]?.body ?? '').text).toContain('sentence');
  });

  it('A1: tries again under the same id with a new timestamp and signature', async () => {
    const a = await receiver();
    a.script({ status: 500 }, { status: 503, headers: { 'retry-after': '1' } }, { status: 200 });
    start([hook(a.url, 'a')]);
    happen('circuit.opened', null, { targetId: 't', expiresAtMs: now() + 600_000 });
    await a.arrived(1);
    await until(() => lines('op_webhook_a').includes('retry'));
    offsetMs += 3_000;
    await a.arrived(2);
    await until(() => lines('op_webhook_a').filter((one) => one === 'retry').length === 2);
    offsetMs += 13_000;
    await a.arrived(3);
    await until(() => lines('op_webhook_a').includes('sent'));
    expect(new Set(a.got.map((one) => one.headers['webhook-id'])).size).toBe(1);
    expect(new Set(a.got.map((one) => one.headers['webhook-signature'])).size).toBe(3);
  });

  it.each([
    [{ status: 400 }, 'dead'],
    [{ status: 401 }, 'dead'],
    [{ status: 404 }, 'dead'],
    [{ status: 410 }, 'dead'],
    [{ status: 413 }, 'dead'],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'dead'],
    [{ status: 408 }, 'retry'],
    [{ status: 425 }, 'retry'],
    [{ status: 429 }, 'retry'],
    [{ status: 418 }, 'retry'],
    [{ status: 500 }, 'retry'],
    ['cut', 'retry'],
    ['endless', 'sent'],
    [{ status: 204 }, 'sent'],
  ] as const)('A1: answered with %j it ends as %s', async (answer, end) => {
    const a = await receiver();
    a.script(answer);
    start([hook(a.url, 'a')]);
    happen('incident.opened', anIncident('i1'));
    await until(() => lines('op_webhook_a').length > 1);
    expect(lines('op_webhook_a')[1]).toBe(end);
    expect(a.got).toHaveLength(1);
  });

  it('A6: tells the owner by another channel when one is dead, and disables it when it says that it is gone', async () => {
    const [a, b] = [await receiver(), await receiver()];
    a.script({ status: 410 });
    start([hook(a.url, 'a'), slackHook(b.url, 'b')]);
    happen('incident.opened', anIncident('i1'));
    await b.arrived(2);
    expect(b.got.map((one) => one.body).join(' ')).toMatch(
      /Messages to 127.0.0.1:\d+ \(webhook\) fail: answered 410/,
    );
    expect(store.people.receiver('op_webhook_a')?.status).toBe('disabled');
  });

  it('A5: keeps a receiver that asks for patience alone for as long as it asked', async () => {
    const a = await receiver();
    a.script({ status: 429, headers: { 'retry-after': '30' } }, { status: 200, body: 'ok' });
    start([slackHook(a.url, 'a')]);
    happen('incident.opened', anIncident('i1'));
    await until(() => lines('op_slack_a').includes('retry'));
    for (let i = 2; i < 12; i++) happen('incident.opened', anIncident(`i${i}`));
    await new Promise((go) => setTimeout(go, 300));
    expect(a.got).toHaveLength(1);
    offsetMs += 37_000;
    await a.arrived(2);
    await until(() => lines('op_slack_a').filter((one) => one === 'sent').length === 11);
    expect(a.got).toHaveLength(2);
    expect(JSON.parse(a.got[1]?.body ?? '').text).toContain('11 messages (at once)');
  });

  it('K10: says of an outage that ended before it could be told: was down from then to then', async () => {
    const a = await receiver();
    a.script({ status: 500 }, { status: 200, body: 'ok' });
    start([slackHook(a.url, 'a')]);
    happen('incident.opened', anIncident('i1'));
    await until(() => lines('op_slack_a').includes('retry'));
    offsetMs += 500_000;
    const over = anIncident('i1', { status: 'resolved', resolvedAtMs: nowMs + 480_000 });
    happen('incident.resolved', over);
    await a.arrived(2);
    await until(() => lines('op_slack_a').includes('sent'));
    expect(a.got[1]?.body).toMatch(/incident i1: was down \d\d:\d\d–\d\d:\d\d UTC \(9 min\)/);
    expect(a.got).toHaveLength(2);
    expect(lines('op_slack_a')).toContain('superseded');
  });

  it('tells of a recovery exactly those who were told of the fall', async () => {
    const [a, b] = [await receiver(), await receiver()];
    start([slackHook(a.url, 'a'), { ...slackHook(b.url, 'b'), scope: ['model:x/y'] }]);
    happen('incident.opened', anIncident('i1'));
    await a.arrived(1);
    await until(() => lines('op_slack_a').includes('sent'));
    happen('incident.resolved', anIncident('i1', { status: 'resolved', resolvedAtMs: now() }));
    await a.arrived(2);
    expect(b.got).toHaveLength(0);
    expect(lines('op_slack_b')).toEqual(['not_sent', 'not_sent']);
  });

  it('A2: delays nobody for one who hangs', async () => {
    const [slow, quick] = [await receiver(), await receiver()];
    slow.script('hang');
    start([hook(slow.url, 'slow'), hook(quick.url, 'quick')]);
    happen('incident.opened', anIncident('i1'));
    await slow.arrived(1);
    for (let i = 0; i < 5; i++) {
      const before = Date.now();
      happen('circuit.opened', null, { targetId: `t${i}` });
      await quick.arrived(i + 2);
      expect(Date.now() - before).toBeLessThan(2_000);
    }
    expect(slow.got).toHaveLength(1);
    slow.script({ status: 200 });
  });

  it('A5: groups many things at once, and says no more than twenty in an hour before it makes one of the rest', async () => {
    const a = await receiver();
    start([slackHook(a.url, 'a')]);
    for (let i = 0; i < 19; i++) {
      happen('catalog.model_added', null);
      await until(() => lines('op_slack_a').filter((one) => one === 'sent').length === i + 1);
      await new Promise((go) => setTimeout(go, 5));
      offsetMs += 1_100;
    }
    for (let i = 0; i < 30; i++) happen('catalog.model_added', null);
    await a.arrived(20);
    expect(a.got[19]?.body).toContain('30 messages (at once)');
    await until(() => lines('op_slack_a').length > 0);
    offsetMs += 1_100;
    for (let i = 0; i < 7; i++) happen('catalog.model_added', null);
    await new Promise((go) => setTimeout(go, 200));
    expect(a.got).toHaveLength(20);
    offsetMs += 3_600_000;
    await a.arrived(21);
    expect(a.got[20]?.body).toContain('7 messages');
  });

  it('sends nothing twice when it is stopped and started again', async () => {
    const a = await receiver();
    start([hook(a.url, 'a')]);
    happen('incident.opened', anIncident('i1'));
    await a.arrived(1);
    await deliverer?.stop();
    start([hook(a.url, 'a')], { by: 'w2' });
    await new Promise((go) => setTimeout(go, 100));
    expect(a.got).toHaveLength(1);
  });

  it('A14: does not send what somebody no longer wants by the time it is due', async () => {
    const a = await receiver();
    start([hook(a.url, 'a')]);
    const { id } = happen('endpoint.test', null, { isPublic: false, data: { receivers: ['op_webhook_a'] } });
    await a.arrived(1);
    store.people.changeReceiver('op_webhook_a', { status: 'disabled' });
    happen('endpoint.test', null, { isPublic: false, data: { receivers: ['op_webhook_a'] } });
    await until(() => lines('op_webhook_a').includes('superseded'));
    expect(a.got).toHaveLength(1);
    expect(id).toBeTruthy();
  });

  it.each([
    ['gives up on a receiver that has only failed for five days', false],
    ['does not give up on one that answered once before that', true],
  ])('A4: %s', async (_what, hasAnswered) => {
    const a = await receiver();
    start([hook(a.url, 'a')]);
    for (let day = 0; day <= 5; day++) {
      a.script({ status: day === 4 && hasAnswered ? 200 : 500 });
      happen('circuit.opened', null, { targetId: `t${day}`, expiresAtMs: now() + 1_000 });
      await a.arrived(day + 1);
      await until(() => lines('op_webhook_a').filter((one) => one === 'dead' || one === 'sent').length > day);
      offsetMs += 24.1 * 3_600_000;
    }
    expect(isOff('op_webhook_a')).toBe(!hasAnswered);
  });

  it('A13: holds what falls into a silence and tells it as one when the silence ends', async () => {
    const a = await receiver();
    start([slackHook(a.url, 'a')]);
    store.people.changeReceiver('op_slack_a', { isMutedUntilMs: now() + 3_600_000 });
    const outage = anIncident('i1');
    happen('incident.opened', outage);
    happen('incident.changed', outage);
    happen('incident.opened', anIncident('i2'));
    happen('incident.resolved', anIncident('i2', { status: 'resolved', resolvedAtMs: now() }));
    await new Promise((go) => setTimeout(go, 100));
    expect(a.got).toEqual([]);
    offsetMs += 3_600_001;
    deliverer?.poke();
    await a.arrived(2);
    const texts = a.got.map((one) => JSON.parse(one.body).text as string).join(' | ');
    expect(texts).toContain('incident i2: was down');
    expect(a.got).toHaveLength(2);
  });

  it('reminds until somebody looks, and escalates only what nobody acknowledged', async () => {
    const [a, b] = [await receiver(), await receiver()];
    start([slackHook(a.url, 'a'), { ...slackHook(b.url, 'b'), escalate_after: '15m' }]);
    happen('incident.opened', anIncident('i1'));
    happen('incident.opened', anIncident('i2'));
    await a.arrived(1);
    store.incidents.edit('i1', (one) => ({ incident: { ...one, acknowledgedBy: 'ana' }, events: [] }));
    expect(b.got).toEqual([]);
    offsetMs += 16 * 60_000;
    deliverer?.poke();
    await b.arrived(1);
    await until(() => lines('op_slack_b').includes('superseded') && lines('op_slack_b').includes('sent'));
    expect(b.got).toHaveLength(1);
    expect(store.outbox.log({ receiverId: 'op_slack_b', limit: 20 }).map((line) => line.text)).toContain(
      'acknowledged by ana',
    );
  });
});
