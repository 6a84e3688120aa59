import { expect, it, vi } from 'vitest';
import { dayMs, monday, recordMinutes } from '../contract/samples.contract.ts';
import { openMemoryStore } from '../open.ts';

it('comes to an end where every single step is slow', () => {
  const store = openMemoryStore({ nowMs: () => monday });
  recordMinutes(store, monday, 30);
  while (store.upkeep.rollUp(monday + dayMs).hours > 0);
  // A clock in which everything takes ten milliseconds: as on a machine that is busy with something else.
  let ms = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (ms += 10));
  let calls = 1;
  const keep = { rawMs: dayMs, minutesMs: dayMs, hoursMs: dayMs, daysMs: null };
  while (store.upkeep.prune(monday + 30 * dayMs, keep) && calls < 200) calls++;
  vi.restoreAllMocks();
  expect(calls).toBeLessThan(60);
  expect(store.looks.between({ fromMs: 0, toMs: monday + dayMs, limit: 99 })).toEqual([]);
  store.close();
});
