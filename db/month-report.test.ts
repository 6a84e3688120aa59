import { describe, expect, it } from 'vitest';
import { dataFolders } from './contract/folder.contract.ts';
import {
  component,
  dayMs,
  haiku,
  hourMs,
  look,
  planOf,
  recordAll,
  recordMinutes,
  watched,
} from './contract/samples.contract.ts';
import { makeMonth, monthsDue, writeMonth } from './month-report.ts';
import { openMemoryStore, periodOfMonth, readMonth, writeDueMonths } from './open.ts';

const folder = dataFolders();
const june = Date.UTC(2026, 5, 1);
const july = Date.UTC(2026, 6, 1);
const direct = { gateway: 'direct', provider: 'anthropic', model: 'claude-haiku-4-5' };

function inJune(nowMs: number) {
  const clock = { nowMs };
  const store = openMemoryStore({ nowMs: () => clock.nowMs });
  store.looks.saveFleet([watched(), watched(direct)], june);
  store.looks.advance(june, () => planOf({ components: [component()] }));
  recordMinutes(store, july - dayMs, 600, (minute) => (minute < 6 ? 'http_5xx' : 'ok'));
  recordMinutes(store, july - dayMs + 2000, 600, undefined, () => ({ target: direct }));
  return { store, clock };
}

describe('a month', () => {
  it('is named like 2026-11, and like nothing else', () => {
    expect(periodOfMonth('2026-06')).toEqual({ fromMs: june, toMs: july });
    expect(periodOfMonth('2027-12')?.toMs).toBe(Date.UTC(2028, 0, 1));
    for (const odd of ['2026-13', '2026-0', '2026-6', '../2026', '2026-06-01', ''])
      expect(periodOfMonth(odd)).toBeNull();
  });
  it('that is over is due until it is written a last time', () => {
    const { store } = inJune(july);
    expect(monthsDue(store, july - hourMs)).toEqual(['2026-05', '2026-06']);
    expect(monthsDue(store, july + 60_000)).toEqual(['2026-07']);
    expect(monthsDue(store, july + hourMs)).toEqual(['2026-06', '2026-07']);
    const made = makeMonth(store, '2026-06', july + hourMs, {});
    expect(made && writeMonth(store, made)).toBe(true);
    expect(monthsDue(store, july + 2 * hourMs)).toEqual(['2026-07']);
  });
  it('of which nothing was seen is none', () => {
    const { store } = inJune(july);
    expect(makeMonth(store, '2026-05', july, {})).toBeNull();
    expect(makeMonth(store, 'nonsense', july, {})).toBeNull();
  });
  it('holds every way of counting, the numbers and the fee', () => {
    const made = makeMonth(inJune(july + hourMs).store, '2026-06', july + hourMs, {});
    expect(made).toMatchObject({
      month: '2026-06',
      isFinal: true,
      creditFees: { openrouter: { leastUsd: 0.8 } },
    });
    expect(Object.keys(made?.byConvention ?? {}).sort()).toEqual(['lenient', 'openrouter', 'strict']);
    expect(made?.byConvention.strict.rows[0]).toMatchObject({ kind: 'gateway', badS: 360 });
    expect(made?.numbers.overhead[0]).toMatchObject({ headersMs: { n: 594 } });
  });
  it('that was final is not written over, whatever is left of its checks', () => {
    const { store } = inJune(july + hourMs);
    const made = makeMonth(store, '2026-06', july + hourMs, {});
    if (!made) throw new Error('none');
    writeMonth(store, { ...made, isFinal: false, writtenAtMs: 1 });
    expect(writeMonth(store, made)).toBe(true);
    expect(writeMonth(store, { ...made, writtenAtMs: 9 })).toBe(false);
    expect(readMonth(store, '2026-06')?.writtenAtMs).toBe(july + hourMs);
  });
});

it('reports are made in a thread from the file, and written here', async () => {
  const at = folder();
  at.migrate();
  at.clock.nowMs = july + hourMs;
  const store = at.open();
  store.looks.saveFleet([watched()], june);
  store.looks.advance(june, () => planOf({ components: [component()] }));
  recordAll(store, [look(july - hourMs, { target: haiku })]);
  const io = { store, dataDir: at.path, nowMs: july + hourMs, published: {} };
  expect(await writeDueMonths(io)).toEqual(['2026-06']);
  expect(store.upkeep.noted('numbers.2026-06-30')).toContain('overhead');
  expect(readMonth(store, '2026-06')).toMatchObject({ isFinal: true, writtenAtMs: july + hourMs });
  expect(await writeDueMonths(io)).toEqual([]);
});
