import { availabilityText } from '../lib/core/availability.ts';
import { countedTargets } from '../lib/core/counted-targets.ts';
import { creditFees } from '../lib/core/estimate.ts';
import type { Watched } from '../lib/core/fleet.ts';
import type { ComponentState, Incident } from '../lib/core/plan.ts';
import {
  accountingOf,
  measureAgainst,
  type ReportRow,
  type SlaReport,
  usualObjectives,
  type Way,
} from '../lib/core/report.ts';
import type { ComponentKind, Convention } from '../lib/core/words.ts';
import type { Availability, DayBar, Store } from '../lib/store.ts';
import { StoreProblem } from './sqlite/problem.ts';

/** The report, gathered from the store; what it is and how it is written stands in `lib/core/report.ts`. */

export interface ReportQuery {
  fromMs: number;
  toMs: number;
  convention: Convention;
  /** What each provider promises, in percent, by its id. */
  published?: Record<string, number | null>;
  objectives?: number[];
  /** False: without the figures made from raw looks, which take long. */
  hasNumbers?: boolean;
}

const reported = new Set<ComponentKind>(['gateway', 'provider', 'model', 'route', 'http']);

export function slaReport(store: Store, query: ReportQuery): SlaReport {
  const { fromMs, toMs, convention } = query;
  const current = store.looks.current();
  const bars = barsByKey(store, query);
  const incidents = incidentsIn(store, fromMs, toMs);
  const watched = new Set(current.fleet.map((one) => one.key));
  const fleet: Fleet = [
    ...current.fleet,
    // What was dropped from the configuration in the middle of it belongs to it all the same.
    ...store.history.targetsIn({ fromMs, toMs }).filter((one) => !watched.has(one.key)),
  ];
  const figureOf = (targetKeys: string[]) =>
    store.history.availability({ targetKeys, fromMs, toMs, convention });
  const rows = current.components
    .filter((component) => reported.has(component.kind))
    .flatMap((component) => {
      const targets = targetsOf(component, fleet);
      const row = rowOf(component, targets, figureOf, bars, incidents, query);
      const isWatched = targets.some((one) => watched.has(one.key));
      return targets.length > 0 && (isWatched || row.measuredS > 0) ? [row] : [];
    });
  const { usd, requests } = store.ledger.spent({ fromMs, toMs });
  const numbers = query.hasNumbers === false ? null : readableNumbers(store, { fromMs, toMs });
  return {
    fromMs,
    toMs,
    convention,
    accounting: accountingOf(convention),
    rows,
    numbers,
    creditFees,
    spent: { usd, requests },
  };
}

/** A damaged page among the raw looks takes these numbers, and not the report. */
function readableNumbers(store: Store, period: { fromMs: number; toMs: number }): SlaReport['numbers'] {
  try {
    return store.history.numbers(period);
  } catch (error) {
    if (error instanceof StoreProblem && error.code === 'integrity') return null;
    throw error;
  }
}

type Fleet = Pick<Watched, 'key' | 'probe' | 'target'>[];

/** The targets whose looks a component's figure is made of. */
function targetsOf(component: ComponentState, fleet: Fleet): Fleet {
  if (component.kind === 'http')
    return fleet.filter(({ probe, target }) => probe === 'http' && target.provider === component.id);
  return countedTargets(
    component,
    fleet.filter(({ probe }) => probe === 'completion'),
  );
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

type FigureOf = (targetKeys: string[]) => Availability;

function rowOf(
  { kind, id }: ComponentState,
  targets: Fleet,
  figureOf: FigureOf,
  bars: Map<string, DayBar[]>,
  incidents: readonly Incident[],
  query: ReportQuery,
): ReportRow {
  const keys = targets.map((one) => one.key);
  const own = incidents.filter(({ scope }) => scope.kind === kind && scope.id === id);
  const all = partOf(keys, figureOf);
  const through = [...new Set(targets.flatMap(({ target }) => target.gateway ?? []))].sort();
  const ways = through.length > 1 ? through.map((way) => wayOf(way, targets, figureOf)) : [];
  const promised = kind === 'provider' ? (query.published?.[id] ?? null) : null;
  const directly = ways.find((way) => way.through === 'direct');
  const only = through.length === 1 ? (through[0] ?? null) : null;
  return {
    ...{ kind, id, through, ways },
    ...all,
    incidents: own.length,
    incidentMinutes: own.reduce((sum, one) => sum + minutesIn(one, query), 0),
    worstDay: worstDayOf(keys.map((key) => bars.get(key) ?? [])),
    objectives: (query.objectives ?? usualObjectives).map((percent) => measureAgainst(percent, all)),
    published:
      promised === null
        ? null
        : { ...measureAgainst(promised, directly ?? all), through: directly?.through ?? only },
  };
}

function partOf(keys: string[], figureOf: FigureOf): Omit<Way, 'through'> {
  const figure = figureOf(keys);
  const places = Math.max(1, figure.series);
  return {
    routes: keys.length,
    share: figure.share,
    text: availabilityText(figure),
    coverage: figure.coverage,
    measuredS: figure.measuredS / places,
    badS: figure.badS / places,
  };
}

function wayOf(through: string, targets: Fleet, figureOf: FigureOf): Way {
  const ours = targets.filter(({ target }) => target.gateway === through);
  return {
    through,
    ...partOf(
      ours.map((one) => one.key),
      figureOf,
    ),
  };
}

function minutesIn(incident: Incident, { fromMs, toMs }: ReportQuery): number {
  const from = Math.max(fromMs, incident.startedAtMs);
  return Math.max(0, Math.min(toMs, incident.resolvedAtMs ?? toMs) - from) / 60_000;
}

/** By share of its seconds, not by seconds: a day with half the looks is not half as bad. In the component's own time. */
function worstDayOf(barsOfTargets: readonly (readonly DayBar[])[]): ReportRow['worstDay'] {
  const days = new Map<number, { badS: number; measuredS: number; targets: number }>();
  for (const bar of barsOfTargets.flat()) {
    const day = days.get(bar.dayMs) ?? { badS: 0, measuredS: 0, targets: 0 };
    days.set(bar.dayMs, {
      badS: day.badS + bar.badS,
      measuredS: day.measuredS + bar.measuredS,
      targets: day.targets + 1,
    });
  }
  let worst: ReportRow['worstDay'] = null;
  for (const [dayMs, { badS, measuredS, targets }] of days) {
    if (badS === 0) continue;
    if (worst === null || badS / measuredS > worst.badS / worst.measuredS)
      worst = { dayMs, badS: badS / targets, measuredS: measuredS / targets };
  }
  return worst;
}
