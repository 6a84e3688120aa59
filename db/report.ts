import { availabilityText, budgetLeftMinutes, countedAs } from '../lib/core/availability.ts';
import { canonicalModel } from '../lib/core/canonical-model.ts';
import { csvLine } from '../lib/core/csv.ts';
import { outcomeClasses } from '../lib/core/outcome-words.ts';
import type { ComponentState, Incident } from '../lib/core/plan.ts';
import { providerBase, targetKey } from '../lib/core/target.ts';
import type { ComponentKind, Convention } from '../lib/core/words.ts';
import type { Availability, DayBar, QuotedNumbers, Store } from '../lib/store.ts';

/** Availability against objectives, for somebody who signs contracts: every figure with how it was counted. */

export interface ReportQuery {
  fromMs: number;
  toMs: number;
  convention: Convention;
  /** What each provider promises, in percent, by its id. */
  published?: Record<string, number | null>;
  objectives?: number[];
}

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
  measuredS: number;
  badS: number;
  incidents: number;
  incidentMinutes: number;
  worstDay: { dayMs: number; badS: number; measuredS: number } | null;
  objectives: Against[];
  published: Against | null;
}

export interface SlaReport {
  fromMs: number;
  toMs: number;
  convention: Convention;
  /** What the convention made of each outcome: the accounting, on the report itself. */
  accounting: Record<'good' | 'degraded' | 'bad' | 'limited' | 'left_out', string[]>;
  rows: ReportRow[];
  numbers: QuotedNumbers;
  spent: { usd: number; requests: number };
}

const usualObjectives = [99.9, 99.95, 99.99];
const reported = new Set<ComponentKind>(['gateway', 'provider', 'model', 'route', 'http']);

export function slaReport(store: Store, query: ReportQuery): SlaReport {
  const { fromMs, toMs, convention } = query;
  const current = store.looks.current();
  const bars = barsByKey(store, query);
  const incidents = incidentsIn(store, fromMs, toMs);
  const rows = current.components
    .filter((component) => reported.has(component.kind))
    .map((component) => {
      const keys = keysOf(component, current.fleet);
      const figure = store.history.availability({ targetKeys: keys, fromMs, toMs, convention });
      return rowOf(component, keys, figure, bars, incidents, query);
    })
    .filter((row) => row.routes > 0);
  const { usd, requests } = store.ledger.spent({ fromMs, toMs });
  const numbers = store.history.numbers({ fromMs, toMs });
  return {
    fromMs,
    toMs,
    convention,
    accounting: accountingOf(convention),
    rows,
    numbers,
    spent: { usd, requests },
  };
}

type Fleet = ReturnType<Store['looks']['current']>['fleet'];

/** The targets whose looks a component's figure is made of. */
function keysOf({ kind, id }: ComponentState, fleet: Fleet): string[] {
  return fleet
    .filter(({ probe, target }) => {
      if (kind === 'http') return probe === 'http' && target.provider === id;
      if (probe !== 'completion') return false;
      if (kind === 'gateway') return target.gateway === id;
      if (kind === 'provider') return providerBase(target.provider ?? '') === id;
      if (kind === 'model') return canonicalModel(target.model ?? '') === canonicalModel(id);
      return `${target.gateway}/${target.provider}/${target.model}` === id;
    })
    .map(({ probe, target }) => targetKey(probe, target));
}

function barsByKey(store: Store, { fromMs, toMs, convention }: ReportQuery): Map<string, DayBar[]> {
  const byKey = new Map<string, DayBar[]>();
  for (const bar of store.history.bars({ fromMs, toMs, convention })) {
    const list = byKey.get(bar.targetKey);
    if (list) list.push(bar);
    else byKey.set(bar.targetKey, [bar]);
  }
  return byKey;
}

const incidentsPerPage = 500;

function incidentsIn(store: Store, fromMs: number, toMs: number): Incident[] {
  const found: Incident[] = [];
  for (let beforeMs = toMs; ; ) {
    const page = store.incidents.list({ isPublic: true, beforeMs, limit: incidentsPerPage });
    found.push(...page.filter((one) => (one.resolvedAtMs ?? toMs) > fromMs));
    const last = page.at(-1);
    if (!last || page.length < incidentsPerPage) return found;
    beforeMs = last.startedAtMs;
  }
}

function rowOf(
  { kind, id }: ComponentState,
  keys: string[],
  figure: Availability,
  bars: Map<string, DayBar[]>,
  incidents: readonly Incident[],
  query: ReportQuery,
): ReportRow {
  const own = incidents.filter(({ scope }) => scope.kind === kind && scope.id === id);
  const against = (percent: number) => measureAgainst(percent, figure);
  const promised = kind === 'provider' ? (query.published?.[id] ?? null) : null;
  return {
    kind,
    id,
    routes: keys.length,
    share: figure.share,
    text: availabilityText(figure),
    coverage: figure.coverage,
    measuredS: figure.measuredS,
    badS: figure.badS,
    incidents: own.length,
    incidentMinutes: own.reduce((sum, one) => sum + minutesIn(one, query), 0),
    worstDay: worstDayOf(keys.flatMap((key) => bars.get(key) ?? [])),
    objectives: (query.objectives ?? usualObjectives).map(against),
    published: promised === null ? null : against(promised),
  };
}

function measureAgainst(percent: number, figure: Availability): Against {
  const objective = percent / 100;
  const isKnown = availabilityText(figure) !== null;
  return {
    percent,
    isMet: isKnown && figure.share !== null ? figure.share >= objective : null,
    budgetMinutes: ((1 - objective) * figure.measuredS) / 60,
    leftMinutes: budgetLeftMinutes(objective, figure),
  };
}

function minutesIn(incident: Incident, { fromMs, toMs }: ReportQuery): number {
  const from = Math.max(fromMs, incident.startedAtMs);
  return Math.max(0, Math.min(toMs, incident.resolvedAtMs ?? toMs) - from) / 60_000;
}

/** By share of its seconds, not by seconds: a day with half the looks is not half as bad. */
function worstDayOf(bars: readonly DayBar[]): ReportRow['worstDay'] {
  const days = new Map<number, { badS: number; measuredS: number }>();
  for (const bar of bars) {
    const day = days.get(bar.dayMs) ?? { badS: 0, measuredS: 0 };
    days.set(bar.dayMs, { badS: day.badS + bar.badS, measuredS: day.measuredS + bar.measuredS });
  }
  let worst: ReportRow['worstDay'] = null;
  for (const [dayMs, day] of days) {
    if (day.badS === 0) continue;
    if (worst === null || day.badS / day.measuredS > worst.badS / worst.measuredS) worst = { dayMs, ...day };
  }
  return worst;
}

function accountingOf(convention: Convention): SlaReport['accounting'] {
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
  ];
  return [csvLine(head), ...report.rows.map((row) => csvLine(cellsOf(report, row)))];
}

function cellsOf(report: SlaReport, row: ReportRow): (string | number | boolean | null)[] {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const tenth = (value: number) => Math.floor(value * 10) / 10;
  return [
    day(report.fromMs),
    day(report.toMs - 1),
    report.convention,
    row.kind,
    row.id,
    row.text === null ? null : Number(row.text),
    tenth(row.coverage * 100),
    tenth(row.measuredS / 60),
    tenth(row.badS / 60),
    row.incidents,
    tenth(row.incidentMinutes),
    row.worstDay ? day(row.worstDay.dayMs) : null,
    ...row.objectives.map((one) => tenth(one.leftMinutes)),
    row.published?.percent ?? null,
    row.published?.isMet ?? null,
  ];
}
