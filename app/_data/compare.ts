import type { EndpointFact, RouteState } from '#lib/core/plan.ts';
import { wilson, z } from '#lib/core/statistics.ts';
import { targetKey } from '#lib/core/target.ts';
import type { Verdict } from '#lib/core/words.ts';
import { defaultConvention, type ViewContext } from './context.ts';
import { type Fresh, readFresh } from './fresh.ts';
import { gatewayName, providerNames } from './names.ts';
import { pathOf } from './paths.ts';
import { percentText, shareText } from './share.ts';

/** One way to reach a model, beside the others. */
export interface CompareRow {
  id: string;
  path: string;
  provider: string;
  gateway: string;
  verdict: Verdict;
  share30d: string | null;
  measured30d: string;
  /** Share of the last day's checks that worked, with its 95 % interval. */
  worked: { low: string; high: string; n: number } | null;
  firstTokenMs: { p50: number; p95: number; n: number } | null;
  tokensPerSecond: { p50: number; n: number } | null;
  promptPerMillion: number | null;
  completionPerMillion: number | null;
  reportedUptime: number | null;
  /** Milliseconds by which the same model is slower here than called directly. */
  overheadMs: number | null;
  /** How many times the cheapest price. */
  markup: string | null;
}
export interface CompareView {
  models: { id: string; n: number }[];
  model: string | null;
  rows: CompareRow[];
  untilMs: number | null;
  position: string;
}

const dayMs = 86_400_000;
const million = 1_000_000;

export function compareView(ctx: ViewContext, asked: string | undefined): CompareView {
  const fresh = readFresh(ctx);
  const models = modelsOf(fresh);
  const model = models.find((m) => m.id === asked)?.id ?? models[0]?.id ?? null;
  const routes = fresh.routes.filter((r) => r.target.model === model);
  const name = providerNames(ctx.store.catalog.providers('openrouter'));
  const endpoints = model ? ctx.store.catalog.endpoints({ gateway: 'openrouter', model }) : [];
  const rows = routes.map((route) => compareRow(ctx, fresh, route, endpoints, name));
  return { models, model, rows: withRatios(rows), untilMs: fresh.untilMs, position: fresh.position };
}

function modelsOf(fresh: Fresh): CompareView['models'] {
  const counts = new Map<string, number>();
  for (const { target } of fresh.routes)
    if (target.model) counts.set(target.model, (counts.get(target.model) ?? 0) + 1);
  return [...counts].map(([id, n]) => ({ id, n })).sort((a, b) => b.n - a.n || a.id.localeCompare(b.id));
}

function compareRow(
  ctx: ViewContext,
  fresh: Fresh,
  route: RouteState,
  endpoints: EndpointFact[],
  name: (id: string) => string,
): CompareRow {
  const { target } = route;
  const key = targetKey('completion', target);
  const window = fresh.windows.find((w) => w.targetKey === key && w.windowMs === dayMs);
  const month = ctx.store.history.availability({
    targetKeys: [key],
    fromMs: ctx.nowMs - 30 * dayMs,
    toMs: ctx.nowMs,
    convention: defaultConvention,
  });
  const endpoint = endpoints.find((e) => e.provider === target.provider);
  return {
    id: route.targetId,
    path: pathOf.route(target),
    provider: target.provider === 'any' ? '' : name(target.provider ?? ''),
    gateway: gatewayName(target.gateway ?? ''),
    verdict: route.verdict,
    share30d: shareText(month.share, month.badS, month.coverage),
    measured30d: percentText(month.coverage),
    worked: window && window.samples > 0 ? interval(window.ok, window.samples) : null,
    firstTokenMs: window?.firstTokenMs ?? null,
    tokensPerSecond: window?.tokensPerSecond ?? null,
    promptPerMillion: perMillion(endpoint?.promptUsd ?? null),
    completionPerMillion: perMillion(endpoint?.completionUsd ?? null),
    reportedUptime: endpoint?.uptime1d ?? null,
    overheadMs: null,
    markup: null,
  };
}

function interval(ok: number, n: number): CompareRow['worked'] {
  const { low, high } = wilson(ok, n, z.two95);
  const text = (share: number): string => (Math.floor(share * 1_000) / 10).toFixed(1);
  return { low: text(low), high: text(high), n };
}

function perMillion(usd: number | null): number | null {
  return usd === null || usd < 0 ? null : Math.round(usd * million * 10_000) / 10_000;
}

/** Overhead against the direct route of the same model, markup against the cheapest. */
function withRatios(rows: CompareRow[]): CompareRow[] {
  const direct = rows.find((r) => r.gateway === gatewayName('direct'))?.firstTokenMs?.p50 ?? null;
  const prices = rows.map((r) => r.completionPerMillion).filter((p): p is number => p !== null && p > 0);
  const cheapest = prices.length > 1 ? Math.min(...prices) : null;
  return rows.map((row) => ({
    ...row,
    overheadMs:
      direct === null || row.firstTokenMs === null || row.gateway === gatewayName('direct')
        ? null
        : Math.round(row.firstTokenMs.p50 - direct),
    markup:
      cheapest === null || row.completionPerMillion === null
        ? null
        : (row.completionPerMillion / cheapest).toFixed(2),
  }));
}
