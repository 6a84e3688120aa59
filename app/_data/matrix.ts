import type { RouteState } from '#lib/core/plan.ts';
import type { Verdict } from '#lib/core/words.ts';
import type { ViewContext } from './context.ts';
import type { Fresh } from './fresh.ts';
import { reportedEndpoints } from './gateway-line.ts';
import { shortModel } from './names.ts';
import { pathOf } from './paths.ts';

export interface MatrixCell {
  path: string | null;
  verdict: Verdict;
  isLimited: boolean;
  /** Typical time to the first word, when enough recent checks say so. */
  firstTokenMs: number | null;
}
export interface MatrixRow {
  id: string;
  name: string;
  path: string | null;
  cells: (MatrixCell | null)[];
}
export interface Matrix {
  models: { id: string; name: string; path: string | null }[];
  rows: MatrixRow[];
  /** `reported`: the gateway's own figures, hatched, because nothing was checked by us. */
  source: 'checked' | 'reported';
}

const mostModels = 8;
const mostReportedRows = 60;
const fiveMinutesMs = 300_000;

/** Providers down, models across. Models seen on one provider only have no column: they are in the list below. */
export function matrixOf(ctx: ViewContext, fresh: Fresh, name: (id: string) => string): Matrix {
  const checked = fresh.routes.filter((r) => r.target.gateway !== 'direct' && r.target.model !== null);
  return checked.length > 0 ? checkedMatrix(fresh, checked, name) : reportedMatrix(ctx, fresh, name);
}

function checkedMatrix(fresh: Fresh, routes: RouteState[], name: (id: string) => string): Matrix {
  const models = columnsOf(routes.map((r) => r.target.model ?? ''));
  const rows = new Map<string, MatrixRow>();
  const usual = usualTimes(fresh);
  for (const route of routes) {
    const column = models.indexOf(route.target.model ?? '');
    if (column < 0) continue;
    const id = route.target.provider ?? '';
    const row = rows.get(id) ?? emptyRow(id, name, models.length);
    row.cells[column] = checkedCell(usual, route);
    rows.set(id, row);
  }
  return { source: 'checked', models: models.map(heading), rows: sortRows([...rows.values()]) };
}

/** Per target the shortest window that is long enough to say what is usual. */
function usualTimes({ windows }: Fresh): Map<string, number> {
  const usual = new Map<string, number>();
  for (const { targetKey, windowMs, firstTokenMs } of windows)
    if (windowMs >= fiveMinutesMs && firstTokenMs && !usual.has(targetKey))
      usual.set(targetKey, firstTokenMs.p50);
  return usual;
}

function checkedCell(usual: Map<string, number>, route: RouteState): MatrixCell {
  return {
    path: pathOf.route(route.target),
    verdict: route.verdict,
    isLimited: route.limited,
    firstTokenMs: usual.get(`completion|${route.targetId}`) ?? null,
  };
}

function reportedMatrix(ctx: ViewContext, fresh: Fresh, name: (id: string) => string): Matrix {
  const all = reportedEndpoints(ctx, fresh);
  const models = columnsOf(all.map((e) => e.model));
  const rows = new Map<string, MatrixRow>();
  for (const endpoint of all) {
    const column = models.indexOf(endpoint.model);
    if (column < 0) continue;
    const row = rows.get(endpoint.provider) ?? emptyRow(endpoint.provider, name, models.length);
    row.cells[column] = {
      path: null,
      verdict: reportedVerdict(endpoint.uptime30m ?? endpoint.uptime5m ?? endpoint.uptime1d),
      isLimited: false,
      firstTokenMs: endpoint.latencyMs?.p50 ?? null,
    };
    rows.set(endpoint.provider, row);
  }
  // What is not checked by us has no page of its own.
  return {
    source: 'reported',
    models: models.map((id) => ({ ...heading(id), path: null })),
    rows: sortRows([...rows.values()].map((row) => ({ ...row, path: null }))).slice(0, mostReportedRows),
  };
}

/** OpenRouter takes an endpoint below 80 % out of its way and calls one below 95 % degraded. */
export function reportedVerdict(uptime: number | null): Verdict {
  if (uptime === null) return 'unknown';
  if (uptime < 50) return 'major_outage';
  if (uptime < 80) return 'partial_outage';
  return uptime < 95 ? 'degraded' : 'operational';
}

/** Models on most providers first; singles are left out unless there is nothing else. */
function columnsOf(models: string[]): string[] {
  const counts = new Map<string, number>();
  for (const model of models) counts.set(model, (counts.get(model) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shared = sorted.filter(([, n]) => n > 1);
  return (shared.length > 0 ? shared : sorted).slice(0, mostModels).map(([model]) => model);
}

function heading(id: string): Matrix['models'][number] {
  return { id, name: shortModel(id), path: pathOf.model(id) };
}

function emptyRow(id: string, name: (id: string) => string, width: number): MatrixRow {
  const cells = Array.from({ length: width }, () => null);
  return { id, name: id === 'any' ? '' : name(id), path: id === 'any' ? null : pathOf.provider(id), cells };
}

/** The unpinned row first, then by name. */
function sortRows(rows: MatrixRow[]): MatrixRow[] {
  return rows.sort((a, b) => Number(b.id === 'any') - Number(a.id === 'any') || a.name.localeCompare(b.name));
}
