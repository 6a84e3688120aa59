import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstSlot, gridOf, slotAt, slotStartMs, slotsSince, spreadMs, suspicionMs } from './schedule.ts';

const grid = fc
  .record({ key: fc.string(), vantage: fc.string(), everyMs: fc.integer({ min: 100, max: 86_400_000 }) })
  .map(({ key, vantage, everyMs }) => gridOf(key, vantage, everyMs));
const instant = fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 });

describe('slots', () => {
  it('hold every instant in exactly one slot', () => {
    fc.assert(
      fc.property(grid, instant, (g, nowMs) => {
        const slot = slotAt(g, nowMs);
        expect(slotStartMs(g, slot)).toBeLessThanOrEqual(nowMs);
        expect(slotStartMs(g, slot + 1)).toBeGreaterThan(nowMs);
      }),
    );
  });

  it('are numbered alike in every process', () => {
    const a = gridOf('completion|openrouter:any:x', 'local', 60_000);
    expect(a).toEqual(gridOf('completion|openrouter:any:x', 'local', 60_000));
    expect(a.phaseMs).not.toBe(gridOf('completion|openrouter:any:x', 'paris', 60_000).phaseMs);
  });

  it('spread a fleet evenly over the interval', () => {
    const tenths = new Array(10).fill(0);
    for (let i = 0; i < 1_000; i++)
      tenths[Math.floor(gridOf(`http|none:t${i}:none`, 'local', 1_000).phaseMs / 100)]++;
    expect(Math.min(...tenths)).toBeGreaterThan(60);
    expect(Math.max(...tenths)).toBeLessThan(150);
  });

  it('begin again within the interval after any restart', () => {
    fc.assert(
      fc.property(grid, instant, fc.option(fc.integer({ min: 0, max: 10_000_000 })), (g, nowMs, agoMs) => {
        const slot = firstSlot(g, nowMs, agoMs === null ? null : nowMs - agoMs);
        expect(slotStartMs(g, slot)).toBeLessThanOrEqual(nowMs + g.everyMs);
        expect(slot).toBeGreaterThanOrEqual(slotAt(g, nowMs));
      }),
    );
  });

  it('are not run twice by a restart', () => {
    fc.assert(
      fc.property(grid, instant, (g, nowMs) => {
        const present = slotAt(g, nowMs);
        expect(firstSlot(g, nowMs, slotStartMs(g, present))).toBe(present + 1);
      }),
    );
  });

  it('name what was not run, oldest first and not without end', () => {
    const g = { everyMs: 1_000, phaseMs: 300 };
    expect(slotsSince(g, 10, 13_300, 100)).toEqual([11, 12, 13]);
    expect(slotsSince(g, 10, 13_299, 100)).toEqual([11, 12]);
    expect(slotsSince(g, 10, 10_400, 100)).toEqual([]);
    expect(slotsSince(g, 0, 1_000_300, 3)).toEqual([998, 999, 1_000]);
  });

  it('start within the time given', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 60_000 }), (key, withinMs) => {
        expect(spreadMs(key, withinMs)).toBeLessThan(Math.max(1, withinMs));
      }),
    );
  });
});

describe('suspicion', () => {
  it('waits ten seconds for a route it does not know', () => {
    expect(suspicionMs([])).toBe(10_000);
    expect(suspicionMs(new Array(7).fill(1_000))).toBe(5_000);
  });

  it('waits three times the p99 of the route, never less than three seconds nor more than ten', () => {
    expect(suspicionMs(new Array(50).fill(100))).toBe(3_000);
    expect(suspicionMs(new Array(50).fill(2_000))).toBe(6_000);
    expect(suspicionMs(new Array(50).fill(4_000))).toBe(10_000);
    expect(suspicionMs(new Array(50).fill(14_000))).toBe(21_000);
  });
});
