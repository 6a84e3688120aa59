import { describe, expect, it } from 'vitest';
import type { DayBar } from '#lib/store.ts';
import { pageContext } from '#lib/testing/page-context.ts';
import { BarShelf, barShelf } from './bars.ts';

const dayMs = 86_400_000;

function shelfOf(bars: (today: number) => Partial<DayBar>[]) {
  const ctx = pageContext('calm');
  const today = Math.floor(ctx.nowMs / dayMs) * dayMs;
  const whole = {
    targetKey: 'a',
    dayMs: today,
    measuredS: 86_400,
    badS: 0,
    degradedS: 0,
    limitedS: 0,
    unknownS: 0,
    worst: null,
  };
  const list = bars(today).map((bar) => ({ ...whole, ...bar }));
  return new BarShelf(
    { ...ctx, store: { ...ctx.store, history: { ...ctx.store.history, bars: () => list } } },
    'openrouter',
  );
}

describe('ninety days', () => {
  it('adds the seconds of several targets, never their percentages', () => {
    const shelf = shelfOf((d) => [
      { targetKey: 'a', dayMs: d, measuredS: 1_000, badS: 1_000 },
      { targetKey: 'b', dayMs: d, measuredS: 86_400, badS: 0 },
    ]);
    expect(shelf.of(['a', 'b']).days.at(-1)).toBe('partial_outage');
    expect(shelf.of(['a']).days.at(-1)).toBe('major_outage');
  });

  it('paints a day without a measurement as nothing, not as good', () => {
    const bars = shelfOf((d) => [{ dayMs: d - dayMs }]).of(['a']);
    expect(bars.days.at(-1)).toBe('none');
    expect(bars.days.at(-2)).toBe('operational');
    expect(bars.measured).toBe(1);
  });

  it('gives no figure where too little was measured', () => {
    expect(shelfOf((d) => [{ dayMs: d - dayMs, measuredS: 30_000 }]).of(['a']).share).toBeNull();
    expect(shelfOf(() => []).of(['a']).share).toBeNull();
  });

  it('says a hundred only when nothing bad was seen', () => {
    expect(shelfOf((d) => [{ dayMs: d - dayMs }]).of(['a']).share).toBe('100');
    expect(shelfOf((d) => [{ dayMs: d - dayMs, badS: 1 }]).of(['a']).share).toBe('99.99');
  });

  it('are read once for half a minute, and again after a decision', () => {
    const ctx = pageContext('calm');
    let reads = 0;
    const history = {
      ...ctx.store.history,
      bars: () => {
        reads += 1;
        return [];
      },
    };
    const at = (afterMs: number, seq: number) =>
      barShelf(
        {
          ...ctx,
          store: { ...ctx.store, history },
          nowMs: Math.ceil(ctx.nowMs / 30_000) * 30_000 + afterMs,
          facts: { ...ctx.facts, seq },
        },
        'openrouter',
      );
    at(0, 1);
    at(29_999, 1);
    expect(reads).toBe(1);
    at(29_999, 2);
    at(30_000, 2);
    expect(reads).toBe(3);
  });
});
