import { afterEach, expect, it } from 'vitest';
import { sayInstant } from '#lib/core/message-time.ts';
import { haikuKey, recordMinutes, watched } from './contract/samples.contract.ts';
import { openMemoryStore } from './open.ts';

const own = process.env.TZ;
afterEach(() => {
  if (own === undefined) delete process.env.TZ;
  else process.env.TZ = own;
});

const dayMs = 86_400_000;
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'];

/** Ninety days to a moment, an hour looked at on each, one of them bad. */
function figures(zone: string, toMs: number) {
  process.env.TZ = zone;
  const fromMs = toMs - 90 * dayMs;
  const store = openMemoryStore({ nowMs: () => toMs });
  store.looks.saveFleet([watched()], fromMs);
  for (let day = 0; day < 90; day++)
    recordMinutes(store, fromMs + day * dayMs + 23.5 * 3_600_000, 60, () => (day === 31 ? 'http_5xx' : 'ok'));
  const query = { fromMs, toMs, convention: 'openrouter' as const };
  const bars = store.history.bars(query).filter((bar) => bar.targetKey === haikuKey);
  const total = store.history.availability({ targetKeys: [haikuKey], ...query });
  const months = store.history.months({ targetKeys: [haikuKey], ...query });
  store.close();
  return { bars, total, months };
}

// Seen red with days cut by the machine's own zone.
it.each([
  ['a spring with its change of the hour and a 29 February', Date.UTC(2028, 3, 10)],
  ['an autumn with its change of the hour', Date.UTC(2026, 10, 20)],
  ['a new year', Date.UTC(2027, 0, 15)],
])('C4: ninety days over %s are the same in every zone, and each day counts once', (_what, toMs) => {
  const [first, ...others] = zones.map((zone) => figures(zone, toMs));
  for (const other of others) expect(other).toEqual(first);
  const days = first?.bars.map((bar) => bar.dayMs) ?? [];
  expect(new Set(days).size).toBe(days.length);
  expect(days.every((ms) => ms % dayMs === 0)).toBe(true);
  expect(first?.bars.reduce((sum, bar) => sum + bar.measuredS, 0)).toBe(first?.total.measuredS);
  expect(first?.total.badS).toBe(3_600);
  expect(first?.total.share).toBeCloseTo(89 / 90, 2);
});

it('C4: an hour that exists twice is told by its zone and never by itself', () => {
  const first = Date.UTC(2026, 9, 25, 0, 30);
  const second = first + 3_600_000;
  expect(sayInstant(first, 'UTC', first)).not.toBe(sayInstant(second, 'UTC', first));
  expect(sayInstant(first, 'Asia/Kathmandu', first)).toBe('06:15 Asia/Kathmandu');
  expect(sayInstant(Date.UTC(2028, 1, 29, 12), 'Australia/Lord_Howe', first)).toContain('2028-02-29 23:00');
});
