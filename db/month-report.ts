import type { MonthReport, SlaReport } from '../lib/core/report.ts';
import type { Convention } from '../lib/core/words.ts';
import type { Store } from '../lib/store.ts';
import { slaReport } from './report.ts';

/** Monthly reports: what is due, made from the store, kept among its notes. */

export interface Promises {
  [provider: string]: number | null;
}

/** Late looks and roll-ups are in by then. */
const settledMs = 10 * 60_000;
const noteKey = (month: string) => `report.${month}`;

export function periodOfMonth(month: string): { fromMs: number; toMs: number } | null {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (!year) return null;
  return {
    fromMs: Date.UTC(Number(year), Number(number) - 1, 1),
    toMs: Date.UTC(Number(year), Number(number), 1),
  };
}

export const monthOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 7);

/** The month that goes on, and the one before it until its last report is written. */
export function monthsDue(store: Pick<Store, 'upkeep'>, nowMs: number): string[] {
  const current = monthOf(nowMs);
  const before = monthOf((periodOfMonth(current)?.fromMs ?? nowMs) - 1);
  const isSettled = monthOf(nowMs - settledMs) === current;
  return isSettled && !readMonth(store, before)?.isFinal ? [before, current] : [current];
}

/** Null where nothing was watched in that month. */
export function makeMonth(
  store: Store,
  month: string,
  nowMs: number,
  published: Promises,
): MonthReport | null {
  const period = periodOfMonth(month);
  if (!period) return null;
  const of = (convention: Convention, hasNumbers: boolean) =>
    slaReport(store, { ...period, convention, published, hasNumbers });
  const { accounting, rows, numbers, creditFees, spent } = of('openrouter', true);
  if (rows.length === 0 || !numbers || rows.every((row) => row.measuredS === 0)) return null;
  const inShort = ({ accounting, rows }: SlaReport) => ({ accounting, rows });
  return {
    v: 1,
    month,
    writtenAtMs: nowMs,
    isFinal: nowMs >= period.toMs + settledMs,
    byConvention: {
      openrouter: { accounting, rows },
      strict: inShort(of('strict', false)),
      lenient: inShort(of('lenient', false)),
    },
    numbers,
    creditFees,
    spent,
  };
}

/** A report that is final is never written over. */
export function writeMonth(store: Pick<Store, 'upkeep'>, report: MonthReport): boolean {
  if (readMonth(store, report.month)?.isFinal) return false;
  store.upkeep.note(noteKey(report.month), JSON.stringify(report));
  return true;
}

export function readMonth(store: Pick<Store, 'upkeep'>, month: string): MonthReport | null {
  const text = store.upkeep.noted(noteKey(month));
  if (text === null) return null;
  const report = JSON.parse(text) as MonthReport;
  // Reports of earlier versions did not say through what was asked.
  for (const { rows } of Object.values(report.byConvention))
    for (const row of rows) Object.assign(row, { through: row.through ?? [], ways: row.ways ?? [] });
  return report;
}
