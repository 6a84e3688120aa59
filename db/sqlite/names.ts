import { createHash } from 'node:crypto';
import type { Observation } from '../../lib/core/observation.ts';
import { type TargetRef, targetKey } from '../../lib/core/target.ts';
import type { Connection } from './connection.ts';

/** Dictionaries: target, series, outcome and shape, each known by a small number. Remembered, and forgotten on rollback. */

/** What a slot stands for when nobody said: the default interval. */
export const defaultSlotMs = 60_000;
const shapesKept = 20_000;

export interface Series {
  id: number;
  targetId: number;
}

export interface Names {
  target(key: string, probe: string, target: TargetRef, atMs: number): number;
  series(o: Observation): Series;
  outcome(name: string): number;
  shape(want: ShapeWanted): number;
  /** Interval of a target's slots, as watched now. */
  slotMs(key: string): number;
  forget(): void;
}

export interface ShapeWanted {
  outcomeId: number;
  why: string;
  slotMs: number;
  countsS: number;
  isMeasure: boolean;
  facts: string;
  /** Day of the look, counted as in the key. */
  day: number;
}

function digestOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}

export function namesOn(db: Connection): Names {
  const targets = new Map<string, number>();
  const seriesByKey = new Map<string, Series>();
  const outcomes = new Map<string, number>();
  const shapes = new Map<string, { id: number; day: number }>();
  let intervals: Map<string, number> | null = null;

  const forget = () => {
    targets.clear();
    seriesByKey.clear();
    outcomes.clear();
    shapes.clear();
    intervals = null;
  };
  db.onRollback(forget);

  const names: Names = {
    forget,
    target(key, probe, target, atMs) {
      let id = targets.get(key);
      if (id === undefined) targets.set(key, (id = makeTarget(db, key, probe, target, atMs)));
      return id;
    },
    series(o) {
      const key = targetKey(o.probe, o.target);
      const whole = `${key}\n${o.vantage}`;
      let found = seriesByKey.get(whole);
      if (!found) {
        const targetId = names.target(key, o.probe, o.target, o.atMs);
        seriesByKey.set(whole, (found = { id: makeSeries(db, targetId, o.vantage), targetId }));
      }
      return found;
    },
    outcome(name) {
      let id = outcomes.get(name);
      if (id === undefined) outcomes.set(name, (id = makeOutcome(db, name)));
      return id;
    },
    shape(want) {
      const whole = `${want.outcomeId} ${want.why} ${want.slotMs} ${want.countsS} ${want.isMeasure} ${want.facts}`;
      let found = shapes.get(whole);
      if (!found) {
        if (shapes.size >= shapesKept) shapes.clear();
        shapes.set(whole, (found = { id: makeShape(db, want, digestOf(whole)), day: want.day }));
      }
      if (found.day < want.day) {
        db.change('update shapes set last_used_day = ? where id = ?').run(want.day, found.id);
        found.day = want.day;
      }
      return found.id;
    },
    slotMs(key) {
      intervals ??= readIntervals(db);
      return intervals.get(key) ?? 0;
    },
  };
  return names;
}

function readIntervals(db: Connection): Map<string, number> {
  const rows = db
    .read("select key, json_extract(watched, '$.everyMs') as every from targets where watched is not null")
    .all() as { key: string; every: number }[];
  return new Map(rows.map((row) => [row.key, row.every]));
}

function makeTarget(db: Connection, key: string, probe: string, target: TargetRef, atMs: number): number {
  const row = db.change('select id from targets where key = ?').get(key) as { id: number } | undefined;
  if (row) return row.id;
  return Number(
    db
      .change(
        'insert into targets (key, probe, gateway, provider, model, api, region, first_seen_ms) values (?,?,?,?,?,?,?,?)',
      )
      .run(
        key,
        probe,
        target.gateway,
        target.provider,
        target.model,
        target.api ?? null,
        target.region ?? null,
        atMs,
      ).lastInsertRowid,
  );
}

function makeSeries(db: Connection, targetId: number, vantage: string): number {
  const row = db.change('select id from series where target_id = ? and vantage = ?').get(targetId, vantage) as
    | { id: number }
    | undefined;
  if (row) return row.id;
  return Number(
    db.change('insert into series (target_id, vantage) values (?,?)').run(targetId, vantage).lastInsertRowid,
  );
}

function makeOutcome(db: Connection, name: string): number {
  const row = db.change('select id from outcomes where class = ?').get(name) as { id: number } | undefined;
  if (row) return row.id;
  return Number(db.change('insert into outcomes (class) values (?)').run(name).lastInsertRowid);
}

function makeShape(db: Connection, want: ShapeWanted, digest: number): number {
  const values = [want.outcomeId, want.why, want.slotMs, want.countsS, Number(want.isMeasure), want.facts];
  const row = db
    .change(
      'select id from shapes where digest = ? and outcome_id = ? and why = ? and slot_ms = ? and counts_s = ? and is_measure = ? and facts = ?',
    )
    .get(digest, ...values) as { id: number } | undefined;
  if (row) {
    db.change('update shapes set last_used_day = max(last_used_day, ?) where id = ?').run(want.day, row.id);
    return row.id;
  }
  return Number(
    db
      .change(
        'insert into shapes (digest, outcome_id, why, slot_ms, counts_s, is_measure, facts, last_used_day) values (?,?,?,?,?,?,?,?)',
      )
      .run(digest, ...values, want.day).lastInsertRowid,
  );
}
