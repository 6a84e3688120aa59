import { describe, expect, it } from 'vitest';
import { monday, type OpenBench, receiver } from './samples.contract.ts';

export function describePeople(open: OpenBench): void {
  describe('receivers', () => {
    it('are kept as they were given', () => {
      const bench = open(monday);
      const whole = receiver('pub_1', {
        settings: { to: 'a@b.example', nested: { list: [1, null] } },
        scope: ['gateway:openrouter'],
        minImpact: 'partial_outage',
        kinds: ['incident', 'catalog'],
        untilIncidentId: 'i9',
        status: 'pending',
        isMutedUntilMs: monday + 1,
      });
      bench.store.people.addReceiver(whole);
      expect(bench.restart().people.receivers()).toEqual([whole]);
    });
    it('of the operator are replaced as a whole, those of the public are left', () => {
      const { store } = open(monday);
      const own = (id: string) => receiver(id, { origin: 'operator', channel: 'slack' });
      store.people.addReceiver(receiver('pub_1'));
      store.people.saveReceivers('operator', [own('slack-1'), own('slack-2')]);
      store.people.saveReceivers('operator', [own('slack-2')]);
      expect(store.people.receivers().map((r) => r.id)).toEqual(['pub_1', 'slack-2']);
      expect(store.people.receivers('operator').map((r) => r.id)).toEqual(['slack-2']);
      expect(store.people.receivers('public').map((r) => r.id)).toEqual(['pub_1']);
    });
    it('stay muted when the configuration is read again', () => {
      const { store } = open(monday);
      const own = receiver('slack-1', { origin: 'operator' });
      store.people.saveReceivers('operator', [own]);
      store.people.changeReceiver('slack-1', { isMutedUntilMs: monday + 5 });
      store.people.saveReceivers('operator', [own]);
      expect(store.people.receiver('slack-1')?.isMutedUntilMs).toBe(monday + 5);
    });
    it('can be changed in part, and deleted', () => {
      const { store } = open(monday);
      store.people.addReceiver(receiver('pub_1', { status: 'pending' }));
      expect(store.people.changeReceiver('pub_1', { status: 'active' })).toBe(true);
      expect(store.people.receiver('pub_1')).toEqual(receiver('pub_1', { status: 'active' }));
      expect(store.people.changeReceiver('pub_1', 'delete')).toBe(true);
      expect(store.people.receiver('pub_1')).toBeNull();
      expect(store.people.changeReceiver('pub_1', 'delete')).toBe(false);
    });
  });

  describe('tokens', () => {
    const token = {
      hash: 'h',
      purpose: 'confirm',
      subject: 'pub_1',
      expiresAtMs: monday + 10,
      scopes: ['a'],
    };
    it('are good once when they are consumed, for their purpose only', () => {
      const { store } = open(monday);
      store.people.putToken(token);
      expect(store.people.takeToken('h', 'manage', monday, true)).toBeNull();
      expect(store.people.takeToken('h', 'confirm', monday, true)).toEqual({
        subject: 'pub_1',
        scopes: ['a'],
      });
      expect(store.people.takeToken('h', 'confirm', monday, true)).toBeNull();
    });
    it('can be looked at often, until they expire', () => {
      const { store } = open(monday);
      store.people.putToken(token);
      expect(store.people.takeToken('h', 'confirm', monday + 9, false)).not.toBeNull();
      expect(store.people.takeToken('h', 'confirm', monday + 9, false)).not.toBeNull();
      expect(store.people.takeToken('h', 'confirm', monday + 10, false)).toBeNull();
    });
    it('without an end do not expire', () => {
      const { store } = open(monday);
      store.people.putToken({ ...token, expiresAtMs: null });
      expect(store.people.takeToken('h', 'confirm', Number.MAX_SAFE_INTEGER, false)).not.toBeNull();
    });
    it('of a subject are dropped together', () => {
      const { store } = open(monday);
      store.people.putToken(token);
      store.people.putToken({ ...token, hash: 'h2' });
      expect(store.people.dropTokens('confirm', 'pub_1')).toBe(2);
      expect(store.people.takeToken('h2', 'confirm', monday, false)).toBeNull();
    });
  });

  describe('what a person asks for', () => {
    const intent = { id: 'x', kind: 'look_now', body: { target: 't' }, by: 'kim', atMs: monday };
    it('is claimed once, in order', () => {
      const bench = open(monday);
      const web = bench.reader();
      web.people.ask(intent);
      web.people.ask({ ...intent, id: 'y' });
      web.people.ask({ ...intent, body: {} });
      expect(bench.store.people.claimIntents(1, monday)).toEqual([intent]);
      expect(bench.store.people.claimIntents(9, monday).map((one) => one.id)).toEqual(['y']);
      expect(bench.store.people.claimIntents(9, monday)).toEqual([]);
    });
  });
}
