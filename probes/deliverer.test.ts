import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeliveryDesk, hook, openDeliveryDesk, slackHook, until } from '#lib/testing/delivery-desk.ts';
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

describe('the deliverer', () => {
  it('tells every operator channel once, and logs it', async () => {
    const [a, b] = [await desk.receiver(), await desk.receiver()];
    start([hook(a.url, 'a'), slackHook(b.url, 'b')]);
    desk.happen('incident.opened', desk.incident('i1'));
    await Promise.all([a.arrived(1), b.arrived(1)]);
    await until(
      () => desk.lines('op_webhook_a').includes('sent') && desk.lines('op_slack_b').includes('sent'),
    );
    expect(desk.lines('op_webhook_a')).toEqual(['queued', 'sent']);
    expect(JSON.parse(a.got[0]?.body ?? '')).toMatchObject({
      type: 'incident.opened',
      data: { incident_id: 'i1', incident: { status: 'identified', impact: 'critical' } },
    });
    expect(JSON.parse(b.got[0]?.body ?? '').text).toContain('sentence');
  });

  it('A1: tries again under the same id with a new timestamp and signature', async () => {
    const a = await desk.receiver();
    a.script({ status: 500 }, { status: 503, headers: { 'retry-after': '1' } }, { status: 200 });
    start([hook(a.url, 'a')]);
    desk.happen('circuit.opened', null, { targetId: 't', expiresAtMs: desk.nowMs() + 600_000 });
    await a.arrived(1);
    await until(() => desk.lines('op_webhook_a').includes('retry'));
    desk.later(3_000);
    await a.arrived(2);
    await until(() => desk.lines('op_webhook_a').filter((one) => one === 'retry').length === 2);
    desk.later(13_000);
    await a.arrived(3);
    await until(() => desk.lines('op_webhook_a').includes('sent'));
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
    const a = await desk.receiver();
    a.script(answer);
    start([hook(a.url, 'a')]);
    desk.happen('incident.opened', desk.incident('i1'));
    await until(() => desk.lines('op_webhook_a').length > 1);
    expect(desk.lines('op_webhook_a')[1]).toBe(end);
    expect(a.got).toHaveLength(1);
  });

  it('A6: tells the owner by another channel when one is dead, and disables it when it says that it is gone', async () => {
    const [a, b] = [await desk.receiver(), await desk.receiver()];
    a.script({ status: 410 });
    start([hook(a.url, 'a'), slackHook(b.url, 'b')]);
    desk.happen('incident.opened', desk.incident('i1'));
    await b.arrived(2);
    expect(b.got.map((one) => one.body).join(' ')).toMatch(
      /Messages to 127.0.0.1:\d+ \(webhook\) fail: answered 410/,
    );
    expect(desk.store.people.receiver('op_webhook_a')?.status).toBe('disabled');
  });

  it('A2: delays nobody for one who hangs', async () => {
    const [slow, quick] = [await desk.receiver(), await desk.receiver()];
    slow.script('hang');
    start([hook(slow.url, 'slow'), hook(quick.url, 'quick')]);
    desk.happen('incident.opened', desk.incident('i1'));
    await slow.arrived(1);
    for (let i = 0; i < 5; i++) {
      const before = Date.now();
      desk.happen('circuit.opened', null, { targetId: `t${i}` });
      await quick.arrived(i + 2);
      expect(Date.now() - before).toBeLessThan(2_000);
    }
    expect(slow.got).toHaveLength(1);
    slow.script({ status: 200 });
  });

  it('sends nothing twice when it is stopped and started again', async () => {
    const a = await desk.receiver();
    start([hook(a.url, 'a')]);
    desk.happen('incident.opened', desk.incident('i1'));
    await a.arrived(1);
    await deliverer.stop();
    start([hook(a.url, 'a')], { by: 'w2' });
    await new Promise((go) => setTimeout(go, 100));
    expect(a.got).toHaveLength(1);
  });

  it('A14: does not send what somebody no longer wants by the time it is due', async () => {
    const a = await desk.receiver();
    start([hook(a.url, 'a')]);
    const { id } = desk.happen('endpoint.test', null, {
      isPublic: false,
      data: { receivers: ['op_webhook_a'] },
    });
    await a.arrived(1);
    desk.store.people.changeReceiver('op_webhook_a', { status: 'disabled' });
    desk.happen('endpoint.test', null, { isPublic: false, data: { receivers: ['op_webhook_a'] } });
    await until(() => desk.lines('op_webhook_a').includes('superseded'));
    expect(a.got).toHaveLength(1);
    expect(id).toBeTruthy();
  });

  // Seen red with patience of fifty days.
  it.each([
    ['gives up on a receiver that has only failed for five days', false],
    ['does not give up on one that answered once before that', true],
  ])('A4: %s', async (_what, hasAnswered) => {
    const a = await desk.receiver();
    start([hook(a.url, 'a')]);
    for (let day = 0; day <= 5; day++) {
      a.script({ status: day === 4 && hasAnswered ? 200 : 500 });
      desk.happen('circuit.opened', null, { targetId: `t${day}`, expiresAtMs: desk.nowMs() + 1_000 });
      await a.arrived(day + 1);
      await until(
        () => desk.lines('op_webhook_a').filter((one) => one === 'dead' || one === 'sent').length > day,
      );
      desk.later(24.1 * 3_600_000);
    }
    expect(desk.store.people.receiver('op_webhook_a')?.status === 'disabled').toBe(!hasAnswered);
  });
});
