import { describe, expect, it } from 'vitest';
import { noTiming, type Observation } from '../../lib/core/observation.ts';
import { emptyPlan } from '../../lib/core/plan.ts';
import {
  component,
  dayMs,
  draft,
  event,
  haiku,
  haikuKey,
  hourMs,
  incident,
  look,
  minuteMs,
  monday,
  type OpenBench,
  planOf,
  recordAll,
  route,
  watched,
} from './samples.contract.ts';

const whole: Partial<Observation> = {
  status: 502,
  fault: 'reset',
  reached: 'first_token',
  error: {
    code: '502',
    type: 'upstream',
    message: 'Provider returned error “überlastet”',
    provider: 'anthropic',
    limit: null,
    attempt: 1,
    body: 'json',
    inBand: true,
  },
  retryAfterMs: 1500,
  served: { provider: 'anthropic', model: null },
  timing: {
    dnsMs: 2.1,
    connectMs: 8.4,
    tlsMs: 15,
    headersMs: 180.2,
    firstByteMs: 181,
    firstReasoningMs: 250.7,
    firstTokenMs: 430.5,
    worstGapMs: 61,
    totalMs: 912.3,
  },
  output: { tokens: 12, reasoningTokens: 7, finish: 'stop', done: true, answer: 'match' },
  slot: 29_521,
  keyed: true,
  endpoint: 'anthropic',
  family: 4,
  edge: { cache: 'MISS', ageS: 0, site: 'FRA' },
  costUsd: 0.0000123,
  claims: [
    {
      component: 'API',
      provider: null,
      model: null,
      status: 'operational',
      uptime5m: 99.5,
      uptime30m: null,
      uptime1d: null,
    },
  ],
  account: { valid: true, limitRemainingUsd: 42.5, isFreeTier: false },
  stallMs: 3,
  tainted: true,
};

