import { describe, expect, it } from 'vitest';
import { draft, event, incident, monday, type OpenBench, planOf } from './samples.contract.ts';

export function describeIncidents(open: OpenBench): void {
  describe('list', () => {
    it('is newest first, and by status, scope, publicity and time', () => {
      const { store } = open(monday);
      const one = incident({ id: 'one', startedAtMs: monday });
      const two = incident({
        id: 'two',
        startedAtMs: monday + 1,
        status: 'resolved',
        resolvedAtMs: monday + 9,
      });
      const three = incident({
        id: 'three',
        startedAtMs: monday + 2,
        isPublic: false,
        scope: { kind: 'account', id: 'openrouter' },
      });
      for (const each of [one, two, three]) store.incidents.add(each, []);
      const ids = (query: Omit<Parameters<typeof store.incidents.list>[0], 'limit'>) =>
        store.incidents.list({ ...query, limit: 9 }).map((i) => i.id);
      expect(ids({})).toEqual(['three', 'two', 'one']);
      expect(ids({ status: 'open' })).toEqual(['three', 'one']);
      expect(ids({ isPublic: true })).toEqual(['two', 'one']);
      expect(ids({ scope: 'account:openrouter' })).toEqual(['three']);
      expect(ids({ beforeMs: monday + 1 })).toEqual(['one']);
      expect(store.incidents.list({ limit: 1 })).toEqual([three]);
    });
    it('has nothing where there was nothing', () => {
      const { store } = open(monday);
      expect(store.incidents.list({ limit: 9 })).toEqual([]);
      expect(store.incidents.get('none')).toBeNull();
    });
  });

  describe('edit', () => {
    it('writes the change, its event, its deliveries and its line in the feed together', () => {
      const { store } = open(monday);
      store.incidents.add(incident(), []);
      const { seq } = store.events.position();
      const edited = store.incidents.edit('i1', (i) => ({
        incident: { ...i, acknowledgedBy: 'kim' },
        events: [event('ack', { type: 'incident.changed' })],
        deliveries: [draft('d1', { eventId: 'ack' })],
      }));
      expect(edited?.acknowledgedBy).toBe('kim');
      expect(store.events.after(seq, 9).map((line) => line.event.id)).toEqual(['ack']);
      expect(store.outbox.pending(monday).due).toBe(1);
      const changes = store.events.changesAfter(seq, 9);
      expect(changes === 'gone' ? [] : changes.map((c) => c.id)).toEqual(['i1']);
    });
    it('writes others that change with it in the same transaction, or none of them', () => {
      const { store } = open(monday);
      store.incidents.add(incident(), []);
      store.incidents.add(incident({ id: 'i2' }), []);
      const { seq } = store.events.position();
      store.incidents.edit('i1', (i) => ({
        incident: { ...i, absorbed: [i.scope] },
        others: [incident({ id: 'i2', status: 'resolved', resolvedAtMs: monday, mergedInto: 'i1' })],
        events: [],
      }));
      expect(store.incidents.get('i2')).toMatchObject({ status: 'resolved', mergedInto: 'i1' });
      const changes = store.events.changesAfter(seq, 9);
      expect(changes === 'gone' ? [] : changes.map((c) => c.id).sort()).toEqual(['i1', 'i2']);
      expect(() =>
        store.incidents.edit('i1', (i) => ({
          incident: i,
          others: [{ ...incident({ id: 'i3' }), status: 'nonsense' as 'open' }],
          events: [],
        })),
      ).toThrow();
      expect(store.incidents.get('i3')).toBeNull();
    });
    it('writes nothing when it is refused, and nothing when it fails', () => {
      const { store } = open(monday);
      store.incidents.add(incident(), []);
      expect(store.incidents.edit('i1', () => null)).toBeNull();
      expect(store.incidents.edit('unknown', (i) => ({ incident: i, events: [] }))).toBeNull();
      expect(() =>
        store.incidents.edit('i1', () => {
          throw new Error('no');
        }),
      ).toThrow('no');
      expect(store.incidents.get('i1')).toEqual(incident());
    });
  });

  describe('what a person wrote', () => {
    const decide = (change: Parameters<typeof incident>[0]) => () =>
      planOf({ incidents: [incident(change)] });
    it('is kept when a decision comes that has not seen it', () => {
      const { store } = open(monday);
      store.looks.advance(monday, decide({}));
      const note = { atMs: monday + 60_000, kind: 'note', text: 'We called them.', by: 'kim' } as const;
      store.incidents.edit('i1', (i) => ({
        incident: {
          ...i,
          acknowledgedBy: 'kim',
          title: 'A better title',
          pinned: ['title'],
          timeline: [...i.timeline, note],
        },
        events: [],
      }));
      store.looks.advance(monday + 1, decide({ impact: 'major_outage', title: 'Machine title' }));
      const stored = store.incidents.get('i1');
      expect(stored).toMatchObject({
        impact: 'major_outage',
        title: 'A better title',
        acknowledgedBy: 'kim',
        pinned: ['title'],
      });
      expect(stored?.timeline).toContainEqual(note);
    });
    it('ends an incident for good, unless it is opened again', () => {
      const { store } = open(monday);
      store.looks.advance(monday, decide({}));
      const ended = { atMs: monday + 60_000, kind: 'resolved', text: 'Over.', by: 'kim' } as const;
      store.incidents.edit('i1', (i) => ({
        incident: { ...i, status: 'resolved', resolvedAtMs: ended.atMs, timeline: [...i.timeline, ended] },
        events: [],
      }));
      store.looks.advance(monday + 70_000, decide({}));
      expect(store.incidents.get('i1')?.status).toBe('resolved');
      const again = { atMs: monday + 80_000, kind: 'reopened', text: 'Again.', by: 'machine' } as const;
      store.looks.advance(monday + 80_000, decide({ timeline: [ended, again] }));
      expect(store.incidents.get('i1')?.status).toBe('open');
    });
  });

  it('the same decision twice is no change of the feed', () => {
    const { store } = open(monday);
    store.looks.advance(monday, () => planOf({ incidents: [incident()] }));
    const { seq } = store.events.position();
    store.looks.advance(monday + 1, () => planOf({ incidents: [incident()] }));
    expect(store.events.position().seq).toBe(seq);
  });
}
