import { monthOf, periodOfMonth, readMonth, slaReport } from '#db/open.ts';
import { publishedSlas } from '#lib/config/presets.ts';
import type { MonthReport, ReportRow, SlaReport } from '#lib/core/report.ts';
import type { Convention } from '#lib/core/words.ts';
import type { Store } from '#lib/store.ts';

/** Reports for pages and API: of whole UTC days, so that one costs milliseconds; the slow numbers are those the worker wrote. */
export interface Reports {
  of(query: ReportPeriod): SlaReport;
  month(id: string): MonthReport | null;
}

export interface ReportPeriod {
  fromMs: number;
  toMs: number;
  convention: Convention;
}

const dayMs = 86_400_000;
const keptMs = 30_000;
const mostKept = 32;

export function createReports(store: Store, nowMs: () => number, hide: readonly string[]): Reports {
  const kept = new Map<string, { untilMs: number; report: SlaReport }>();
  const month = (id: string) => (periodOfMonth(id) ? readMonth(store, id) : null);
  return {
    month,
    of(query) {
      const period = wholeDays(query);
      const key = `${period.fromMs} ${period.toMs} ${period.convention}`;
      const known = kept.get(key);
      if (known && known.untilMs > nowMs()) return known.report;
      const whole = keptMonth(month, period) ?? withNumbers(month, made(store, period));
      const report = { ...whole, rows: whole.rows.filter((row) => !isHidden(row, hide)) };
      if (kept.size >= mostKept) kept.clear();
      kept.set(key, { untilMs: nowMs() + keptMs, report });
      return report;
    },
  };
}

const made = (store: Store, period: ReportPeriod) =>
  slaReport(store, { ...period, published: publishedSlas, hasNumbers: false });

/** A route goes with its provider and its model. */
function isHidden({ kind, id }: ReportRow, hide: readonly string[]): boolean {
  if (hide.includes(`${kind}:${id}`)) return true;
  if (kind !== 'route') return false;
  const [, provider = '', ...model] = id.split('/');
  return hide.includes(`provider:${provider}`) || hide.includes(`model:${model.join('/')}`);
}

function wholeDays({ fromMs, toMs, convention }: ReportPeriod): ReportPeriod {
  const from = Math.floor(fromMs / dayMs) * dayMs;
  return { fromMs: from, toMs: Math.max(from + dayMs, Math.ceil(toMs / dayMs) * dayMs), convention };
}

function monthAt({ fromMs, toMs }: ReportPeriod): string | null {
  const id = monthOf(fromMs);
  const whole = periodOfMonth(id);
  return whole?.fromMs === fromMs && whole.toMs === toMs ? id : null;
}

/** A month that is over is what was written then. */
function keptMonth(month: Reports['month'], period: ReportPeriod): SlaReport | null {
  const id = monthAt(period);
  const found = id === null ? null : month(id);
  if (!found?.isFinal) return null;
  const { byConvention, numbers, creditFees, spent } = found;
  return { ...period, ...byConvention[period.convention], numbers, creditFees, spent };
}

function withNumbers(month: Reports['month'], report: SlaReport): SlaReport {
  const id = monthAt(report);
  const found = id === null ? null : month(id);
  return { ...report, numbers: found?.numbers ?? null };
}
