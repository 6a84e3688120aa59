import { availabilityText, budgetLeftMinutes, countedAs } from './availability.ts';
import { csvLine } from './csv.ts';
import type { creditFees, Estimate } from './estimate.ts';
import { outcomeClasses } from './outcome-words.ts';
import type { ComponentKind, Convention } from './words.ts';

/** Availability against objectives, for somebody who signs contracts: every figure with how it was counted. */

export interface Against {
  percent: number;
  /** Null: too little was measured to say. */
  isMet: boolean | null;
  budgetMinutes: number;
  /** Negative: so much more than allowed. */
  leftMinutes: number;
}

export interface ReportRow {
  kind: ComponentKind;
  id: string;
  routes: number;
  share: number | null;
  /** As it may be written, null where too little was measured. */
  text: string | null;
  coverage: number;
  /** Of the component's own time, however many routes and places it was measured by: of a day at most a day. */
  measuredS: number;
  badS: number;
  incidents: number;
  incidentMinutes: number;
  worstDay: { dayMs: number; badS: number; measuredS: number } | null;
  objectives: Against[];
  /** Of what was asked directly where that was done: a provider promises nothing for a gateway. */
  published: (Against & { through: string | null }) | null;
  /** Gateways its calls went through, `direct` among them: the row's figures are of all of them together. */
  through: string[];
  /** The same apart, where there is more than one way. */
  ways: Way[];
}

export interface Way
  extends Pick<ReportRow, 'routes' | 'share' | 'text' | 'coverage' | 'measuredS' | 'badS'> {
  through: string;
}

export interface SlaReport {
  fromMs: number;
  toMs: number;
  convention: Convention;
  /** What the convention made of each outcome: the accounting, on the report itself. */
  accounting: Record<'good' | 'degraded' | 'bad' | 'limited' | 'left_out', string[]>;
  rows: ReportRow[];
  /** Null: not asked for, or not readable. */
  numbers: QuotedNumbers | null;
  /** Charged by the gateway for buying credit, apart from any price. */
  creditFees: typeof creditFees;
  spent: { usd: number; requests: number };
}

/**
 * The report of a calendar month (UTC). It is written while the month goes on, and once it is over a last time: what it
 * said then is kept for ever.
 */
export interface MonthReport {
  v: 1;
  /** `2026-11` */
  month: string;
  writtenAtMs: number;
  isFinal: boolean;
  byConvention: Record<Convention, Pick<SlaReport, 'accounting' | 'rows'>>;
  numbers: QuotedNumbers;
  creditFees: SlaReport['creditFees'];
  spent: SlaReport['spent'];
}

export interface QuotedNumbers {
  /** From here on: raw looks from before were deleted before their day was summed up. */
  fromMs: number;
  /** How much later the same model of the same provider answers through the gateway: paired with the direct call nearest in time. */
  overhead: {
    gateway: string;
    provider: string;
    model: string;
    headersMs: Estimate | null;
    firstTokenMs: Estimate | null;
  }[];
  /** Of the moments in which a pinned route failed: how many the gateway's own choice survived, and how much later it answered than usual on that day. */
  failover: { gateway: string; model: string; saved: Estimate | null; paidMs: Estimate | null }[];
  /** Official pages against our incidents: positive is later than the first bad look; `silent` incidents were never mentioned. */
  lag: { page: string; incidents: number; silent: number; lagMs: Estimate | null; lagsMs: number[] }[];
  /** The gateway's price as a multiple of the provider's own; the fee for credit is `creditFees` of the core. */
  markup: {
    gateway: string;
    provider: string;
    model: string;
    prompt: number | null;
    completion: number | null;
  }[];
}

export const usualObjectives = [99.9, 99.95, 99.99];

interface Measured {
  share: number | null;
  coverage: number;
  measuredS: number;
  badS: number;
}
/** Sums of seconds are not exact to the last bit; a budget spent to the millisecond is kept. */
const hairMinutes = 1e-6;

export function measureAgainst(percent: number, figure: Measured): Against {
  // 99.95 / 100 is not 0.9995 in binary.
  const objective = Math.round(percent * 1e6) / 1e8;
  const leftMinutes = budgetLeftMinutes(objective, figure);
  return {
    percent,
    isMet: availabilityText(figure) === null ? null : leftMinutes >= -hairMinutes,
    budgetMinutes: ((1 - objective) * figure.measuredS) / 60,
    leftMinutes,
  };
}

export function accountingOf(convention: Convention): SlaReport['accounting'] {
  const made: SlaReport['accounting'] = { good: [], degraded: [], bad: [], limited: [], left_out: [] };
  for (const name of outcomeClasses) made[countedAs(name, convention)].push(name);
  return made;
}

/** The same as lines for a spreadsheet; the accounting is in every line, because lines are copied apart. */
export function reportCsv(report: SlaReport): string[] {
  const percents = report.rows[0]?.objectives.map((one) => one.percent) ?? usualObjectives;
  const head = [
    'from',
    'to',
    'counted',
    'kind',
    'id',
    'availability_percent',
    'measured_percent_of_time',
    'measured_minutes',
    'bad_minutes',
    'incidents',
    'incident_minutes',
    'worst_day',
    ...percents.map((percent) => `minutes_left_of_${percent}`),
    'promised_percent',
    'promise_met',
    'through',
  ];
  const lines = report.rows.flatMap((row) => [
    cellsOf(report, row),
    ...row.ways.map((way) => wayCells(report, row, way)),
  ]);
  return [csvLine(head), ...lines.map(csvLine)];
}

/** One way of a row that has several: its own figures, and nothing of what is only known of all together. */
function wayCells(report: SlaReport, row: ReportRow, way: Way): ReturnType<typeof cellsOf> {
  const unknown = { incidents: null, incidentMinutes: null, worstDay: null, published: null };
  const objectives = row.objectives.map((one) => measureAgainst(one.percent, way));
  return cellsOf(report, { ...row, ...way, ...unknown, objectives, through: [way.through] });
}

type CellRow = Omit<ReportRow, 'incidents' | 'incidentMinutes'> & {
  incidents: number | null;
  incidentMinutes: number | null;
};

function cellsOf(report: SlaReport, row: CellRow): (string | number | boolean | null)[] {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const tenth = (value: number) => Math.floor(value * 10 + 1e-6) / 10;
  /** What is bad is never written smaller than it was. */
  const tenthUp = (value: number) => Math.ceil(value * 10 - 1e-6) / 10;
  return [
    day(report.fromMs),
    day(report.toMs - 1),
    report.convention,
    row.kind,
    row.id,
    row.text === null ? null : Number(row.text),
    tenth(row.coverage * 100),
    tenth(row.measuredS / 60),
    tenthUp(row.badS / 60),
    row.incidents,
    row.incidentMinutes === null ? null : tenthUp(row.incidentMinutes),
    row.worstDay ? day(row.worstDay.dayMs) : null,
    ...row.objectives.map((one) => tenth(one.leftMinutes)),
    row.published?.percent ?? null,
    row.published?.isMet ?? null,
    row.through.join(' '),
  ];
}
