import type { Against, ReportRow, SlaReport } from '#lib/core/report.ts';
import type { Convention } from '#lib/core/words.ts';
import type { ViewContext } from './context.ts';
import { gatewayName, providerNames } from './names.ts';
import { componentPath } from './paths.ts';
import { percentText } from './share.ts';

/** The report's rows as a page shows them: cut to what may be written, never rounded in anybody's favour. */
export interface ReportTable {
  fromMs: number;
  toMs: number;
  convention: Convention;
  percents: number[];
  rows: ReportTableRow[];
  accounting: SlaReport['accounting'];
  /** Addresses of the same as CSV and JSON, with what has no room here: every route and model. */
  csvPath: string;
  jsonPath: string;
}

export interface ReportTableRow {
  key: string;
  name: string;
  path: string | null;
  share: string | null;
  measured: string;
  incidents: number;
  badMinutes: number;
  worstDay: { day: string; badMinutes: number } | null;
  left: LeftMinutes[];
  promised: (LeftMinutes & { isDirect: boolean }) | null;
  /** Where it was asked in several ways: each apart, null is directly. */
  ways: { gateway: string | null; share: string | null; measured: string }[];
}

export interface LeftMinutes {
  percent: number;
  isMet: boolean | null;
  minutes: string;
}

const shownKinds = new Set(['gateway', 'provider', 'http']);

export function reportTable(ctx: ViewContext, report: SlaReport, scope: string | null = null): ReportTable {
  const { fromMs, toMs, convention, accounting } = report;
  const name = providerNames(ctx.store.catalog.providers('openrouter'));
  const shown = report.rows.filter((row) =>
    scope === null ? shownKinds.has(row.kind) : `${row.kind}:${row.id}` === scope,
  );
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const path = `/api/v1/report?from=${day(fromMs)}&to=${day(toMs)}&convention=${convention}`;
  return {
    ...{ fromMs, toMs, convention, accounting },
    percents: report.rows[0]?.objectives.map((one) => one.percent) ?? [],
    rows: shown
      .map((row) => tableRow(row, name))
      .sort((a, b) => Number(isGateway(b)) - Number(isGateway(a)) || a.name.localeCompare(b.name)),
    csvPath: `${path}&format=csv`,
    jsonPath: path,
  };
}

const isGateway = (row: ReportTableRow) => row.key.startsWith('gateway:');

function tableRow(row: ReportRow, name: (id: string) => string): ReportTableRow {
  return {
    key: `${row.kind}:${row.id}`,
    name: row.kind === 'gateway' ? gatewayName(row.id) : row.kind === 'provider' ? name(row.id) : row.id,
    path: componentPath(row.kind, row.id),
    share: row.text,
    measured: percentText(row.coverage),
    incidents: row.incidents,
    badMinutes: wholeMinutes(row.badS),
    worstDay: row.worstDay && {
      day: new Date(row.worstDay.dayMs).toISOString().slice(0, 10),
      badMinutes: wholeMinutes(row.worstDay.badS),
    },
    left: row.objectives.map(leftOf),
    promised: row.published && {
      ...leftOf(row.published),
      isDirect: row.ways.length > 0 && row.published.through === 'direct',
    },
    ways: row.ways.map((way) => ({
      gateway: way.through === 'direct' ? null : gatewayName(way.through),
      share: way.text,
      measured: percentText(way.coverage),
    })),
  };
}

const wholeMinutes = (seconds: number) => Math.ceil(seconds / 60 - 1e-6);

function leftOf({ percent, isMet, leftMinutes }: Against): LeftMinutes {
  return { percent, isMet, minutes: (Math.floor(leftMinutes * 10 + 1e-6) / 10).toFixed(1) };
}
