import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeliveryDesk, openDeliveryDesk, slackHook, until } from '#lib/testing/delivery-desk.ts';
import type { Deliverer } from './deliverer.ts';

let desk: DeliveryDesk;
let deliverer: Deliverer;
beforeEach(() => {
  desk = openDeliveryDesk();
});
afterEach(() => desk.close());

function start(channels: Record<string, unknown>[], change: Parameters<DeliveryDesk['start']>[1] = {}): void {
  deliverer = desk.start({ channels }, change);
}

describe('what the deliverer holds, joins and repeats', () => {
  it('A5: keeps a receiver that asks for patience alone for as long as it asked', async () => {
    const a = await desk.receiver();
    a.script({ status: 429, headers: { 'retry-after': '30' } }, { status: 200, body: 'ok' });
    start([slackHook(a.url, 'a')]);
    desk.happen('incident.opened', desk.incident('i1'));
    await until(() => desk.lines('op_slack_a').includes('retry'));
    for (let i = 2; i < 12; i++) desk.happen('incident.opened', desk.incident(`i${i}`));
    await new Promise((go) => setTimeout(go, 300));
    expect(a.got).toHaveLength(1);
    desk.later(37_000);
    await a.arrived(2);
    await until(() => desk.lines('op_slack_a').filter((one) => one === 'sent').length === 11);
    expect(a.got).toHaveLength(2);
    expect(JSON.parse(a.got[1]?.body ?? '').text).toContain('11 messages (at once)');
  });

  it('K10: says of an outage that ended before it could be told: was down from then to then', async () => {
    const a = await desk.receiver();
    a.script({ status: 500 }, { status: 200, body: 'ok' });
    start([slackHook(a.url, 'a')]);
    desk.happen('incident.opened', desk.incident('i1'));
    await until(() => desk.lines('op_slack_a').includes('retry'));
    const over = desk.incident('i1', { status: 'resolved', resolvedAtMs: desk.nowMs() + 480_000 });
    desk.later(500_000);
    desk.happen('incident.resolved', over);
    await a.arrived(2);
    await until(() => desk.lines('op_slack_a').includes('sent'));
    expect(a.got[1]?.body).toMatch(/incident i1: was down \d\d:\d\d–\d\d:\d\d UTC \(9 min\)/);
    expect(a.got).toHaveLength(2);
    expect(desk.lines('op_slack_a')).toContain('superseded');
  });

  it('tells of a recovery exactly those who were told of the fall', async () => {
    const [a, b] = [await desk.receiver(), await desk.receiver()];
    start([slackHook(a.url, 'a'), { ...slackHook(b.url, 'b'), scope: ['model:x/y'] }]);
    desk.happen('incident.opened', desk.incident('i1'));
    await a.arrived(1);
    await until(() => desk.lines('op_slack_a').includes('sent'));
    desk.happen('incident.resolved', desk.incident('i1', { status: 'resolved', resolvedAtMs: desk.nowMs() }));
    await a.arrived(2);
    expect(b.got).toHaveLength(0);
    expect(desk.lines('op_slack_b')).toEqual(['not_sent', 'not_sent']);
  });

  it('A5: groups many things at once, and says no more than twenty in an hour before it makes one of the rest', async () => {
    const a = await desk.receiver();
    start([slackHook(a.url, 'a')]);
    for (let i = 0; i < 19; i++) {
      desk.happen('catalog.model_added', null);
      await until(() => desk.lines('op_slack_a').filter((one) => one === 'sent').length === i + 1);
      await new Promise((go) => setTimeout(go, 5));
      desk.later(1_100);
    }
    for (let i = 0; i < 30; i++) desk.happen('catalog.model_added', null);
    await a.arrived(20);
    expect(a.got[19]?.body).toContain('30 messages (at once)');
    await until(() => desk.lines('op_slack_a').length > 0);
    desk.later(1_100);
    for (let i = 0; i < 7; i++) desk.happen('catalog.model_added', null);
    await new Promise((go) => setTimeout(go, 200));
    expect(a.got).toHaveLength(20);
    desk.later(3_600_000);
    await a.arrived(21);
    expect(a.got[20]?.body).toContain('7 messages');
  });

  it('A13: holds what falls into a silence and tells it as one when the silence ends', async () => {
    const a = await desk.receiver();
    start([slackHook(a.url, 'a')]);
    desk.store.people.changeReceiver('op_slack_a', { isMutedUntilMs: desk.nowMs() + 3_600_000 });
    const outage = desk.incident('i1');
    desk.happen('incident.opened', outage);
    desk.happen('incident.changed', outage);
    desk.happen('incident.opened', desk.incident('i2'));
    desk.happen('incident.resolved', desk.incident('i2', { status: 'resolved', resolvedAtMs: desk.nowMs() }));
    await new Promise((go) => setTimeout(go, 100));
    expect(a.got).toEqual([]);
    desk.later(3_600_001);
    deliverer.poke();
    await a.arrived(2);
    const texts = a.got.map((one) => JSON.parse(one.body).text as string).join(' | ');
    expect(texts).toContain('incident i2: was down');
    expect(a.got).toHaveLength(2);
  });

  it('reminds until somebody looks, and escalates only what nobody acknowledged', async () => {
    const [a, b] = [await desk.receiver(), await desk.receiver()];
    start([slackHook(a.url, 'a'), { ...slackHook(b.url, 'b'), escalate_after: '15m' }]);
    desk.happen('incident.opened', desk.incident('i1'));
    desk.happen('incident.opened', desk.incident('i2'));
    await a.arrived(1);
    desk.store.incidents.edit('i1', (one) => ({ incident: { ...one, acknowledgedBy: 'ana' }, events: [] }));
    expect(b.got).toEqual([]);
    desk.later(16 * 60_000);
    deliverer.poke();
    await b.arrived(1);
    await until(
      () => desk.lines('op_slack_b').includes('superseded') && desk.lines('op_slack_b').includes('sent'),
    );
    expect(b.got).toHaveLength(1);
    expect(desk.store.outbox.log({ receiverId: 'op_slack_b', limit: 20 }).map((line) => line.text)).toContain(
      'acknowledged by ana',
    );
  });
});
