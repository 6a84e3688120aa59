import type { Estimate } from '#lib/core/estimate.ts';
import {
  type Against,
  measureAgainst,
  type QuotedNumbers,
  type ReportRow,
  type SlaReport,
  type Way,
} from '#lib/core/report.ts';

/** The report as text for a terminal: every figure with how it was counted and on how much it rests. */

export function reportLines(made: SlaReport): string[] {
  const { accounting } = made;
  return [
    `${minute(made.fromMs)} to ${minute(made.toMs)} UTC, counted the ${made.convention} way`,
    `  bad: ${accounting.bad.join(', ')}`,
    `  good but slow or wrong: ${accounting.degraded.join(', ')}`,
    ...(accounting.limited.length > 0 ? [`  apart, in no share: ${accounting.limited.join(', ')}`] : []),
    `  in no figure: ${accounting.left_out.join(', ')}`,
    '  availability is cut, never rounded up; minutes left are of the time that was measured; – is below 90 % measured',
    '',
    ...(made.rows.length === 0 ? ['Nothing was measured in this time.'] : tableOf(made.rows)),
    '',
    ...(made.numbers
      ? numberLines(made.numbers)
      : ['Overhead, failover, page lag and markup are not known: a part of the checks cannot be read.']),
    feeLine(made),
    `The checks cost ${made.spent.usd.toFixed(4)} USD for ${made.spent.requests} calls.`,
  ];
}

const minute = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const downTenth = (value: number) => (Math.floor(value * 10 + 1e-6) / 10).toFixed(1);
const upTenth = (value: number) => (Math.ceil(value * 10 - 1e-6) / 10).toFixed(1);

function tableOf(rows: readonly ReportRow[]): string[] {
  const percents = rows[0]?.objectives.map((one) => one.percent) ?? [];
  const head = [
    'what',
    'available',
    'measured',
    'incidents',
    'bad min',
    'worst day',
    ...percents.map((percent) => `left of ${percent}`),
    'promised',
  ];
  const cells = rows.flatMap((row) => [cellsOf(row), ...row.ways.map((way) => wayCells(row, way))]);
  const widths = head.map((name, i) => Math.max(name.length, ...cells.map((line) => line[i]?.length ?? 0)));
  return [head, ...cells].map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
}

function cellsOf(row: ReportRow): string[] {
  return [
    `${row.kind} ${row.id}`.slice(0, 60),
    row.text === null ? '–' : `${row.text} %`,
    `${Math.floor(row.coverage * 100)} %`,
    row.incidents === 0 ? '0' : `${row.incidents} (${upTenth(row.incidentMinutes)} min)`,
    upTenth(row.badS / 60),
    row.worstDay ? `${day(row.worstDay.dayMs)} (${upTenth(row.worstDay.badS / 60)} min)` : '–',
    ...row.objectives.map((one) => `${downTenth(one.leftMinutes)} min`),
    row.published ? promiseText(row.published) : '–',
  ];
}

/** Under a row that has several ways: what is known of one of them. */
function wayCells(row: ReportRow, way: Way): string[] {
  return [
    way.through === 'direct' ? '  asked directly' : `  asked through ${way.through}`,
    way.text === null ? '–' : `${way.text} %`,
    `${Math.floor(way.coverage * 100)} %`,
    '',
    upTenth(way.badS / 60),
    '',
    ...row.objectives.map(({ percent }) => `${downTenth(measureAgainst(percent, way).leftMinutes)} min`),
    '',
  ];
}

function promiseText({ percent, isMet, leftMinutes, through }: Against & { through: string | null }): string {
  const kept = isMet === null ? 'not known' : isMet ? 'kept' : 'missed';
  const how = through === 'direct' ? ' directly' : through === null ? '' : ` through ${through}`;
  return `${percent} % ${kept}${how}, ${downTenth(leftMinutes)} min left`;
}

function numberLines(numbers: QuotedNumbers): string[] {
  const lines: string[] = [];
  for (const one of numbers.overhead)
    lines.push(
      `overhead of ${one.gateway} for ${one.provider} ${one.model}: ${ms(one.headersMs)} to headers, ${ms(one.firstTokenMs)} to the first token`,
    );
  for (const one of numbers.failover)
    lines.push(
      `failover of ${one.gateway} for ${one.model}: ${percent(one.saved)} of calls saved, ${ms(one.paidMs)} later`,
    );
  for (const one of numbers.lag)
    lines.push(
      `official page of ${one.page}: ${minutesLate(one.lagMs, one.lagsMs)}; ${one.silent} of ${one.incidents} incidents never mentioned`,
    );
  for (const one of numbers.markup)
    lines.push(
      `markup of ${one.gateway} for ${one.provider} ${one.model}: ${times(one.prompt)} for the prompt, ${times(one.completion)} for the answer`,
    );
  if (lines.length === 0)
    lines.push(
      'Overhead, failover, page lag and markup: too little to quote (they need direct and unpinned routes).',
    );
  return [
    `From single checks since ${minute(numbers.fromMs)} UTC, each with its 95 % interval and n:`,
    ...lines,
  ];
}

const between = ({ low, high, n }: Estimate, form: (value: number) => string) =>
  `(${form(low)} to ${form(high)}, n ${n})`;
const ms = (found: Estimate | null) =>
  found ? `${signed(found.value)} ms ${between(found, signed)}` : 'too few to quote';
const percent = (found: Estimate | null) =>
  found
    ? `${(found.value * 100).toFixed(1)} % ${between(found, (v) => (v * 100).toFixed(1))}`
    : 'too few to quote';
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
const times = (value: number | null) => (value === null ? 'not known' : `× ${value.toFixed(3)}`);

function minutesLate(found: Estimate | null, all: readonly number[]): string {
  const form = (value: number) => signed(value / 60_000);
  if (found) return `${form(found.value)} min after our first bad check ${between(found, form)}`;
  return all.length === 0
    ? 'said nothing'
    : `${all.map(form).join(', ')} min after our first bad check (too few for an interval, n ${all.length})`;
}

export function feeLine({ creditFees: { openrouter: fee } }: Pick<SlaReport, 'creditFees'>): string {
  const percentOf = (share: number) => (share * 100).toFixed(1);
  return `Beside any markup OpenRouter charges for buying credit: ${percentOf(fee.card)} % by card, ${percentOf(fee.crypto)} % by crypto, at least ${fee.leastUsd.toFixed(2)} USD.`;
}
