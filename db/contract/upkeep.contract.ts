import { describe, expect, it } from 'vitest';
import type { EndpointFact, Found, ModelFact, NoticeFact } from '../../lib/core/plan.ts';
import { emptyPlan } from '../../lib/core/plan.ts';
import type { Store } from '../../lib/store.ts';
import {
  dayMs,
  event,
  haikuKey,
  hourMs,
  incident,
  look,
  minuteMs,
  monday,
  type OpenBench,
  recordAll,
  recordMinutes,
} from './samples.contract.ts';

const keep = { rawMs: 2 * dayMs, minutesMs: dayMs, hoursMs: 10 * dayMs, daysMs: null };

export function describeUpkeep(open: OpenBench): void {
  describe('the heartbeat', () => {
    const beat = (atMs: number, facts = {}) => ({ atMs, startedAtMs: monday, vantage: 'local', facts });
    it('is the newest one', () => {
      const bench = open(monday);
      expect(bench.store.upkeep.lastBeat()).toBeNull();
      bench.store.upkeep.beat(beat(monday));
      bench.store.upkeep.beat(beat(monday + 5000, { pid: 7 }));
      expect(bench.reader().upkeep.lastBeat()).toEqual(beat(monday + 5000, { pid: 7 }));
    });
    it('does not go back when the clock does', () => {
      const { store } = open(monday);
      store.upkeep.beat(beat(monday + 5000));
      store.upkeep.beat(beat(monday));
      expect(store.upkeep.lastBeat()?.atMs).toBe(monday + 5000);
    });
  });

  describe('dataVersion', () => {
    it('changes when another connection wrote, and not otherwise', () => {
      const bench = open(monday);
      const reader = bench.reader();
      const before = reader.upkeep.dataVersion();
      expect(reader.upkeep.dataVersion()).toBe(before);
      bench.store.upkeep.note('a', 'b');
      expect(reader.upkeep.dataVersion()).not.toBe(before);
    });
  });

  describe('the lease', () => {
    it('has one holder, who can renew it, and another when it ran out', () => {
      const bench = open(monday);
      const other = bench.reader();
      expect(bench.store.upkeep.lease('a', monday, 10_000)).toBe(true);
      expect(other.upkeep.lease('b', monday + 9999, 10_000)).toBe(false);
      expect(bench.store.upkeep.lease('a', monday + 9999, 10_000)).toBe(true);
      expect(other.upkeep.lease('b', monday + 20_000, 10_000)).toBe(true);
      expect(bench.store.upkeep.lease('a', monday + 20_001, 10_000)).toBe(false);
    });
    it('is not held for hours by a clock that was ahead', () => {
      const { store } = open(monday);
      store.upkeep.lease('a', monday + 5 * hourMs, 10_000);
      expect(store.upkeep.lease('b', monday, 10_000)).toBe(true);
    });
  });

  it('notes are kept, replaced and dropped', () => {
    const bench = open(monday);
    bench.store.upkeep.note('k', '1');
    bench.store.upkeep.note('k', '2');
    expect(bench.restart().upkeep.noted('k')).toBe('2');
  });
  it('a note that was dropped is none', () => {
    const { store } = open(monday);
    store.upkeep.note('k', '1');
    store.upkeep.note('k', null);
    expect(store.upkeep.noted('k')).toBeNull();
  });

  describe('rollUp', () => {
    it('does whole hours that nobody is late for, once', () => {
      const { store } = open(monday);
      recordMinutes(store, monday, 90);
      expect(store.upkeep.rollUp(monday + hourMs + minuteMs)).toEqual({ minutes: 0, hours: 0, days: 0 });
      expect(store.upkeep.rollUp(monday + hourMs + 5 * minuteMs)).toEqual({ minutes: 0, hours: 1, days: 1 });
      expect(store.upkeep.rollUp(monday + hourMs + 5 * minuteMs)).toEqual({ minutes: 0, hours: 0, days: 0 });
    });
    it('makes minutes of what is looked at more often than once a minute', () => {
      const { store } = open(monday);
      const looks = Array.from({ length: 360 }, (_, i) => look(monday + i * 10_000));
      recordAll(store, looks);
      expect(store.upkeep.rollUp(monday + 2 * hourMs)).toEqual({ minutes: 60, hours: 1, days: 1 });
    });
    it('ends after a few milliseconds, and the next call goes on where it stopped', () => {
      const { store } = open(monday);
      for (let hour = 0; hour < 40; hour++) recordMinutes(store, monday + hour * hourMs, 3);
      const done: number[] = [];
      while (done.at(-1) !== 0) done.push(store.upkeep.rollUp(monday + 50 * hourMs).hours);
      expect(done.reduce((sum, hours) => sum + hours, 0)).toBe(40);
      expect(done.length).toBeGreaterThan(2);
    });
    it('does an hour again for a look that came late', () => {
      const { store } = open(monday);
      recordMinutes(store, monday, 60);
      store.upkeep.rollUp(monday + 2 * hourMs);
      recordAll(store, [look(monday + 1)]);
      store.upkeep.rollUp(monday + 2 * hourMs);
      const query = {
        targetKey: haikuKey,
        fromMs: monday,
        toMs: monday + dayMs,
        metric: 'total',
        points: 1,
      } as const;
      expect(store.history.series(query)[0]?.n).toBe(61);
    });
  });

  describe('prune', () => {
    const pruneAll = (store: Store, nowMs: number) => {
      while (store.upkeep.prune(nowMs, keep));
    };
    const count = (store: Store) => store.looks.last(haikuKey, 10_000).length;
    it('deletes raw looks by whole days, and keeps what was counted of them', () => {
      const { store, clock } = open(monday);
      recordMinutes(store, monday, 4 * 24 * 60, (minute) => (minute % 10 === 0 ? 'http_5xx' : 'ok'));
      clock.nowMs = monday + 4 * dayMs;
      while (store.upkeep.rollUp(clock.nowMs + hourMs).hours > 0);
      const query = { fromMs: monday, toMs: monday + 4 * dayMs };
      const figures = () => [
        store.history.availability({ ...query, targetKeys: [haikuKey], convention: 'openrouter' }),
        store.history.series({ ...query, targetKey: haikuKey, metric: 'total', points: 4 }),
        store.history.bars({ ...query, convention: 'strict' }),
        store.history.classes({ ...query, targetKey: haikuKey, points: 4 }),
      ];
      const before = figures();
      pruneAll(store, clock.nowMs);
      expect(count(store)).toBe(2 * 24 * 60);
      expect(figures()).toEqual(before);
    });
    it('leaves part of an hour its share of the hour', () => {
      const { store, clock } = open(monday);
      recordMinutes(store, monday, 120, (minute) => (minute % 2 === 0 ? 'http_5xx' : 'ok'));
      clock.nowMs = monday + 4 * dayMs;
      while (store.upkeep.rollUp(clock.nowMs).hours > 0);
      pruneAll(store, clock.nowMs);
      const figure = (fromMs: number, toMs: number) =>
        store.history.availability({ targetKeys: [haikuKey], fromMs, toMs, convention: 'openrouter' });
      expect(figure(monday + 30 * minuteMs, monday + 90 * minuteMs)).toMatchObject({
        measuredS: 3600,
        badS: 1800,
      });
      expect(figure(monday + 10 * minuteMs, monday + 20 * minuteMs)).toMatchObject({
        measuredS: 600,
        share: 0.5,
      });
    });
    it('keeps raw looks that were not rolled up yet', () => {
      const { store } = open(monday);
      recordMinutes(store, monday, 60);
      pruneAll(store, monday + 30 * dayMs);
      expect(count(store)).toBe(60);
    });
    it('counts a look once that comes when its hour is long gone', () => {
      const { store, clock } = open(monday);
      recordMinutes(store, monday, 60);
      clock.nowMs = monday + 30 * dayMs;
      store.upkeep.rollUp(clock.nowMs);
      pruneAll(store, clock.nowMs);
      recordAll(store, [look(monday + 1)]);
      store.upkeep.rollUp(clock.nowMs);
      store.upkeep.rollUp(clock.nowMs);
      const query = {
        targetKey: haikuKey,
        fromMs: monday,
        toMs: monday + dayMs,
        metric: 'total',
        points: 1,
      } as const;
      expect(store.history.series(query)[0]?.n).toBe(61);
    });
    it('keeps incidents, events and the ledger’s sums for ever', () => {
      const { store } = open(monday);
      store.incidents.add(incident({ status: 'resolved', resolvedAtMs: monday }), [event('e1')]);
      const caps = { usdPerDay: 1, usdPerMonth: 1, requestsPerDay: 9, perGateway: {}, reserveShare: 0 };
      const want = { id: 'r', atMs: monday, gateway: 'g', usd: 0.5, requests: 1, purpose: 'calm' } as const;
      store.ledger.reserve(want, caps);
      pruneAll(store, monday + 4000 * dayMs);
      expect(store.incidents.get('i1')).not.toBeNull();
      expect(store.events.after(0, 9)).toHaveLength(1);
      expect(store.ledger.months()).toHaveLength(1);
    });
    it('forgets what looks had in common, and can store the like again', () => {
      const { store, clock } = open(monday);
      recordMinutes(store, monday, 60);
      clock.nowMs = monday + 30 * dayMs;
      store.upkeep.rollUp(clock.nowMs);
      pruneAll(store, clock.nowMs);
      recordAll(store, [look(clock.nowMs)]);
      expect(store.looks.last(haikuKey, 9).map((l) => l.observation)).toEqual([look(clock.nowMs)]);
    });
  });
}

