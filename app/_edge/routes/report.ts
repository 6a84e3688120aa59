import { periodOfMonth } from '#db/open.ts';
import type { Estimate } from '#lib/core/estimate.ts';
import { iso } from '#lib/core/feed-routing.ts';
import {
  type Against,
  type QuotedNumbers,
  type ReportRow,
  reportCsv,
  type SlaReport,
} from '#lib/core/report.ts';
import type { Convention } from '#lib/core/words.ts';
import type { Handler } from '../guard.ts';
import { conventionRule, periodOf, periodParameters } from '../listing.ts';
import type { ParameterRules, Parameters } from '../parameters.ts';
import { json, Problem } from '../reply.ts';

export const reportParameters = {
  month: {
    kind: 'text',
    max: 7,
    pattern: /^\d{4}-(0[1-9]|1[0-2])$/,
    about: 'a calendar month such as 2026-11, in place of from and to',
  },
  convention: conventionRule,
  format: { kind: 'one', values: ['json', 'csv'], about: 'json when absent' },
  ...periodParameters,
} as const satisfies ParameterRules;

/** `GET /api/v1/report`: what the report says of a month or of whole UTC days, for programs and spreadsheets. */
export const report: Handler = ({ req, edge, parameters, nowMs }) => {
  const convention = (parameters.get('convention')?.toLowerCase() ?? 'openrouter') as Convention;
  const made = edge.reports.of({ ...asked(parameters, nowMs), convention });
  const wanted = req.headers.accept?.startsWith('text/csv') ? 'csv' : 'json';
  if ((parameters.get('format')?.toLowerCase() ?? wanted) === 'csv') return csv(made);
  const body = {
    from: iso(made.fromMs),
    to: iso(made.toMs),
    convention,
    accounting: made.accounting,
    rows: made.rows.map(rowOut),
    numbers: made.numbers && numbersOut(made.numbers),
    credit_fees: Object.entries(made.creditFees).map(([gateway, { card, crypto, leastUsd }]) => ({
      ...{ gateway, card, crypto, least_usd: leastUsd },
    })),
    spent: made.spent,
  };
  return json(body, { vary: 'accept' });
};

function asked(parameters: Parameters, nowMs: number): { fromMs: number; toMs: number } {
  const month = parameters.get('month');
  if (month === undefined) return periodOf(parameters, nowMs, 30 * 86_400_000);
  const refuse = (detail: string) =>
    new Problem('invalid-parameter', detail, { errors: [{ parameter: 'month', detail }] });
  if (parameters.has('from') || parameters.has('to')) throw refuse('month stands alone, without from and to');
  const period = periodOfMonth(month);
  if (!period || period.fromMs > nowMs) throw refuse('the month has not begun');
  return period;
}

function csv(made: SlaReport): { status: number; headers: Record<string, string>; body: string } {
  const name = `signalbox-${made.convention}-${iso(made.fromMs).slice(0, 10)}-${iso(made.toMs - 1).slice(0, 10)}.csv`;
  return {
    status: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      vary: 'accept',
      'content-disposition': `attachment; filename="${name}"`,
    },
    body: reportCsv(made)
      .map((line) => `${line.trimEnd()}\r\n`)
      .join(''),
  };
}

function rowOut(row: ReportRow): Record<string, unknown> {
  return {
    ...{ kind: row.kind, id: row.id, routes: row.routes },
    availability: row.share,
    availability_percent: row.text,
    coverage: row.coverage,
    measured_s: row.measuredS,
    bad_s: row.badS,
    incidents: row.incidents,
    incident_minutes: row.incidentMinutes,
    worst_day: row.worstDay && {
      day: iso(row.worstDay.dayMs).slice(0, 10),
      measured_s: row.worstDay.measuredS,
      bad_s: row.worstDay.badS,
    },
    objectives: row.objectives.map(againstOut),
    promised: row.published && { ...againstOut(row.published), through: row.published.through },
    through: row.through,
    ways: row.ways.map((way) => ({
      ...{ through: way.through, routes: way.routes },
      availability: way.share,
      availability_percent: way.text,
      coverage: way.coverage,
      measured_s: way.measuredS,
      bad_s: way.badS,
    })),
  };
}

const againstOut = (one: Against) => ({
  percent: one.percent,
  met: one.isMet,
  budget_minutes: one.budgetMinutes,
  left_minutes: one.leftMinutes,
});

function numbersOut(numbers: QuotedNumbers): Record<string, unknown> {
  const inMinutes = (one: Estimate | null) =>
    one && { value: one.value / 60_000, low: one.low / 60_000, high: one.high / 60_000, n: one.n };
  return {
    from: iso(numbers.fromMs),
    overhead: numbers.overhead.map(({ headersMs, firstTokenMs, ...route }) => ({
      ...route,
      headers_ms: headersMs,
      first_token_ms: firstTokenMs,
    })),
    failover: numbers.failover.map(({ saved, paidMs, ...route }) => ({ ...route, saved, paid_ms: paidMs })),
    lag: numbers.lag.map(({ page, incidents, silent, lagMs, lagsMs }) => ({
      ...{ page, incidents, silent },
      lag_minutes: inMinutes(lagMs),
      lags_minutes: lagsMs.map((ms) => ms / 60_000),
    })),
    markup: numbers.markup,
  };
}
