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
  expect(filled().verify()).toEqual({ hours: 48, days: 2, looks: 2880, differences: [] });
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