export function describeCatalog(open: OpenBench): void {
  const model = (id: string): ModelFact => ({
    id,
    canonicalSlug: null,
    name: id,
    contextLength: 1000,
    promptUsd: 0.000001,
    completionUsd: null,
    requestUsd: null,
    supportedParameters: ['tools'],
    inputModalities: ['text'],
    outputModalities: ['text'],
    isReasoningMandatory: false,
    expirationDate: null,
    createdAtMs: null,
  });
  const endpoint = (tag: string): EndpointFact => ({
    model: 'a/b',
    provider: tag,
    providerName: tag,
    tag,
    quantization: null,
    contextLength: null,
    maxCompletionTokens: null,
    promptUsd: null,
    completionUsd: null,
    requestUsd: null,
    supportedParameters: [],
    status: 0,
    uptime5m: null,
    uptime30m: 99.5,
    uptime1d: null,
    latencyMs: null,
    throughputTps: null,
  });
  const notice = (id: string, change: Partial<NoticeFact> = {}): NoticeFact => ({
    id,
    title: id,
    status: 'investigating',
    impact: 'degraded',
    startedAtMs: monday,
    postedAtMs: null,
    resolvedAtMs: null,
    components: [],
    url: null,
    kind: 'incident',
    text: null,
    ...change,
  });
  let at = monday;
  const find = (store: Store, ...found: Found[]) =>
    store.looks.record([{ observation: look(++at), found }], () => ({ outcome: 'ok', plan: emptyPlan }));
  const models = (list: ModelFact[], isComplete = true): Found => ({
    kind: 'models',
    gateway: 'openrouter',
    models: list,
    isComplete,
  });

  it('models are those of the last complete list', () => {
    const { store } = open(monday);
    find(store, models([model('a'), model('b')]));
    find(store, models([model('c')], false));
    expect(store.catalog.models('openrouter').map((m) => m.id)).toEqual(['a', 'b', 'c']);
    find(store, models([{ ...model('b'), promptUsd: 0.5 }]));
    expect(store.catalog.models('openrouter')).toEqual([{ ...model('b'), promptUsd: 0.5 }]);
    expect(store.catalog.models('other')).toEqual([]);
  });
  it('an empty list is not believed', () => {
    const { store } = open(monday);
    find(store, models([model('a')]));
    find(store, models([]));
    expect(store.catalog.models('openrouter')).toHaveLength(1);
  });
  it('endpoints are those of the last answer about their model', () => {
    const { store } = open(monday);
    const found = (...tags: string[]): Found => ({
      kind: 'endpoints',
      gateway: 'openrouter',
      model: 'a/b',
      endpoints: tags.map(endpoint),
    });
    find(store, found('x', 'y'));
    find(store, found('y'));
    expect(store.catalog.endpoints({ gateway: 'openrouter', model: 'a/b' })).toEqual([
      { ...endpoint('y'), readAtMs: at },
    ]);
    expect(store.catalog.endpoints({ gateway: 'openrouter' })).toHaveLength(1);
    expect(store.catalog.endpoints({ gateway: 'openrouter', model: 'c/d' })).toEqual([]);
  });
  it('providers, accounts and claims are the newest', () => {
    const { store } = open(monday);
    const provider = { slug: 'anthropic', name: 'Anthropic', statusPageUrl: null };
    const account = {
      label: null,
      limitUsd: 10,
      limitRemainingUsd: 4,
      limitReset: null,
      usageUsd: null,
      usageDailyUsd: null,
      usageMonthlyUsd: null,
      isFreeTier: false,
      freeDaily: null,
      expiresAtMs: null,
    };
    find(
      store,
      { kind: 'providers', gateway: 'openrouter', providers: [provider] },
      { kind: 'account', account: 'openrouter', facts: account },
    );
    expect(store.catalog.providers('openrouter')).toEqual([provider]);
    expect(store.catalog.account('openrouter')).toEqual({ ...account, atMs: at });
    expect(store.catalog.account('other')).toBeNull();
    const claim = {
      component: 'API',
      provider: null,
      model: null,
      status: 'operational',
      uptime5m: null,
      uptime30m: null,
      uptime1d: null,
    } as const;
    recordAll(store, [
      look(monday, {
        probe: 'official',
        target: { gateway: 'openrouter', provider: null, model: null },
        claims: [claim],
      }),
    ]);
    expect(store.catalog.claims()).toEqual([{ page: 'openrouter', atMs: monday, claims: [claim] }]);
  });
  it('what was said while a clock ran ahead is not newer than what is said now', () => {
    const { store, clock } = open(monday);
    const say = (atMs: number, status: 'operational' | 'major_outage') =>
      recordAll(store, [
        look(atMs, {
          probe: 'official',
          target: { gateway: 'openrouter', provider: null, model: null },
          claims: [
            {
              component: 'API',
              provider: null,
              model: null,
              status,
              uptime5m: null,
              uptime30m: null,
              uptime1d: null,
            },
          ],
        }),
      ]);
    clock.nowMs = monday + 5 * hourMs;
    say(clock.nowMs, 'major_outage');
    clock.nowMs = monday + hourMs;
    say(clock.nowMs, 'operational');
    expect(store.catalog.claims()[0]?.claims[0]?.status).toBe('operational');
    say(monday, 'major_outage');
    expect(store.catalog.claims()[0]?.claims[0]?.status).toBe('operational');
  });
  it('notices are newest first, and can be only those that are not over', () => {
    const { store } = open(monday);
    const page = (...notices: NoticeFact[]): Found => ({
      kind: 'notices',
      page: 'openrouter',
      platform: 'statuspage',
      notices,
    });
    find(store, page(notice('old'), notice('new', { startedAtMs: monday + 1 })));
    find(store, page(notice('old', { status: 'resolved', resolvedAtMs: monday + 5 })));
    const ids = (activeOnly: boolean) =>
      store.catalog.notices({ activeOnly, limit: 9 }).map((n) => `${n.page}/${n.id}`);
    expect(ids(false)).toEqual(['openrouter/new', 'openrouter/old']);
    expect(ids(true)).toEqual(['openrouter/new']);
    expect(store.catalog.notices({ page: 'elsewhere', activeOnly: false, limit: 9 })).toEqual([]);
  });
}