export function describeLooks(open: OpenBench): void {
  describe('record', () => {
    it('keeps every fact of a look', () => {
      const { store } = open(monday);
      const one = look(monday, whole);
      recordAll(store, [one], 'http_5xx');
      expect(store.looks.last(haikuKey, 5)).toEqual([
        { observation: one, targetKey: haikuKey, outcome: 'http_5xx', slotMs: 0, countsS: 60 },
      ]);
    });
    it('keeps a look that has nothing but its status and total', () => {
      const { store } = open(monday);
      const one = look(monday, {
        probe: 'http',
        target: { gateway: null, provider: 'our-api', model: null },
        timing: { ...noTiming, totalMs: 12.5 },
        output: null,
        keyed: false,
      });
      recordAll(store, [one]);
      expect(store.looks.last('http|none:our-api:none', 1)[0]?.observation).toEqual(one);
    });
    it('keeps apart what differs only in api or region', () => {
      const { store } = open(monday);
      const eu = look(monday, { target: { ...haiku, region: 'eu' } });
      const responses = look(monday, { target: { ...haiku, api: 'responses' } });
      recordAll(store, [look(monday), eu, responses]);
      expect(store.looks.last(`${haikuKey}:region-eu`, 2).map((l) => l.observation)).toEqual([eu]);
      expect(store.looks.last(`${haikuKey}:api-responses`, 2).map((l) => l.observation)).toEqual([responses]);
    });
    it('decides and stores a repeated look once, in one batch and across restarts', () => {
      const bench = open(monday);
      let decided = 0;
      const once = () => {
        decided++;
        return { outcome: 'ok', plan: emptyPlan };
      };
      const seen = { observation: look(monday), found: [] };
      expect(bench.store.looks.record([seen, seen], once)).toHaveLength(1);
      expect(bench.restart().looks.record([seen], once)).toHaveLength(0);
      expect(decided).toBe(1);
    });
    it('takes the same instant from another vantage as another look', () => {
      const { store } = open(monday);
      recordAll(store, [look(monday), look(monday, { vantage: 'fra' })]);
      expect(store.looks.last(haikuKey, 5)).toHaveLength(2);
    });
    it('writes the look, what was decided and who is told together', () => {
      const { store } = open(monday);
      const plan = planOf({
        components: [component({ verdict: 'partial_outage' })],
        routes: [route({ state: 'down', verdict: 'major_outage' })],
        incidents: [incident()],
        events: [event('e1')],
        deliveries: [draft('d1')],
        guard: {
          state: 'suppressed',
          self: 'ok',
          openFraction: 0.6,
          maxOpenFraction: 0.5,
          reason: 'too many',
          sinceMs: monday,
        },
      });
      const plans = store.looks.record([{ observation: look(monday), found: [] }], () => ({
        outcome: 'http_5xx',
        plan,
      }));
      expect(plans).toEqual([plan]);
      const current = store.looks.current();
      expect(current.components).toEqual(plan.components);
      expect(current.routes).toEqual(plan.routes);
      expect(current.guard).toEqual(plan.guard);
      expect(store.incidents.get('i1')).toEqual(incident());
      expect(store.events.after(0, 10).map((line) => line.event)).toEqual([event('e1')]);
      expect(store.outbox.pending(monday).due).toBe(1);
    });
    it('writes nothing of a batch in which a decision failed', () => {
      const { store } = open(monday);
      let calls = 0;
      const decide = () => {
        if (++calls === 2) throw new Error('poison');
        return {
          outcome: 'ok',
          plan: planOf({ routes: [route()], incidents: [incident()], events: [event('e1')] }),
        };
      };
      const seen = [look(monday), look(monday + 1000)].map((observation) => ({ observation, found: [] }));
      expect(() => store.looks.record(seen, decide)).toThrow('poison');
      expect(store.looks.last(haikuKey, 5)).toEqual([]);
      expect(store.looks.current().routes).toEqual([]);
      expect(store.events.position().seq).toBe(0);
      expect(store.incidents.list({ limit: 5 })).toEqual([]);
      recordAll(store, [look(monday)]);
      expect(store.looks.last(haikuKey, 5)).toHaveLength(1);
    });
    it('can be read by another connection as soon as it returned', () => {
      const bench = open(monday);
      const reader = bench.reader();
      const before = reader.upkeep.dataVersion();
      recordAll(bench.store, [look(monday)]);
      expect(reader.upkeep.dataVersion()).not.toBe(before);
      expect(reader.looks.last(haikuKey, 1)).toHaveLength(1);
    });
    it('survives a restart', () => {
      const bench = open(monday);
      recordAll(bench.store, [look(monday, whole)]);
      expect(bench.restart().looks.last(haikuKey, 1)[0]?.observation).toEqual(look(monday, whole));
    });
  });

  describe('advance', () => {
    it('writes what time alone decides', () => {
      const { store } = open(monday);
      store.looks.advance(monday + 5, () =>
        planOf({ routes: [route({ state: 'unknown', verdict: 'unknown' })] }),
      );
      expect(store.looks.current().routes[0]?.state).toBe('unknown');
    });
    it('gives no new number when nothing changed', () => {
      const { store } = open(monday);
      store.looks.advance(monday, () => planOf({ routes: [route()] }));
      const { seq } = store.events.position();
      store.looks.advance(monday + 1, () => emptyPlan);
      store.looks.advance(monday + 2, () => planOf({ routes: [route()] }));
      expect(store.events.position().seq).toBe(seq);
    });
  });

  describe('a removed route', () => {
    it('is no longer current and is announced as removed', () => {
      const { store } = open(monday);
      store.looks.advance(monday, () => planOf({ routes: [route()] }));
      store.looks.advance(monday + 1, () => planOf({ routes: [route({ removed: true })] }));
      expect(store.looks.current().routes).toEqual([]);
      const changes = store.events.changesAfter(0, 10);
      expect(changes === 'gone' ? [] : changes.map((change) => change.kind)).toEqual([
        'target',
        'target_removed',
      ]);
    });
  });

  describe('replaySince', () => {
    it('gives back looks in the order in which they ended', () => {
      const { store } = open(monday);
      const slow = look(monday, { timing: { ...noTiming, totalMs: 30_000 } });
      const quick = look(monday + 1000, { timing: { ...noTiming, totalMs: 10 } });
      recordAll(store, [slow, quick]);
      expect([...store.looks.replaySince(monday)]).toEqual([quick, slow]);
    });
    it('includes a look that began before and ended after, and none that ended before', () => {
      const { store } = open(monday);
      const slow = look(monday - 5000, { timing: { ...noTiming, totalMs: 30_000 } });
      const over = look(monday - 5001, { timing: { ...noTiming, totalMs: 10 } });
      recordAll(store, [slow, over]);
      expect([...store.looks.replaySince(monday)]).toEqual([slow]);
    });
    it('crosses midnight', () => {
      const { store } = open(monday);
      const looks = [-2, -1, 0, 1].map((n) => look(monday + n * minuteMs));
      recordAll(store, looks);
      expect([...store.looks.replaySince(monday - 3 * minuteMs)]).toEqual(looks);
    });
  });

  describe('last', () => {
    it('gives the newest first, as many as asked, over days', () => {
      const { store } = open(monday);
      const looks = [0, 1, 2, 3].map((n) => look(monday - n * 20 * hourMs));
      recordAll(store, looks);
      expect(store.looks.last(haikuKey, 3).map((l) => l.observation.atMs)).toEqual(
        looks.slice(0, 3).map((l) => l.atMs),
      );
    });
    it('mixes vantages by time', () => {
      const { store } = open(monday);
      recordAll(store, [look(monday), look(monday + 1, { vantage: 'fra' }), look(monday + 2)]);
      expect(store.looks.last(haikuKey, 9).map((l) => l.observation.vantage)).toEqual([
        'local',
        'fra',
        'local',
      ]);
    });
    it('is empty for what was never looked at', () => {
      expect(open(monday).store.looks.last('http|none:nobody:none', 3)).toEqual([]);
    });
  });

  describe('between', () => {
    it('gives the looks of a period in order, all targets or one', () => {
      const { store } = open(monday);
      const other = { ...haiku, provider: 'amazon-bedrock' };
      const looks = [look(monday), look(monday + 1000, { target: other }), look(monday + dayMs)];
      recordAll(store, [...looks].reverse());
      const all = store.looks.between({ fromMs: monday, toMs: monday + dayMs + 1, limit: 10 });
      expect(all.map((l) => l.observation)).toEqual(looks);
      const one = store.looks.between({
        targetKey: haikuKey,
        fromMs: monday,
        toMs: monday + dayMs,
        limit: 10,
      });
      expect(one.map((l) => l.observation)).toEqual([looks[0]]);
      expect(store.looks.between({ fromMs: monday, toMs: monday + 2 * dayMs, limit: 1 })).toHaveLength(1);
    });
  });

  describe('the fleet', () => {
    it('is kept in its order and replaced as a whole', () => {
      const { store } = open(monday);
      const second = watched({ ...haiku, provider: 'amazon-bedrock' });
      store.looks.saveFleet([second, watched()], monday);
      expect(store.looks.current().fleet).toEqual([second, watched()]);
      store.looks.saveFleet([watched()], monday + 1);
      expect(store.looks.current().fleet).toEqual([watched()]);
    });
    it('that is saved again as it is wakes no reader', () => {
      const bench = open(monday);
      bench.store.looks.saveFleet([watched()], monday);
      const reader = bench.reader();
      const before = reader.upkeep.dataVersion();
      bench.store.looks.saveFleet([watched()], monday + 1);
      expect(reader.upkeep.dataVersion()).toBe(before);
    });
    it('leaves the history of a target that is no longer watched', () => {
      const { store } = open(monday);
      store.looks.saveFleet([watched()], monday);
      recordAll(store, [look(monday)]);
      store.looks.saveFleet([], monday + 1);
      expect(store.looks.last(haikuKey, 1)).toHaveLength(1);
    });
    it('knows when each target was last looked at', () => {
      const bench = open(monday);
      recordAll(bench.store, [look(monday + 5), look(monday)]);
      expect(bench.restart().looks.lastSeenAt()).toEqual(new Map([[haikuKey, monday + 5]]));
    });
  });

  describe('recordMissed', () => {
    it('stores a slot that was not run once, and none twice', () => {
      const { store } = open(monday);
      store.looks.saveFleet([watched()], monday);
      const missed = { targetKey: haikuKey, slot: 7, atMs: monday, reason: 'limited' };
      store.looks.recordMissed([missed, missed]);
      store.looks.recordMissed([missed]);
      expect(store.history.missed({ targetKey: haikuKey, fromMs: monday, toMs: monday + 1 })).toEqual([
        missed,
      ]);
    });
  });
}
