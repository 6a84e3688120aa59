import { type Estimate, medianEstimate } from '#lib/core/estimate.ts';
import type { Observation } from '#lib/core/observation.ts';
import type { EndpointFact, RouteState } from '#lib/core/plan.ts';
import { wilson, z } from '#lib/core/statistics.ts';
import { targetKey } from '#lib/core/target.ts';
import type { Verdict } from '#lib/core/words.ts';
import { defaultConvention, type ViewContext } from './context.ts';
import { type Fresh, readFresh } from './fresh.ts';
import { gatewayName, providerNames } from './names.ts';
import { pathOf } from './paths.ts';
import { percentText, shareText } from './share.ts';
import { resultOf } from './ticks.ts';

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
  /** Medians of the last checks, each with its 95 % interval. */
  firstTokenMs: Estimate | null;
  tokensPerSecond: Estimate | null;
  promptPerMillion: number | null;
  completionPerMillion: number | null;
  reportedUptime: number | null;
  /** Milliseconds by which the same model is slower here than called directly, pair by pair. */
  overheadMs: Estimate | null;
  /** Of the moments in which a pinned way failed: the share that the gateway's own choice survived. */
  saved: Estimate | null;
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
  const numbers = quoted(ctx);
  const rows = routes.map((route) => compareRow(ctx, fresh, route, { endpoints, numbers, name }));
  return { models, model, rows: withMarkup(rows), untilMs: fresh.untilMs, position: fresh.position };
}

function modelsOf(fresh: Fresh): CompareView['models'] {
  const counts = new Map<string, number>();
  for (const { target } of fresh.routes)
    if (target.model) counts.set(target.model, (counts.get(target.model) ?? 0) + 1);
  return [...counts].map(([id, n]) => ({ id, n })).sort((a, b) => b.n - a.n || a.id.localeCompare(b.id));
}

interface CompareTools {
  endpoints: EndpointFact[];
  numbers: Quoted;
  name: (id: string) => string;
}

function compareRow(
  ctx: ViewContext,
  fresh: Fresh,
  route: RouteState,
  { endpoints, numbers, name }: CompareTools,
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
  const isThis = (one: { gateway: string; model: string; provider?: string }): boolean =>
    one.gateway === target.gateway &&
    one.model === target.model &&
    (one.provider === undefined ? target.provider === 'any' : one.provider === target.provider);
  return {
    id: route.targetId,
    path: pathOf.route(target),
    provider: target.provider === 'any' ? '' : name(target.provider ?? ''),
    gateway: gatewayName(target.gateway ?? ''),
    verdict: route.verdict,
    share30d: shareText(month.share, month.badS, month.coverage),
    measured30d: percentText(month.coverage),
    worked: window && window.samples > 0 ? interval(window.ok, window.samples) : null,
    ...speedsOf(ctx, key),
    promptPerMillion: perMillion(endpoint?.promptUsd ?? null),
    completionPerMillion: perMillion(endpoint?.completionUsd ?? null),
    reportedUptime: endpoint?.uptime1d ?? null,
    overheadMs: numbers.overhead.find(isThis)?.firstTokenMs ?? null,
    saved: numbers.failover.find(isThis)?.saved ?? null,
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

/** Times that many checks worked out, newest first: a few hours of a route that is checked each minute. */
const checksTaken = 300;

function speedsOf(ctx: ViewContext, key: string): Pick<CompareRow, 'firstTokenMs' | 'tokensPerSecond'> {
  const good = ctx.store.looks
    .last(key, checksTaken)
    .filter(({ outcome, observation }) => resultOf(outcome) === 'good' && observation.stallMs === 0)
    .map(({ observation }) => observation);
  const firsts = good.map((o) => o.timing.firstTokenMs).filter((ms) => ms !== null);
  return { firstTokenMs: medianEstimate(firsts), tokensPerSecond: medianEstimate(good.flatMap(speedOf)) };
}

function speedOf({ timing: { firstTokenMs, totalMs }, output }: Observation): number[] {
  if (firstTokenMs === null || totalMs === null || totalMs <= firstTokenMs) return [];
  return output && output.tokens !== null && output.tokens > 1
    ? [((output.tokens - 1) * 1_000) / (totalMs - firstTokenMs)]
    : [];
}

type Quoted = Pick<ReturnType<ViewContext['store']['history']['numbers']>, 'overhead' | 'failover'>;
const quotedMs = 300_000;
const keptQuoted = new WeakMap<ViewContext['store']['history'], { at: number; numbers: Quoted }>();

/** Pairs of a whole day are read for these, so they are kept for five minutes. */
function quoted({ store: { history }, nowMs }: ViewContext): Quoted {
  const at = Math.floor(nowMs / quotedMs);
  const kept = keptQuoted.get(history);
  if (kept?.at === at) return kept.numbers;
  const numbers = history.numbers({ fromMs: nowMs - dayMs, toMs: nowMs });
  keptQuoted.set(history, { at, numbers });
  return numbers;
}

/** How many times the cheapest each costs. */
function withMarkup(rows: CompareRow[]): CompareRow[] {
  const prices = rows.map((r) => r.completionPerMillion).filter((p): p is number => p !== null && p > 0);
  const cheapest = prices.length > 1 ? Math.min(...prices) : null;
  return rows.map((row) => ({
    ...row,
    markup:
      cheapest === null || row.completionPerMillion === null
        ? null
        : (row.completionPerMillion / cheapest).toFixed(2),
  }));
}
