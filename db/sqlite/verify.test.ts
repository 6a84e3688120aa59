import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { dataFolders } from '../contract/folder.contract.ts';
import {
  dayMs,
  haikuKey,
  hourMs,
  look,
  monday,
  recordAll,
  recordMinutes,
} from '../contract/samples.contract.ts';
import { verifyRollUps } from '../open.ts';

const folder = dataFolders();

function filled() {
  const at = folder();
  at.migrate();
  const store = at.open();
  recordMinutes(store, monday, 2 * 24 * 60, (minute) => (minute % 9 === 0 ? 'http_5xx' : 'ok'));
  at.clock.nowMs = monday + 2 * dayMs;
  while (store.upkeep.rollUp(at.clock.nowMs + hourMs).hours > 0);
  const verify = (isRepaired = false) =>
    verifyRollUps({ dataDir: at.path, isRepaired, nowMs: () => at.clock.nowMs });
  const spoil = (sql: string) => {
    const Database = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
    const client = new Database(at.file);
    client.exec(sql);
    client.close();
  };
  return { ...at, store, verify, spoil };
}

it('agrees with what was rolled up', () => {
  expect(filled().verify()).toEqual({
    hours: 48,
    days: 2,
    looks: 2880,
    countedElsewhere: 0,
    differences: [],
  });
});

it('agrees while hours still wait for their roll-up', () => {
  const { store, verify } = filled();
  recordAll(store, [look(monday + 5)]);
  expect(verify()).toMatchObject({ looks: 2881, differences: [] });
});

it('names every hour and day that differs, and mends them when asked', () => {
  const { spoil, verify } = filled();
  spoil(`update tally_hours set looks = looks + 1 where at = ${monday / hourMs + 3} and outcome_id = 1`);
  spoil(`update sketch_hours set total = x'0101' where id & 4294967295 = ${monday / hourMs + 5}`);
  spoil(`delete from tally_days where at = ${monday / dayMs + 1}`);
  const where = { target: haikuKey, vantage: 'local' };
  const { differences } = verify();
  expect(differences).toEqual([
    { ...where, what: 'counts', level: 'hour', atMs: monday + 3 * hourMs },
    { ...where, what: 'histograms', level: 'hour', atMs: monday + 5 * hourMs },
    { ...where, what: 'histograms', level: 'day', atMs: monday },
    { ...where, what: 'counts', level: 'day', atMs: monday + dayMs },
  ]);
  expect(verify(true).differences.length).toBeGreaterThan(0);
  expect(verify().differences).toEqual([]);
});

it('makes everything anew from the raw looks, to the last bar and percentile', () => {
  const { spoil, verify, store, open } = filled();
  const figures = (from: typeof store) => [
    from.history.bars({ fromMs: monday, toMs: monday + 2 * dayMs, convention: 'strict' }),
    from.history.series({
      targetKey: haikuKey,
      fromMs: monday,
      toMs: monday + 2 * dayMs,
      metric: 'total',
      points: 48,
    }),
    from.history.series({
      targetKey: haikuKey,
      fromMs: monday,
      toMs: monday + 2 * dayMs,
      metric: 'first_token',
      points: 2,
    }),
    from.history.limitedByHour({ targetKey: haikuKey, fromMs: monday, toMs: monday + 2 * dayMs }),
  ];
  const before = figures(store);
  store.close();
  spoil('delete from tally_hours; delete from tally_days; delete from sketch_hours; delete from sketch_days');
  expect(figures(open())).not.toEqual(before);
  expect(verify(true).differences).toHaveLength(2 * (48 + 2));
  expect(verify().differences).toEqual([]);
  expect(figures(open())).toEqual(before);
});

it('checks the minutes of what is looked at more often than each minute', () => {
  const { store, spoil, verify, clock } = filled();
  recordAll(
    store,
    Array.from({ length: 360 }, (_, i) => look(monday + 2 * dayMs + i * 10_000)),
  );
  clock.nowMs = monday + 2 * dayMs + 2 * hourMs;
  while (store.upkeep.rollUp(clock.nowMs).hours > 0);
  expect(verify().differences).toEqual([]);
  const minute = (monday + 2 * dayMs) / 60_000 + 7;
  spoil(`update sketch_minutes set total = x'0101' where id & 4294967295 = ${minute}`);
  expect(verify().differences).toMatchObject([
    { what: 'histograms', level: 'minute', atMs: minute * 60_000 },
  ]);
  verify(true);
  expect(verify().differences).toEqual([]);
});

it('says of hours that were counted elsewhere that it cannot check them', () => {
  const { spoil, verify } = filled();
  spoil(`delete from timed_looks where id & 134217727 < ${hourMs} and id >> 45 = ${monday / dayMs - 19_723}`);
  expect(verify()).toMatchObject({ hours: 47, countedElsewhere: 1, differences: [] });
});
