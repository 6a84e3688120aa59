import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { csvLine } from '../lib/core/csv.ts';
import { isIncident } from '../lib/core/incident-shape.ts';
import type { Observation } from '../lib/core/observation.ts';
import { parseObservation, toWire } from '../lib/core/observation-wire.ts';
import { outcomeClasses } from '../lib/core/outcome-words.ts';
import { emptyPlan, type Incident, type Seen } from '../lib/core/plan.ts';
import type { Store, StoredLook } from '../lib/store.ts';
import { StoreProblem } from './sqlite/problem.ts';

/** Everything that was seen and said, out as lines of JSON and in again; the second export is the first, byte for byte. */

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** More looks than any hour has: a page of the export is an hour. */
const pageLimit = 1_000_000;

export interface Period {
  fromMs: number;
  toMs: number;
  targetKey?: string;
}

/** An observation on the wire, with what was made of it; a reader that knows only observations ignores the rest. */
function lookLine(look: StoredLook): string {
  const { outcome, slotMs, countsS } = look;
  return JSON.stringify({ ...toWire(look.observation), outcome, slotMs: slotMs ?? 0, countsS: countsS ?? 0 });
}

/** A stretch of one target that cannot be read, because a page of the file is damaged. */
export interface Unreadable {
  targetKey: string;
  fromMs: number;
  toMs: number;
}
type Tell = (gap: Unreadable) => void;

/** With `tell`, what is damaged is told and left out, and everything else is there; without, damage is thrown. */
export function* exportLooks(store: Store, period: Period, tell?: Tell): Generator<string> {
  for (const look of looksOf(store, period, tell)) yield lookLine(look);
}

function* looksOf(store: Store, period: Period, tell?: Tell): Generator<StoredLook> {
  for (let fromMs = period.fromMs; fromMs < period.toMs; ) {
    const toMs = Math.min(period.toMs, (Math.floor(fromMs / hourMs) + 1) * hourMs);
    yield* looksBeside(store, { ...period, fromMs, toMs }, tell);
    fromMs = toMs;
  }
}

/** Shorter stretches are not tried apart. */
const leastGapMs = 1_000;

function looksBeside(store: Store, period: Period, tell: Tell | undefined): StoredLook[] {
  try {
    return store.looks.between({ ...period, limit: pageLimit });
  } catch (error) {
    if (!tell || !(error instanceof StoreProblem) || error.code !== 'integrity') throw error;
  }
  const { targetKey, fromMs, toMs } = period;
  if (targetKey === undefined)
    return store.history
      .targetsIn(period)
      .flatMap(({ key }) => looksBeside(store, { fromMs, toMs, targetKey: key }, tell))
      .sort((a, b) => a.observation.atMs - b.observation.atMs);
  if (toMs - fromMs <= leastGapMs) {
    tell({ targetKey, fromMs, toMs });
    return [];
  }
  const middle = Math.ceil((fromMs + toMs) / 2);
  return [
    ...looksBeside(store, { targetKey, fromMs, toMs: middle }, tell),
    ...looksBeside(store, { targetKey, fromMs: middle, toMs }, tell),
  ];
}

const incidentsPerPage = 200;

/** Oldest first. */
export function* exportIncidents(store: Store, period: { fromMs: number; toMs: number }): Generator<string> {
  const found: Incident[] = [];
  for (let beforeMs = period.toMs; ; ) {
    const page = store.incidents.list({ beforeMs, limit: incidentsPerPage });
    found.push(...page.filter((one) => one.startedAtMs >= period.fromMs));
    const last = page.at(-1);
    if (!last || page.length < incidentsPerPage || last.startedAtMs < period.fromMs) break;
    beforeMs = last.startedAtMs;
  }
  for (const incident of found.reverse()) yield JSON.stringify({ v: 1, kind: 'incident', incident });
}

const lookColumns = [
  'at',
  'vantage',
  'probe',
  'gateway',
  'provider',
  'model',
  'why',
  'outcome',
  'status',
  'fault',
  'error',
  'served_by',
  'headers_ms',
  'first_token_ms',
  'worst_gap_ms',
  'total_ms',
  'tokens',
  'cost_usd',
] as const;

/** For people: one line a look, safe to open in a spreadsheet. */
export function* exportCsv(store: Store, period: Period, tell?: Tell): Generator<string> {
  yield csvLine(lookColumns);
  for (const { observation: o, outcome } of looksOf(store, period, tell))
    yield csvLine([
      new Date(o.atMs).toISOString(),
      o.vantage,
      o.probe,
      o.target.gateway,
      o.target.provider,
      o.target.model,
      o.why,
      outcome,
      o.status,
      o.fault,
      o.error?.message ?? null,
      o.served?.provider ?? null,
      o.timing.headersMs,
      o.timing.firstTokenMs,
      o.timing.worstGapMs,
      o.timing.totalMs,
      o.output?.tokens ?? null,
      o.costUsd,
    ]);
}

