import { describe, expect, it } from 'vitest';
import { everyPublicReceiver } from '../../lib/core/plan.ts';
import type { Store } from '../../lib/store.ts';
import { dayMs, draft, event, incident, monday, type OpenBench, receiver } from './samples.contract.ts';

const minute = 60_000;

export function describeOutbox(open: OpenBench): void {
  const claim = (store: Store, change: Partial<Parameters<Store['outbox']['claim']>[0]> = {}) =>
    store.outbox.claim({
      by: 'me',
      nowMs: monday,
      leaseMs: minute,
      limit: 10,
      exceptReceivers: [],
      ...change,
    });
  const ids = (claimed: ReturnType<typeof claim>) => claimed.map((one) => one.delivery.id);
  const queue = (store: Store, ...drafts: Parameters<Store['events']['add']>[1] & object) =>
    store.events.add([event('e1')], drafts);

  describe('claim', () => {
    it('hands out what is due, with its event, the oldest first', () => {
      const { store } = open(monday);
      queue(
        store,
        draft('late', { receiverId: 'a', nextAtMs: monday }),
        draft('early', { receiverId: 'b', nextAtMs: monday - 5 }),
        draft('future', { receiverId: 'c', nextAtMs: monday + 1 }),
      );
      const claimed = claim(store);
      expect(ids(claimed)).toEqual(['early', 'late']);
      expect(claimed[0]).toMatchObject({
        event: event('e1'),
        seq: 1,
        delivery: { attempts: 0, thread: null },
      });
    });
    it('hands out one per receiver, and none while one is in flight', () => {
      const { store } = open(monday);
      queue(store, draft('d1'), draft('d2'));
      expect(ids(claim(store))).toEqual(['d1']);
      expect(ids(claim(store, { by: 'other' }))).toEqual([]);
    });
    it('leaves out receivers and channels that are to be spared', () => {
      const { store } = open(monday);
      queue(store, draft('d1'), draft('d2', { receiverId: 'mail', channel: 'email' }));
      expect(ids(claim(store, { exceptReceivers: ['slack-1'], exceptChannels: ['email'] }))).toEqual([]);
      expect(ids(claim(store, { exceptReceivers: ['slack-1'] }))).toEqual(['d2']);
    });
    it('gives out again what was never reported, and counts that as an attempt', () => {
      const { store } = open(monday);
      queue(store, draft('d1'));
      claim(store);
      expect(claim(store, { by: 'other', nowMs: monday + minute - 1 })).toEqual([]);
      const [again] = claim(store, { by: 'other', nowMs: monday + minute });
      expect(again?.delivery).toMatchObject({ id: 'd1', attempts: 1 });
    });
    it('ends what expired, with a line that says so', () => {
      const { store } = open(monday);
      queue(store, draft('d1', { notAfterMs: monday - 1 }));
      expect(claim(store)).toEqual([]);
      expect(store.outbox.pending(monday)).toMatchObject({ due: 0, dead: 1 });
      expect(store.outbox.log({ limit: 1 })[0]).toMatchObject({ what: 'dead', deliveryId: 'd1' });
    });
    it('takes no more of a channel than it has room for', () => {
      const { store } = open(monday);
      queue(
        store,
        ...['a', 'b', 'c'].map((id) => draft(id, { receiverId: id, channel: 'email' })),
        draft('d', { receiverId: 'd' }),
      );
      expect(ids(claim(store, { channelRoom: { email: 1 } }))).toEqual(['a', 'd']);
      expect(ids(claim(store, { channelRoom: { email: 0 } }))).toEqual([]);
      expect(ids(claim(store))).toEqual(['b', 'c']);
    });
    it('has at most so many at a time', () => {
      const { store } = open(monday);
      queue(store, draft('a', { receiverId: 'a' }), draft('b', { receiverId: 'b' }));
      expect(claim(store, { limit: 1 })).toHaveLength(1);
    });
  });

  describe('marking many', () => {
    it('ends those whose lease is still ours, and counts what was said at once as one message', () => {
      const { store } = open(monday);
      queue(
        store,
        draft('a', { receiverId: 'a' }),
        draft('b', { receiverId: 'a' }),
        draft('c', { receiverId: 'c' }),
      );
      claim(store, { limit: 1 });
      store.outbox.gather({ receiverId: 'a', by: 'me', nowMs: monday, leaseMs: minute, limit: 9 });
      const done = ['a', 'b', 'c'].map((id) => ({ id, note: { text: 'sent' } }));
      expect(store.outbox.markAllDone(done, 'me', monday)).toBe(2);
      expect(store.outbox.tally({ receiverId: 'a', sinceMs: monday - 1 }).sent).toBe(1);
      expect(store.outbox.wasTold({ receiverId: 'a', incidentId: 'none' })).toBe(false);
      expect(ids(claim(store))).toEqual(['c']);
    });
  });

  describe('gather', () => {
    it('adds what else is due for the same receiver', () => {
      const { store } = open(monday);
      queue(
        store,
        draft('d1'),
        draft('d2'),
        draft('d3', { nextAtMs: monday + 1 }),
        draft('x', { receiverId: 'x' }),
      );
      claim(store, { limit: 1 });
      const more = store.outbox.gather({
        receiverId: 'slack-1',
        by: 'me',
        nowMs: monday,
        leaseMs: minute,
        limit: 9,
      });
      expect(ids(more)).toEqual(['d2']);
    });
  });

  describe('the end of a delivery', () => {
    it('is marked by who holds the lease, and by nobody else', () => {
      const { store } = open(monday);
      queue(store, draft('d1'));
      claim(store);
      expect(store.outbox.markDone('d1', 'other', monday, {})).toBe(false);
      expect(store.outbox.markDone('d1', 'me', monday, { text: 'Sent to #ops.' })).toBe(true);
      expect(store.outbox.markDone('d1', 'me', monday, {})).toBe(false);
      expect(store.outbox.pending(monday + dayMs).due).toBe(0);
      expect(store.outbox.log({ receiverId: 'slack-1', limit: 1 })[0]?.text).toBe('Sent to #ops.');
    });
    it('keeps what the channel needs for the next message of the incident', () => {
      const { store } = open(monday);
      queue(store, draft('d1'), draft('d2'));
      claim(store);
      store.outbox.markDone('d1', 'me', monday, { thread: { ts: '17.1' } });
      expect(claim(store)[0]?.delivery.thread).toEqual({ ts: '17.1' });
    });
    it('can be a retry later, which counts', () => {
      const { store } = open(monday);
      queue(store, draft('d1'));
      claim(store);
      expect(store.outbox.markRetry('d1', 'me', monday + 5000, '503')).toBe(true);
      expect(claim(store, { nowMs: monday + 4999 })).toEqual([]);
      expect(claim(store, { nowMs: monday + 5000 })[0]?.delivery.attempts).toBe(1);
    });
    it('can be put off without counting', () => {
      const { store } = open(monday);
      queue(store, draft('d1'));
      claim(store);
      expect(store.outbox.postpone('d1', 'me', monday + 5000, 'too many messages')).toBe(true);
      expect(claim(store, { nowMs: monday + 5000 })[0]?.delivery.attempts).toBe(0);
      const before = store.outbox.log({ limit: 50 }).length;
      store.outbox.postpone('d1', 'me', monday + 9000, '');
      expect(store.outbox.log({ limit: 50 })).toHaveLength(before);
    });
    it('can be death, with its reason', () => {
      const { store } = open(monday);
      queue(store, draft('d1'));
      claim(store);
      expect(store.outbox.markDead('d1', 'me', monday, 'channel_is_archived')).toBe(true);
      expect(store.outbox.pending(monday)).toEqual({ due: 0, oldestDueAtMs: null, dead: 1 });
    });
    it('can be that another message said it', () => {
      const { store } = open(monday);
      queue(store, draft('d1'));
      claim(store);
      expect(store.outbox.markSuperseded('d1', 'me', monday, 'said together')).toBe(true);
      expect(store.outbox.pending(monday)).toEqual({ due: 0, oldestDueAtMs: null, dead: 0 });
    });
    it('is nobody’s when leases are released', () => {
      const { store } = open(monday);
      queue(store, draft('d1'));
      claim(store);
      store.outbox.release('me');
      expect(ids(claim(store, { by: 'other' }))).toEqual(['d1']);
    });
  });

  describe('drafts', () => {
    it('with the same id are one delivery', () => {
      const { store } = open(monday);
      queue(store, draft('d1'), draft('d1'));
      queue(store, draft('d1'));
      expect(store.outbox.pending(monday).due).toBe(1);
    });
    it('that are not sent leave a line that says why', () => {
      const { store } = open(monday);
      queue(store, draft('d1', { isSent: false, reason: 'below its smallest impact' }));
      expect(store.outbox.pending(monday).due).toBe(0);
      expect(store.outbox.log({ incidentId: 'i1', limit: 9 })).toMatchObject([
        { what: 'not_sent', text: 'below its smallest impact', receiverId: 'slack-1' },
      ]);
    });
    it('of a recovery go only to who was told of the fall', () => {
      const { store } = open(monday);
      queue(store, draft('fall', { receiverId: 'told' }));
      store.events.add(
        [event('e2')],
        [
          draft('r1', { eventId: 'e2', receiverId: 'told', onlyIfTold: true }),
          draft('r2', { eventId: 'e2', receiverId: 'untold', onlyIfTold: true }),
        ],
      );
      expect(store.outbox.log({ receiverId: 'untold', limit: 9 })).toMatchObject([{ what: 'not_sent' }]);
    });
  });

  it('wasTold is true of who was sent something about the incident', () => {
    const { store } = open(monday);
    queue(store, draft('d1'));
    const told = () => store.outbox.wasTold({ receiverId: 'slack-1', incidentId: 'i1' });
    expect(told()).toBe(false);
    claim(store);
    store.outbox.markDone('d1', 'me', monday, {});
    expect(told()).toBe(true);
  });

  describe('supersede', () => {
    it('drops what waits for a receiver about an incident, not what is in flight', () => {
      const { store } = open(monday);
      queue(store, draft('flying'));
      claim(store);
      queue(store, draft('waiting'), draft('elsewhere', { incidentId: 'i2' }));
      const dropped = store.outbox.supersede({
        receiverId: 'slack-1',
        incidentId: 'i1',
        nowMs: monday,
        reason: 'it is over',
      });
      expect(dropped).toBe(1);
      expect(store.outbox.log({ limit: 1 })[0]).toMatchObject({ what: 'superseded', deliveryId: 'waiting' });
    });
  });

  describe('tally', () => {
    it('counts what was sent, and since when a receiver only fails', () => {
      const bench = open(monday);
      const { store } = bench;
      queue(store, draft('a'), draft('b'), draft('c'));
      const query = { receiverId: 'slack-1', sinceMs: monday };
      expect(store.outbox.tally(query)).toEqual({ sent: 0, oldestSentAtMs: null, failingSinceMs: null });
      claim(store);
      store.outbox.markDone('a', 'me', monday + 1, {});
      claim(store);
      store.outbox.markDead('b', 'me', monday + 2, 'gone');
      expect(store.outbox.tally(query)).toEqual({
        sent: 1,
        oldestSentAtMs: monday + 1,
        failingSinceMs: monday + 2,
      });
      claim(store, { nowMs: monday + 3 });
      store.outbox.markDone('c', 'me', monday + 3, {});
      expect(store.outbox.tally(query)).toMatchObject({ sent: 2, failingSinceMs: null });
    });
  });

  describe('expand', () => {
    it('makes one delivery for each public receiver who asked, in slices, and none twice', () => {
      const { store } = open(monday);
      store.incidents.add(incident(), []);
      for (let i = 0; i < 5; i++) store.people.addReceiver(receiver(`pub_${i}`));
      store.people.addReceiver(receiver('pub_off', { status: 'pending' }));
      queue(store, draft('all', { receiverId: everyPublicReceiver, channel: '*' }));
      expect(claim(store)).toEqual([]);
      let rounds = 0;
      while (store.outbox.expand({ nowMs: monday, limit: 2 }) > 0) rounds++;
      expect(rounds).toBeGreaterThan(2);
      expect(claim(store, { limit: 99 }).map((one) => one.delivery.receiverId)).toEqual(
        [0, 1, 2, 3, 4].map((i) => `pub_${i}`),
      );
      expect(store.outbox.expand({ nowMs: monday, limit: 2 })).toBe(0);
      expect(store.outbox.log({ receiverId: 'pub_off', limit: 9 })).toMatchObject([{ what: 'not_sent' }]);
    });
    it('does not even read who asked for another kind of news', () => {
      const { store } = open(monday);
      store.incidents.add(incident(), []);
      store.people.addReceiver(receiver('pub_1', { kinds: ['catalog'] }));
      queue(store, draft('all', { receiverId: everyPublicReceiver, channel: '*' }));
      store.outbox.expand({ nowMs: monday, limit: 2 });
      expect(store.outbox.log({ receiverId: 'pub_1', limit: 9 })).toEqual([]);
    });
    it('has nothing to do where nobody asked', () => {
      const { store } = open(monday);
      queue(store, draft('all', { receiverId: everyPublicReceiver, channel: '*' }));
      store.outbox.expand({ nowMs: monday, limit: 2 });
      expect(store.outbox.expand({ nowMs: monday, limit: 2 })).toBe(0);
    });
  });
}
