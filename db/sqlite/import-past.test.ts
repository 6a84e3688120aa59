import { expect, test } from 'vitest';
import { targetKey } from '../../lib/core/target.ts';
import type { PastHour, PastSeries, Store } from '../../lib/store.ts';
import { openMemoryStore } from '../open.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const nowMs = 20_000 * dayMs;
const target = { gateway: 'openrouter', provider: 'groq', model: 'm/a' };

function hour(atMs: number, more: Partial<PastHour> = {}): PastHour {
  return {
    hourMs: atMs,
    classes: { ok: 59, http_5xx: 1 },
    firstTokenMs: [200, 210, 220],
    totalMs: [400, 410, 420],
    worstGapMs: [30],
    tokensPerSecond: [80],
    costUsd: 0.001,
    ...more,
  };
}

function series(hours: PastHour[]): PastSeries {
  return { probe: 'completion', target, vantage: 'local', slotMs: 60_000, hours };
}

function withStore(work: (store: Store) => void): void {
  const store = openMemoryStore({ nowMs: () => nowMs });
  try {
    work(store);
  } finally {
    store.close();
  }
}

const yesterday = nowMs - dayMs;
const whole = Array.from({ length: 24 }, (_, i) => hour(yesterday + i * hourMs));

test('an imported day is there in bars, availability and percentiles', () => {
  withStore((store) => {
    expect(store.upkeep.importPast({ series: [series(whole)], verdicts: [], watched: [] })).toBe(24);
    const range = { fromMs: yesterday, toMs: nowMs };
    const [bar] = store.history.bars({ ...range, convention: 'openrouter' });
    expect(bar).toMatchObject({ dayMs: yesterday, measuredS: 86_400, badS: 24 * 60 });
    const targetKeys = [targetKey('completion', target)];
    const { share } = store.history.availability({ targetKeys, ...range, convention: 'openrouter' });
    expect(share).toBeCloseTo(59 / 60, 6);
    const points = store.history.series({
      targetKey: targetKeys[0] ?? '',
      ...range,
      metric: 'first_token',
      points: 24,
    });
    expect(points[0]?.p50).toBeGreaterThan(190);
    expect(points[0]?.p50).toBeLessThan(230);
  });
});

test('importing the same hours again changes nothing', () => {
  withStore((store) => {
    const past = { series: [series(whole)], verdicts: [], watched: [] };
    store.upkeep.importPast(past);
    const read = () => store.history.bars({ fromMs: yesterday, toMs: nowMs, convention: 'strict' });
    const before = read();
    store.upkeep.importPast(past);
    expect(read()).toEqual(before);
  });
});

test('hours without a look stay unknown', () => {
  withStore((store) => {
    store.upkeep.importPast({
      series: [series([...whole.slice(0, 6), ...whole.slice(18)])],
      verdicts: [],
      watched: [],
    });
    const [bar] = store.history.bars({ fromMs: yesterday, toMs: nowMs, convention: 'openrouter' });
    expect(bar?.measuredS).toBe(43_200);
    expect(bar?.unknownS).toBeGreaterThan(0);
  });
});