/** One file a UTC day, `2026-11-20.ndjson` or `.csv`; each is whole or not there. Returns their paths. */
export function exportDays(
  store: Store,
  folder: string,
  period: Period & { format: 'ndjson' | 'csv' },
  tell?: Tell,
): string[] {
  mkdirSync(folder, { recursive: true });
  const paths: string[] = [];
  for (let fromMs = period.fromMs; fromMs < period.toMs; ) {
    const toMs = Math.min(period.toMs, (Math.floor(fromMs / dayMs) + 1) * dayMs);
    const day = { ...period, fromMs, toMs };
    const path = join(folder, `${new Date(fromMs).toISOString().slice(0, 10)}.${period.format}`);
    writeWhole(path, period.format === 'csv' ? exportCsv(store, day, tell) : wholeDay(store, day, tell));
    paths.push(path);
    fromMs = toMs;
  }
  return paths;
}

function* wholeDay(store: Store, period: Period, tell: Tell | undefined): Generator<string> {
  yield* exportLooks(store, period, tell);
  if (period.targetKey === undefined) yield* exportIncidents(store, period);
}

function writeWhole(path: string, lines: Iterable<string>): void {
  const part = `${path}.part`;
  try {
    const file = openSync(part, 'w', 0o600);
    try {
      for (const line of lines) writeSync(file, `${line}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}

export interface Imported {
  looks: number;
  /** Looks that were there already. */
  repeated: number;
  incidents: number;
  refused: { line: number; problem: string }[];
}

const perBatch = 500;
const refusalsKept = 100;

/** Takes lines of `exportLooks`, of `replay`, or of anybody who writes observations; `judge` names the outcome where none is given. */
export async function importLines(
  store: Store,
  lines: AsyncIterable<string> | Iterable<string>,
  judge: (observation: Observation) => string,
): Promise<Imported> {
  const done: Imported = { looks: 0, repeated: 0, incidents: 0, refused: [] };
  let batch: Pending[] = [];
  let number = 0;
  const flush = () => {
    const kept = recordBatch(store, batch, judge);
    done.looks += kept;
    done.repeated += batch.length - kept;
    batch = [];
  };
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const read = readLine(line);
    if ('problem' in read) {
      if (done.refused.length < refusalsKept) done.refused.push({ line: number, problem: read.problem });
    } else if ('incident' in read) {
      if (store.incidents.get(read.incident.id) === null) {
        store.incidents.add(read.incident, []);
        done.incidents++;
      }
    } else batch.push(read);
    if (batch.length >= perBatch) flush();
  }
  flush();
  return done;
}

interface Pending {
  observation: Observation;
  outcome: string | null;
  slotMs: number | null;
  countsS: number | null;
}

function recordBatch(store: Store, batch: readonly Pending[], judge: (o: Observation) => string): number {
  const known = new Map<Observation, Pending>(batch.map((one) => [one.observation, one]));
  const seen: Seen[] = batch.map(({ observation }) => ({ observation, found: [] }));
  return store.looks.record(seen, (o) => {
    const one = known.get(o);
    const slot =
      one?.slotMs == null || one.countsS === null ? {} : { slot: { ms: one.slotMs, countsS: one.countsS } };
    return { outcome: one?.outcome ?? judge(o), plan: emptyPlan, ...slot };
  }).length;
}

const classes = new Set<string>(outcomeClasses);
/** No slot is longer than a month. */
const longestSlotMs = 31 * dayMs;
const numberUpTo = (most: number, value: unknown) =>
  typeof value === 'number' && value >= 0 && value <= most ? value : null;
const slotOf = (value: unknown) => {
  const ms = numberUpTo(longestSlotMs, value);
  return ms === null ? null : Math.round(ms);
};

function readLine(line: string): Pending | { incident: Incident } | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { problem: 'is no JSON' };
  }
  const fields = (json ?? {}) as Record<string, unknown>;
  if (fields.kind === 'incident')
    return isIncident(fields.incident) ? { incident: fields.incident } : { problem: 'is no incident' };
  const parsed = parseObservation(json);
  if (!parsed.ok) return { problem: parsed.problem };
  return {
    observation: parsed.observation,
    outcome: typeof fields.outcome === 'string' && classes.has(fields.outcome) ? fields.outcome : null,
    slotMs: slotOf(fields.slotMs),
    countsS: numberUpTo(longestSlotMs / 1000, fields.countsS),
  };
}
