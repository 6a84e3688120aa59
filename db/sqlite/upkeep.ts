import { statSync } from 'node:fs';
import type { Upkeep } from '../../lib/store.ts';
import { backup } from './backup.ts';
import type { Connection } from './connection.ts';
import { importPast } from './import-past.ts';
import { newPace, prune } from './prune.ts';
import { rollUp } from './roll-up.ts';

/** A gap between beats longer than this is a time in which nothing was watched. */
const beatGapMs = 60_000;

export function upkeepPort(db: Connection): Upkeep {
  const pace = newPace();
  return {
    beat(beat) {
      db.mustBeInPlace();
      db.space.tend();
      shortenLog(db);
      const facts = db.space.isShort() ? { ...beat.facts, isDiskFull: true } : beat.facts;
      db.write(() => writeBeat(db, { ...beat, facts }));
    },
    lastBeat() {
      const row = db
        .read(
          // A beat of a clock that ran ahead and was set back is none: else nobody would notice a death until then.
          'select started_at_ms as startedAtMs, until_ms as atMs, vantage, facts from sessions order by until_ms > ?, until_ms desc limit 1',
        )
        .get(db.nowMs() + beatGapMs) as
        | { startedAtMs: number; atMs: number; vantage: string; facts: string }
        | undefined;
      return row ? { ...row, facts: JSON.parse(row.facts) as Record<string, unknown> } : null;
    },
    dataVersion: () => db.client.pragma('data_version', { simple: true }) as number,
    lease: (by, nowMs, ttlMs) => db.write(() => takeLease(db, by, nowMs, ttlMs)),
    rollUp: (nowMs) => rollUp(db, nowMs),
    importPast: (past) => importPast(db, past),
    prune: (nowMs, keep) => prune(db, nowMs, keep, pace),
    note: (key, value) =>
      db.write(() => {
        if (value === null) db.change('delete from notes where key = ?').run(key);
        else
          db.change(
            'insert into notes (key, value) values (?,?) on conflict (key) do update set value = excluded.value',
          ).run(key, value);
      }),
    noted(key) {
      const row = db.read('select value from notes where key = ?').get(key) as { value: string } | undefined;
      return row?.value ?? null;
    },
    backup: (toPath, key) => backup(db, toPath, key ?? null),
  };
}

/** A reader that held on let the log grow: once it lets go, the log begins anew. */
const longLogBytes = 64 << 20;

function shortenLog(db: Connection): void {
  const log = statSync(`${db.path}-wal`, { throwIfNoEntry: false });
  if (log && log.size > longLogBytes) db.writeClient().pragma('wal_checkpoint(TRUNCATE)');
}

/** One row per stretch without a gap; the row grows with each beat. */
function writeBeat(db: Connection, beat: Parameters<Upkeep['beat']>[0]): void {
  const facts = JSON.stringify(beat.facts);
  const grown = db
    .change(
      `update sessions set until_ms = max(until_ms, ?), facts = ?, vantage = ?
       where id = (select max(id) from sessions) and started_at_ms = ? and until_ms between ? and ?`,
    )
    .run(beat.atMs, facts, beat.vantage, beat.startedAtMs, beat.atMs - beatGapMs, beat.atMs + beatGapMs);
  if (grown.changes > 0) return;
  db.change('insert into sessions (started_at_ms, from_ms, until_ms, vantage, facts) values (?,?,?,?,?)').run(
    beat.startedAtMs,
    beat.atMs,
    beat.atMs,
    beat.vantage,
    facts,
  );
}

/** A new holder gets a new term; the old one finds out at its next renewal. */
function takeLease(db: Connection, by: string, nowMs: number, ttlMs: number): boolean {
  return (
    db
      .change(
        `insert into leases (name, by, until_ms, term) values ('worker', :by, :until, 1)
         on conflict (name) do update set by = :by, until_ms = :until, term = term + (by <> :by)
           where by = :by or until_ms <= :now or :until - until_ms < -:absurd`,
      )
      .run({ by, until: nowMs + ttlMs, now: nowMs, absurd: ttlMs * 10 }).changes > 0
  );
}
