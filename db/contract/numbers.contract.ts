import { describe, expect, it } from 'vitest';
import { noTiming } from '../../lib/core/observation.ts';
import { emptyPlan, type NoticeFact } from '../../lib/core/plan.ts';
import type { TargetRef } from '../../lib/core/target.ts';
import type { Store } from '../../lib/store.ts';
import {
  dayMs,
  haiku,
  hourMs,
  incident,
  look,
  minuteMs,
  monday,
  type OpenBench,
  recordMinutes,
  watched,
} from './samples.contract.ts';

const direct: TargetRef = { gateway: 'direct', provider: 'anthropic', model: 'claude-haiku-4-5' };
const free: TargetRef = { ...haiku, provider: 'any' };
const price = { promptUsd: 1e-6, completionUsd: 5e-6, requestUsd: 0 };

export function describeNumbers(open: OpenBench): void {
  const ask = (store: Store) => store.history.numbers({ fromMs: monday, toMs: monday + dayMs });
  const timed = (target: TargetRef, firstTokenMs: number) => (minute: number) => {
    // Both are slow in the same minutes: only a paired difference is blind to that.
    const weather = minute % 10 === 0 ? 3000 : 0;
    return {
      target,
      timing: { ...noTiming, headersMs: firstTokenMs / 2 + weather, firstTokenMs: firstTokenMs + weather },
    };
  };

  it('overhead is the paired difference of the same model through the gateway and directly', () => {
    const { store } = open(monday);
    store.looks.saveFleet([watched(), watched(direct)], monday);
    recordMinutes(store, monday, 120, undefined, timed(haiku, 440));
    recordMinutes(store, monday + 2000, 120, undefined, timed(direct, 400));
    const [overhead, ...more] = ask(store).overhead;
    expect(more).toEqual([]);
    expect(overhead).toMatchObject({ gateway: 'openrouter', provider: 'anthropic', model: haiku.model });
    expect(overhead?.firstTokenMs).toEqual({ value: 40, low: 40, high: 40, n: 120 });
    expect(overhead?.headersMs).toMatchObject({ value: 20 });
  });
  it('overhead is none of what was looked at too seldom', () => {
    const { store } = open(monday);
    store.looks.saveFleet([watched(), watched(direct)], monday);
    recordMinutes(store, monday, 3, undefined, timed(haiku, 440));
    recordMinutes(store, monday, 3, undefined, timed(direct, 400));
    expect(ask(store).overhead[0]?.firstTokenMs).toBeNull();
  });

  it('failover is how often the gateway’s own choice worked while a pinned route failed, and how much later', () => {
    const { store } = open(monday);
    store.looks.saveFleet([watched(), watched(free)], monday);
    const isDown = (minute: number) => minute >= 60 && minute < 80;
    recordMinutes(store, monday, 120, (minute) => (isDown(minute) ? 'http_5xx' : 'ok'));
    recordMinutes(
      store,
      monday + 10_000,
      120,
      (minute) => (minute >= 70 && minute < 75 ? 'http_5xx' : 'ok'),
      (minute) => ({ target: free, timing: { ...noTiming, firstTokenMs: isDown(minute) ? 900 : 400 } }),
    );
    const [failover] = ask(store).failover;
    expect(failover).toMatchObject({ gateway: 'openrouter', model: haiku.model });
    expect(failover?.saved?.n).toBe(21);
    expect(failover?.saved?.value).toBeCloseTo(16 / 21, 9);
    expect(failover?.paidMs?.value).toBe(500);
  });
  it('failover is not asked of looks that say nothing about the gateway’s choice', () => {
    const { store } = open(monday);
    store.looks.saveFleet([watched(), watched(free)], monday);
    // A pinned route that our own key was refused on has not failed; a free look of that kind has saved nothing and lost nothing.
    recordMinutes(store, monday, 120, (minute) =>
      minute < 20 ? 'limited_upstream' : minute < 60 ? 'no_credit' : 'ok',
    );
    recordMinutes(
      store,
      monday + 10_000,
      120,
      (minute) => (minute < 10 ? 'no_credit' : 'ok'),
      () => ({ target: free }),
    );
    expect(ask(store).failover[0]?.saved).toMatchObject({ value: 1, n: 10 });
  });

  describe('the official page', () => {
    const notice = (postedAtMs: number): NoticeFact => ({
      id: `n${postedAtMs}`,
      title: 'Elevated errors',
      status: 'resolved',
      impact: 'partial_outage',
      startedAtMs: postedAtMs,
      postedAtMs,
      resolvedAtMs: null,
      components: [],
      url: null,
      kind: 'incident',
      text: null,
    });
    it('is late by what it took to post, and silent about what it never mentioned', () => {
      const { store } = open(monday);
      const begin = (i: number) => monday + i * 3 * hourMs;
      for (let i = 0; i < 6; i++)
        store.incidents.add(
          incident({
            id: `i${i}`,
            startedAtMs: begin(i),
            status: 'resolved',
            resolvedAtMs: begin(i) + 30 * minuteMs,
          }),
          [],
        );
      const notices = [0, 1, 2, 3, 4].map((i) => notice(begin(i) + (i + 1) * 5 * minuteMs));
      store.looks.record(
        [
          {
            observation: look(monday),
            found: [{ kind: 'notices', page: 'openrouter', platform: 'x', notices }],
          },
        ],
        () => ({ outcome: 'ok', plan: emptyPlan }),
      );
      expect(ask(store).lag).toMatchObject([
        { page: 'openrouter', incidents: 6, silent: 1, lagMs: { value: 15 * minuteMs, n: 5 } },
      ]);
    });
  });

  it('markup is the gateway’s price over the provider’s', () => {
    const { store } = open(monday);
    store.looks.saveFleet(
      [watched(haiku, { price: { ...price, completionUsd: 5.5e-6 } }), watched(direct, { price })],
      monday,
    );
    const [markup] = ask(store).markup;
    expect(markup).toMatchObject({ provider: 'anthropic', prompt: 1 });
    expect(markup?.completion).toBeCloseTo(1.1, 9);
  });

  describe('a day that is over', () => {
    const fold = (store: Store, nowMs: number) => {
      const due = store.history.numberDaysDue({ nowMs, limit: 9 });
      for (const { note, text } of due) store.upkeep.note(note, text);
      return due.map(({ note }) => note);
    };
    /** Two days of a gateway that is 40 ms slower, faster by 10 once in ten; a model of its choice that saves half. */
    const twoDays = () => {
      const { store, clock } = open(monday);
      const slower = (minute: number) => (minute % 10 === 0 ? 390 : 440);
      store.looks.saveFleet([watched(haiku, { price }), watched(direct, { price }), watched(free)], monday);
      for (const day of [0, 1]) {
        const from = monday + day * dayMs;
        recordMinutes(
          store,
          from,
          1440,
          (m) => (m >= 100 && m < 120 ? 'http_5xx' : 'ok'),
          (m) => ({
            target: haiku,
            timing: { ...noTiming, headersMs: 200, firstTokenMs: slower(m) },
          }),
        );
        recordMinutes(store, from + 2000, 1440, undefined, timed(direct, 400));
        recordMinutes(
          store,
          from + 4000,
          1440,
          (m) => (m % 2 === 0 && m < 200 ? 'http_5xx' : 'ok'),
          (m) => ({
            target: free,
            timing: { ...noTiming, firstTokenMs: 900 + (m % 7) + (m >= 100 && m < 120 ? 12 : 0) },
          }),
        );
      }
      clock.nowMs = monday + 2 * dayMs + hourMs;
      return { store, clock };
    };
    const both = { fromMs: monday, toMs: monday + 2 * dayMs };
    const pruneAll = (store: Store, nowMs: number) => {
      while (store.upkeep.rollUp(nowMs).hours > 0);
      const keep = { rawMs: dayMs, minutesMs: 1, hoursMs: 99 * dayMs, daysMs: null };
      while (store.upkeep.prune(nowMs, keep));
    };

    it('is summed up once, and again when looks came late', () => {
      const { store, clock } = twoDays();
      expect(fold(store, monday + dayMs + minuteMs)).toEqual([]);
      expect(fold(store, clock.nowMs)).toEqual(['numbers.2026-06-08', 'numbers.2026-06-09']);
      expect(fold(store, clock.nowMs)).toEqual([]);
      recordMinutes(store, monday + 9000, 1, undefined, timed(direct, 400));
      expect(fold(store, clock.nowMs)).toEqual(['numbers.2026-06-08']);
    });
    it('is the same in its sums as in its looks, up to the width of a bucket', () => {
      const { store, clock } = twoDays();
      const before = store.history.numbers(both);
      fold(store, clock.nowMs);
      const after = store.history.numbers(both);
      expect(before.overhead[0]?.firstTokenMs).toMatchObject({ value: 40, n: 2840 });
      expect(after.overhead[0]?.firstTokenMs?.n).toBe(before.overhead[0]?.firstTokenMs?.n);
      expect(Math.abs((after.overhead[0]?.firstTokenMs?.value ?? 0) / 40 - 1)).toBeLessThanOrEqual(0.025);
      expect(after.failover[0]?.saved).toEqual(before.failover[0]?.saved);
      // A dozen milliseconds beside nine hundred: what is kept are the differences, not the sizes.
      const [paid, kept] = [before, after].map((one) => one.failover[0]?.paidMs);
      expect(paid?.value).toBeGreaterThan(8);
      expect(kept?.n).toBe(paid?.n);
      for (const end of ['value', 'low', 'high'] as const)
        expect(Math.abs((kept?.[end] ?? 0) / (paid?.[end] ?? 1) - 1)).toBeLessThanOrEqual(0.026);
      expect(after.markup).toEqual(before.markup);
    });
    it('outlives its looks', () => {
      const { store, clock } = twoDays();
      fold(store, clock.nowMs);
      const before = store.history.numbers(both);
      clock.nowMs = monday + 40 * dayMs;
      pruneAll(store, clock.nowMs);
      expect(store.looks.between({ ...both, limit: 1 })).toEqual([]);
      expect(store.history.numbers(both)).toEqual(before);
      expect(store.history.numbers(both).fromMs).toBe(monday);
      expect(fold(store, clock.nowMs).filter((note) => note < 'numbers.2026-06-10')).toEqual([]);
    });
    it('says from when on it is known, where looks were deleted before they were summed up', () => {
      const { store, clock } = twoDays();
      clock.nowMs = monday + 40 * dayMs;
      pruneAll(store, clock.nowMs);
      const { fromMs, overhead } = store.history.numbers({ fromMs: monday, toMs: clock.nowMs });
      expect(fromMs).toBe(monday + 39 * dayMs);
      expect(overhead.every((one) => one.firstTokenMs === null)).toBe(true);
    });
    it('has the routes that were dropped since', () => {
      const { store, clock } = twoDays();
      store.looks.saveFleet([], clock.nowMs);
      const { overhead, failover } = store.history.numbers(both);
      expect(overhead[0]?.firstTokenMs?.n).toBeGreaterThan(2000);
      expect(failover[0]?.saved?.n).toBeGreaterThan(30);
    });
    it('keeps the markup of its own time', () => {
      const { store, clock } = twoDays();
      fold(store, clock.nowMs);
      const dearer = { ...price, promptUsd: 2e-6 };
      store.looks.saveFleet([watched(haiku, { price: dearer }), watched(direct, { price })], clock.nowMs);
      expect(store.history.numbers(both).markup[0]?.prompt).toBe(1);
      expect(store.history.numbers({ ...both, toMs: clock.nowMs }).markup[0]?.prompt).toBe(2);
    });
  });

  it('numbers of nothing are none', () => {
    expect(ask(open(monday).store)).toEqual({
      fromMs: monday,
      overhead: [],
      failover: [],
      lag: [],
      markup: [],
    });
  });
}
