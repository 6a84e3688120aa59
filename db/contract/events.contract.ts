import { describe, expect, it } from 'vitest';
import { draft, event, incident, look, monday, type OpenBench, planOf, route } from './samples.contract.ts';

export function describeEvents(open: OpenBench): void {
  describe('numbering', () => {
    it('begins at nothing and has an epoch that a restart keeps', () => {
      const bench = open(monday);
      const first = bench.store.events.position();
      expect(first.seq).toBe(0);
      expect(first.epoch).toMatch(/^[0-9A-Z]{10}$/);
      expect(bench.restart().events.position()).toEqual(first);
    });
    it('grows by one with every published change and every event', () => {
      const { store } = open(monday);
      store.looks.record([{ observation: look(monday), found: [] }], () => ({
        outcome: 'ok',
        plan: planOf({ routes: [route()], events: [event('e1', { type: 'target.state_changed' })] }),
      }));
      expect(store.events.position().seq).toBe(2);
    });
    it('does not grow when only the freshness of a route changes', () => {
      const { store } = open(monday);
      store.looks.advance(monday, () => planOf({ routes: [route()] }));
      store.looks.advance(monday + 1, () => planOf({ routes: [route({ observedAtMs: monday + 1 })] }));
      const calmer = { ...route().circuit, openedAtMs: [1, 2, 3] };
      store.looks.advance(monday + 2, () =>
        planOf({ routes: [route({ observedAtMs: monday + 1, circuit: calmer })] }),
      );
      expect(store.events.position().seq).toBe(1);
      expect(store.looks.current().routes[0]?.observedAtMs).toBe(monday + 1);
    });
  });

  describe('events', () => {
    it('are given after a position, in order, as many as asked', () => {
      const { store } = open(monday);
      store.events.add([event('a'), event('b'), event('c')]);
      const [first] = store.events.after(0, 1);
      expect(first?.event.id).toBe('a');
      expect(store.events.after(first?.seq ?? 0, 10).map((line) => line.event.id)).toEqual(['b', 'c']);
    });
    it('with the same id are one event, however often they are added', () => {
      const { store } = open(monday);
      store.events.add([event('a')]);
      store.events.add([event('a', { sentence: 'again' }), event('b')]);
      expect(store.events.after(0, 10).map((line) => line.event.id)).toEqual(['a', 'b']);
      expect(store.events.position().seq).toBe(2);
    });
    it('are listed newest first, by type and before an instant', () => {
      const { store } = open(monday);
      store.events.add([
        event('a', { atMs: monday }),
        event('b', { atMs: monday + 1, type: 'catalog.model_added' }),
        event('c', { atMs: monday + 2 }),
      ]);
      const ids = (query: Parameters<typeof store.events.list>[0]) =>
        store.events.list(query).map((e) => e.id);
      expect(ids({ limit: 9 })).toEqual(['c', 'b', 'a']);
      expect(ids({ limit: 9, types: ['incident.opened'] })).toEqual(['c', 'a']);
      expect(ids({ limit: 9, beforeMs: monday + 2 })).toEqual(['b', 'a']);
      expect(ids({ limit: 9, types: [] })).toEqual([]);
    });
    it('bring their deliveries with them', () => {
      const { store } = open(monday);
      store.events.add([event('e1')], [draft('d1')]);
      expect(store.outbox.pending(monday).due).toBe(1);
    });
  });

  describe('changesAfter', () => {
    it('gives whole routes, guards and incidents after a position', () => {
      const { store } = open(monday);
      const down = route({ state: 'down', verdict: 'major_outage' });
      store.looks.advance(monday, () => planOf({ routes: [route()] }));
      store.looks.advance(monday + 1, () => planOf({ routes: [down], incidents: [incident()] }));
      expect(store.events.changesAfter(1, 10)).toEqual([
        { seq: 2, atMs: monday + 1, kind: 'target', id: down.targetId, body: down },
        { seq: 3, atMs: monday + 1, kind: 'incident', id: 'i1', body: incident() },
      ]);
      expect(store.events.changesAfter(3, 10)).toEqual([]);
    });
    it('says gone to a position it never gave', () => {
      const { store } = open(monday);
      expect(store.events.changesAfter(99, 10)).toBe('gone');
    });
    it('says gone to who is too far behind', () => {
      const { store } = open(monday);
      for (let i = 0; i < 11; i++)
        store.looks.advance(monday + i, () =>
          planOf({
            routes: Array.from({ length: 1000 }, (_, n) =>
              route({ targetId: `t${n}`, stateSinceMs: monday + i }),
            ),
          }),
        );
      expect(store.events.changesAfter(0, 10)).toBe('gone');
      expect(store.events.changesAfter(10_990, 100)).toHaveLength(10);
    });
  });
}
