import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedAs } from '../../lib/core/availability.ts';
import { endedAtMs, noTiming, passivePrefix } from '../../lib/core/observation.ts';
import { outcomeClasses } from '../../lib/core/outcome-words.ts';
import type { Store } from '../../lib/store.ts';
import {
  component,
  dayMs,
  haiku,
  haikuKey,
  hourMs,
  look,
  minuteMs,
  monday,
  type OpenBench,
  planOf,
  recordAll,
  recordMinutes,
  route,
  watched,
} from './samples.contract.ts';

const all = { convention: 'openrouter' } as const;
const rollAll = (store: Store, nowMs: number) => {
  for (;;) {
    const { minutes, hours, days } = store.upkeep.rollUp(nowMs);
    if (minutes + hours + days === 0) return;
  }
};

export function describeHistory(open: OpenBench): void {
  /** A watched target, one look a minute, and a clock at the end of them. */
  const watch = (minutes: number, outcomeOf?: (minute: number) => string) => {
    const bench = open(monday);
    bench.store.looks.saveFleet([watched()], monday);
    recordMinutes(bench.store, monday, minutes, outcomeOf);
    bench.clock.nowMs = monday + minutes * minuteMs;
    return bench;
  };

  describe('availability', () => {
    const ask = (store: Store, fromMs: number, toMs: number) =>
      store.history.availability({ targetKeys: [haikuKey], fromMs, toMs, ...all });

    it('is what did not fail of what was measured', () => {
      const { store } = watch(120, (minute) => (minute < 30 ? 'http_5xx' : 'ok'));
      expect(ask(store, monday, monday + 2 * hourMs)).toEqual({
        fromMs: monday,
        toMs: monday + 2 * hourMs,
        convention: 'openrouter',
        share: 0.75,
        coverage: 1,
        measuredS: 7200,
        badS: 1800,
        elapsedS: 7200,
        series: 1,
      });
    });
    it('is nothing where nothing was measured', () => {
      const { store } = open(monday);
      expect(ask(store, monday, monday + hourMs)).toMatchObject({ share: null, coverage: 0, measuredS: 0 });
    });
    it('counts a gap as unknown, never as good and never as bad', () => {
      const bench = watch(60);
      bench.clock.nowMs = monday + 2 * hourMs;
      expect(ask(bench.store, monday, monday + 2 * hourMs)).toMatchObject({ share: 1, coverage: 0.5 });
    });
    it('does not count what was looked at for another reason than a slot', () => {
      const { store } = watch(60);
      recordAll(
        store,
        [1, 2, 3].map((n) => look(monday + n * 1000 + 7, { why: 'confirm' })),
        'http_5xx',
      );
      expect(ask(store, monday, monday + hourMs)).toMatchObject({ share: 1, measuredS: 3600 });
    });
    it('leaves maintenance out, and does not ask for coverage in it', () => {
      const bench = watch(60);
      const { store } = bench;
      store.looks.advance(monday + hourMs, () =>
        planOf({
          routes: [route({ state: 'maintenance', verdict: 'maintenance', stateSinceMs: monday + hourMs })],
        }),
      );
      recordMinutes(store, monday + hourMs, 60, () => 'http_5xx');
      bench.clock.nowMs = monday + 2 * hourMs;
      expect(ask(store, monday, monday + 2 * hourMs)).toMatchObject({
        share: 1,
        coverage: 1,
        measuredS: 3600,
      });
    });
    it('does not ask a place for the time before it joined', () => {
      const bench = watch(10 * 60);
      recordMinutes(bench.store, monday + 9 * hourMs, 60, undefined, () => ({ vantage: 'fra' }));
      expect(ask(bench.store, monday, monday + 10 * hourMs)).toMatchObject({
        coverage: 1,
        measuredS: 39_600,
      });
    });
    it('asks every place for what it should have seen', () => {
      const bench = watch(4 * 60);
      recordMinutes(bench.store, monday, 60, undefined, () => ({ vantage: 'fra' }));
      recordMinutes(bench.store, monday + 3 * hourMs, 60, undefined, () => ({ vantage: 'fra' }));
      expect(ask(bench.store, monday, monday + 4 * hourMs)).toMatchObject({ coverage: 0.75 });
    });
    it('says the same of a period however it is cut', () => {
      const { store } = watch(3 * 24 * 60, (minute) => (minute % 7 === 0 ? 'http_5xx' : 'ok'));
      const whole = ask(store, monday, monday + 3 * dayMs);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 3 * 24 * 60 - 1 }), (minute) => {
          const cut = monday + minute * minuteMs + 30_000;
          const [a, b] = [ask(store, monday, cut), ask(store, cut, monday + 3 * dayMs)];
          expect(a.measuredS + b.measuredS).toBe(whole.measuredS);
          expect(a.badS + b.badS).toBe(whole.badS);
        }),
        { numRuns: 40 },
      );
    });
    it('adds the seconds of several targets', () => {
      const { store } = watch(60);
      recordMinutes(
        store,
        monday,
        60,
        () => 'http_5xx',
        () => ({ target: { ...haiku, provider: 'amazon-bedrock' } }),
      );
      const both = store.history.availability({
        targetKeys: [haikuKey, haikuKey.replace('anthropic:', 'amazon-bedrock:')],
        fromMs: monday,
        toMs: monday + hourMs,
        ...all,
      });
      expect(both).toMatchObject({ share: 0.5, measuredS: 7200 });
    });
    it('stands for as long as the interval it was planned with', () => {
      const { store } = open(monday);
      store.looks.saveFleet([watched(haiku, { everyMs: 15 * minuteMs })], monday);
      recordAll(store, [look(monday)]);
      store.looks.saveFleet([watched(haiku, { everyMs: 10_000 })], monday + 1);
      recordAll(store, [look(monday + 20 * minuteMs)], 'http_5xx');
      expect(ask(store, monday, monday + hourMs)).toMatchObject({ measuredS: 910, badS: 10 });
    });
    it('follows the convention for every class there is', () => {
      for (const convention of ['openrouter', 'strict', 'lenient'] as const) {
        const { store } = watch(outcomeClasses.length, (minute) => outcomeClasses[minute] ?? 'ok');
        const bad = outcomeClasses.filter((name) => countedAs(name, convention) === 'bad').length;
        const { badS } = store.history.availability({
          targetKeys: [haikuKey],
          fromMs: monday,
          toMs: monday + hourMs,
          convention,
        });
        expect(badS).toBe(bad * 60);
      }
    });
  });

  it('months are calendar months, cut to the period', () => {
    const { store } = watch(60);
    const months = store.history.months({
      targetKeys: [haikuKey],
      fromMs: Date.UTC(2026, 4, 20),
      toMs: Date.UTC(2026, 6, 5),
      ...all,
    });
    expect(months.map((m) => [m.fromMs, m.toMs, m.measuredS])).toEqual([
      [Date.UTC(2026, 4, 20), Date.UTC(2026, 5, 1), 0],
      [Date.UTC(2026, 5, 1), Date.UTC(2026, 6, 1), 3600],
      [Date.UTC(2026, 6, 1), Date.UTC(2026, 6, 5), 0],
    ]);
  });

  describe('bars', () => {
    const bars = (store: Store, days = 3) =>
      store.history.bars({ fromMs: monday, toMs: monday + days * dayMs, ...all });
    it('have the seconds of each day of each target', () => {
      const bench = watch(36 * 60, (minute) =>
        minute < 60 ? 'http_5xx' : minute < 90 ? 'limited_upstream' : 'ok',
      );
      expect(bars(bench.store)).toEqual([
        {
          targetKey: haikuKey,
          dayMs: monday,
          measuredS: 86_400 - 1800,
          badS: 3600,
          degradedS: 0,
          limitedS: 1800,
          unknownS: 0,
          worst: null,
        },
        {
          targetKey: haikuKey,
          dayMs: monday + dayMs,
          measuredS: 43_200,
          badS: 0,
          degradedS: 0,
          limitedS: 0,
          unknownS: 0,
          worst: null,
        },
      ]);
    });
    it('hear of looks that come late for a day they have shown before', () => {
      const bench = watch(60);
      bench.clock.nowMs = monday + 3 * dayMs;
      const reader = bench.reader();
      expect(bars(reader)[0]?.badS).toBe(0);
      recordAll(bench.store, [look(monday + 5000)], 'http_5xx');
      expect(bars(reader)[0]?.badS).toBe(60);
    });
    it('name the worst verdict of each day, also one that began before it', () => {
      const bench = watch(24 * 60 + 60);
      const down = route({ state: 'down', verdict: 'major_outage', stateSinceMs: monday + hourMs });
      bench.store.looks.advance(monday + hourMs, () => planOf({ routes: [down] }));
      expect(bars(bench.store).map((bar) => bar.worst)).toEqual(['major_outage', 'major_outage']);
    });
    it('of a route that was removed keep its worst verdict', () => {
      const bench = watch(60);
      const down = route({ state: 'down', verdict: 'major_outage', stateSinceMs: monday + minuteMs });
      bench.store.looks.advance(monday + minuteMs, () => planOf({ routes: [down] }));
      bench.store.looks.advance(monday + hourMs, () => planOf({ routes: [{ ...down, removed: true }] }));
      expect(bars(bench.store).map((bar) => bar.worst)).toEqual(['major_outage']);
    });
    it('of what is a component by itself have the worst of its verdicts', () => {
      const { store, clock } = open(monday);
      const site = { gateway: null, provider: 'our-api', model: null };
      recordMinutes(
        store,
        monday,
        60,
        () => 'http_5xx',
        () => ({ probe: 'http', target: site }),
      );
      const down = component({ kind: 'http', id: 'our-api', verdict: 'major_outage' });
      store.looks.advance(monday, () => planOf({ components: [down] }));
      clock.nowMs = monday + hourMs;
      expect(bars(store)[0]).toMatchObject({ targetKey: 'http|none:our-api:none', worst: 'major_outage' });
    });
    it('have a component’s verdicts while a worker was alive', () => {
      const { store, clock } = open(monday);
      store.looks.advance(monday, () => planOf({ components: [component()] }));
      const outage = component({ verdict: 'major_outage', sinceMs: monday + 1800_000 });
      store.looks.advance(monday + 1800_000, () => planOf({ components: [outage] }));
      for (let atMs = monday; atMs <= monday + hourMs; atMs += 30_000)
        store.upkeep.beat({ atMs, startedAtMs: monday, vantage: 'local', facts: {} });
      clock.nowMs = monday + 2 * hourMs;
      expect(bars(store)).toEqual([
        {
          targetKey: 'gateway:openrouter',
          dayMs: monday,
          measuredS: 3600,
          badS: 1800,
          degradedS: 0,
          limitedS: 0,
          unknownS: 3600,
          worst: 'major_outage',
        },
      ]);
    });
    it('of several places are their mean', () => {
      const bench = watch(60);
      recordMinutes(
        bench.store,
        monday,
        60,
        () => 'http_5xx',
        () => ({ vantage: 'fra' }),
      );
      expect(bars(bench.store)[0]).toMatchObject({ measuredS: 3600, badS: 1800 });
    });
  });

  describe('series', () => {
    const ask = (
      store: Store,
      toMs: number,
      points: number,
      metric: 'first_token' | 'tokens_per_second' = 'first_token',
    ) => store.history.series({ targetKey: haikuKey, fromMs: monday, toMs, metric, points });
    const slower = (minute: number) => ({
      timing: { ...noTiming, firstTokenMs: 100 + (minute % 100), totalMs: 1000 },
    });
    it('has quantiles within 2.5 %, and says of how many', () => {
      const { store, clock } = open(monday);
      recordMinutes(store, monday, 300, undefined, slower);
      clock.nowMs = monday + 5 * hourMs;
      const [point] = ask(store, monday + 5 * hourMs, 1);
      expect(point?.n).toBe(300);
      expect(Math.abs((point?.p50 ?? 0) - 149) / 149).toBeLessThan(0.025);
      expect(Math.abs((point?.p95 ?? 0) - 194) / 194).toBeLessThan(0.025);
      expect(Math.abs((point?.p99 ?? 0) - 198) / 198).toBeLessThan(0.025);
    });
    it('gives no p95 of fewer than 20 and no p99 of fewer than 200', () => {
      const { store } = watch(19);
      expect(ask(store, monday + hourMs, 1)[0]).toMatchObject({ n: 19, p95: null, p99: null });
    });
    it('is the same before and after the roll-up, at every resolution', () => {
      const bench = open(monday);
      const { store, clock } = bench;
      recordMinutes(store, monday, 49 * 60, undefined, slower);
      clock.nowMs = monday + 50 * hourMs;
      const read = () => [1, 2, 10, 50, 200].map((points) => ask(store, monday + 50 * hourMs, points));
      const before = read();
      rollAll(store, monday + 60 * hourMs);
      expect(read()).toEqual(before);
      expect(
        bench.restart().history.series({
          targetKey: haikuKey,
          fromMs: monday,
          toMs: monday + 50 * hourMs,
          metric: 'first_token',
          points: 10,
        }),
      ).toEqual(before[2]);
    });
    it('shows neither failures nor looks during which we stalled', () => {
      const { store } = open(monday);
      recordAll(store, [look(monday)]);
      recordAll(store, [look(monday + 1)], 'http_5xx');
      recordAll(store, [look(monday + 2, { stallMs: 400 }), look(monday + 3, { tainted: true })]);
      expect(ask(store, monday + hourMs, 1)[0]?.n).toBe(1);
    });
    it('knows how fast tokens came', () => {
      const { store } = watch(3);
      const [point] = ask(store, monday + hourMs, 1, 'tokens_per_second');
      expect(Math.abs((point?.p50 ?? 0) - 11 / 0.4818) / 22.8).toBeLessThan(0.026);
    });
    it('has at most as many points as asked for', () => {
      const { store } = watch(600);
      for (const points of [1, 7, 60, 500])
        expect(ask(store, monday + 10 * hourMs, points).length).toBeLessThanOrEqual(points + 1);
    });
  });

  describe('classes', () => {
    it('are counted over time, for every reason to look', () => {
      const { store } = watch(120, (minute) => (minute < 60 ? 'ok' : 'http_5xx'));
      recordAll(store, [look(monday + 1, { why: 'confirm' })], 'cut');
      expect(
        store.history.classes({ targetKey: haikuKey, fromMs: monday, toMs: monday + 2 * hourMs, points: 2 }),
      ).toEqual([
        { atMs: monday, counts: { ok: 60, cut: 1 } },
        { atMs: monday + hourMs, counts: { http_5xx: 60 } },
      ]);
    });
    it('can be had by the minute', () => {
      const { store } = watch(3, (minute) => (minute === 1 ? 'cut' : 'ok'));
      expect(
        store.history.classes({
          targetKey: haikuKey,
          fromMs: monday,
          toMs: monday + 3 * minuteMs,
          points: 3,
        }),
      ).toEqual([
        { atMs: monday, counts: { ok: 1 } },
        { atMs: monday + minuteMs, counts: { cut: 1 } },
        { atMs: monday + 2 * minuteMs, counts: { ok: 1 } },
      ]);
    });
  });

  it('limitedByHour counts 429 by hour of the UTC week, Monday first', () => {
    const { store } = watch(60, (minute) => (minute < 15 ? 'limited_upstream' : 'ok'));
    recordMinutes(store, monday + 7 * dayMs, 60);
    recordMinutes(store, monday - hourMs, 60, () => 'limited_key');
    expect(
      store.history.limitedByHour({ targetKey: haikuKey, fromMs: monday - dayMs, toMs: monday + 8 * dayMs }),
    ).toEqual([
      { hour: 0, total: 120, limited: 15 },
      { hour: 167, total: 60, limited: 60 },
    ]);
  });

  describe('windows', () => {
    const ask = (store: Store, nowMs: number, windowMs: number) =>
      store.history.windows({ nowMs, windows: [windowMs] })[0];
    it('count the looks of the last minutes', () => {
      const { store } = watch(60, (minute) => (minute >= 58 ? 'http_5xx' : 'ok'));
      const window = ask(store, monday + hourMs, 5 * minuteMs);
      expect(window).toMatchObject({
        targetKey: haikuKey,
        samples: 4,
        ok: 2,
        byClass: { ok: 2, http_5xx: 2 },
      });
      expect(window?.firstTokenMs?.n).toBe(2);
      expect(Math.abs((window?.firstTokenMs?.p50 ?? 0) - 430.5) / 430.5).toBeLessThan(0.025);
    });
    it('tell own looks from others’ traffic, and when one last said how it is', () => {
      const { store } = watch(60, (minute) => (minute === 59 ? 'unauthorized' : 'ok'));
      const tell = (atMs: number) => ({
        ...look(atMs),
        vantage: `${passivePrefix}traces`,
        why: 'passive' as const,
      });
      const looks = [tell(monday + 57 * minuteMs + 1), tell(monday + 50 * minuteMs)];
      recordAll(store, looks, 'http_5xx');
      const nowMs = monday + hourMs;
      const [short, long] = store.history.windows({ nowMs, windows: [5 * minuteMs, 2 * hourMs] });
      expect(short).toMatchObject({ samples: 5, passive: 1 });
      expect(short?.lastAtMs).toBe(Math.round(endedAtMs(look(monday + 58 * minuteMs))));
      expect(long).toMatchObject({ samples: 62, passive: 2 });
      rollAll(store, monday + 30 * hourMs);
      const whole = ask(store, monday + 24 * hourMs, dayMs);
      expect(whole).toMatchObject({ samples: 62, passive: 2, lastAtMs: null });
    });
    it('of a day are whole hours, the same before and after the roll-up', () => {
      const { store } = watch(30 * 60, (minute) => (minute % 60 === 0 ? 'cut' : 'ok'));
      const nowMs = monday + 30 * hourMs;
      const before = ask(store, nowMs, dayMs);
      expect(before).toMatchObject({ samples: 24 * 60, byClass: { cut: 24, ok: 24 * 59 } });
      rollAll(store, nowMs);
      expect(ask(store, nowMs, dayMs)).toEqual(before);
      expect(store.history.windows({ nowMs, windows: [minuteMs, hourMs, dayMs] })).toHaveLength(2);
    });
    it('are empty where nothing was looked at', () => {
      expect(open(monday).store.history.windows({ nowMs: monday, windows: [dayMs, hourMs] })).toEqual([]);
    });
  });
}
