import { capabilitiesOf } from './feed-capabilities.ts';
import { feedClassOf } from './feed-classes.ts';
import { type FeedFacts, type FeedWindow, feedLifeMs, generatedAtMs } from './feed-facts.ts';
import { fullGroups } from './feed-groups.ts';
import { type WindowName, windowsMs } from './feed-query.ts';
import { iso, isoOrNull, routingTarget, share } from './feed-routing.ts';
import type { EndpointFact, RouteState } from './plan.ts';
import { wilson, z } from './statistics.ts';
import { providerBase, routeScopeId, targetKey } from './target.ts';

/** What the full view needs to look up per target, gathered once per document. */
export interface FullContext {
  facts: FeedFacts;
  windows: Map<string, FeedWindow>;
  ranks: Map<string, number>;
  /** Interval of each look, by key. */
  everyMs: Map<string, number>;
  /** What each provider's own page says, by provider. */
  claimed: Map<string, string>;
}

export function fullContext(facts: FeedFacts): FullContext {
  const windows = new Map(facts.windows.map((w) => [`${w.targetKey}@${w.windowMs}`, w]));
  const everyMs = new Map(facts.fleet.map((watched) => [watched.key, watched.everyMs]));
  const claims = facts.claims.flatMap((page) => page.claims);
  const claimed = new Map(
    claims
      .toReversed()
      .flatMap((c) => (c.provider !== null && c.model === null ? [[c.provider, c.status]] : [])),
  );
  return { facts, windows, ranks: ranksOf(facts.routes), everyMs, claimed };
}

const apiNames: Record<string, string> = {
  chat: 'chat.completions',
  responses: 'responses',
  messages: 'messages',
  embeddings: 'embeddings',
};

export function fullTarget(
  route: RouteState,
  context: FullContext,
  names: WindowName[],
): Record<string, unknown> {
  const base = routingTarget(route);
  const { facts } = context;
  const key = targetKey('completion', route.target);
  const everyMs = context.everyMs.get(key) ?? feedLifeMs / 3;
  const endpoint = endpointOf(route, facts);
  const score = route.confidence.pUp === null ? null : share(route.confidence.pUp);
  return {
    ...base,
    region: route.target.region ?? null,
    api: apiNames[route.target.api ?? 'chat'] ?? (route.target.api as string),
    groups: fullGroups(route),
    aliases: aliases(route, base.provider),
    state_since: iso(route.stateSinceMs),
    reason: route.reason,
    circuit: {
      ...base.circuit,
      reason: circuitReason(route.circuit.reason),
      opened_count_1h: route.circuit.openedCount1h,
      source: route.circuit.source,
    },
    advice: { ...base.advice, rank: context.ranks.get(route.targetId) ?? null, score },
    confidence: {
      ...base.confidence,
      p_up: score,
      vantages: route.confidence.vantages,
      agreeing_vantages: route.confidence.agreeingVantages,
      last_sample_at: isoOrNull(route.confidence.lastSampleAtMs),
    },
    observed_at: isoOrNull(route.confidence.lastSampleAtMs ?? route.observedAtMs),
    valid_until: iso(
      (route.confidence.lastSampleAtMs ?? route.observedAtMs ?? 0) + Math.max(feedLifeMs, 3 * everyMs),
    ),
    windows: windowsOf(key, context, names),
    capabilities: capabilitiesOf(route, facts.abilities, generatedAtMs(facts)),
    rate_limit: rateLimit(route, context.windows.get(`${key}@${windowsMs['5m']}`)),
    maintenance: maintenanceOf(route, facts),
    price: priceOf(endpoint, facts.beatMs ?? 0),
    evidence: evidenceOf(route, endpoint, context),
    incident_ids: route.incidentId ? [route.incidentId] : [],
  };
}

/** The window that goes on or comes next: what a router drains for. */
function maintenanceOf(route: RouteState, facts: FeedFacts): Record<string, unknown> | null {
  const keys = [`route:${routeScopeId(route.target)}`, ...fullGroups(route)];
  const window = facts.planned.find(
    (one) => one.toMs > generatedAtMs(facts) && one.scope.some((key) => keys.includes(key)),
  );
  return window ? { starts_at: iso(window.fromMs), ends_at: iso(window.toMs), title: window.title } : null;
}

function circuitReason(reason: string | null): string | null {
  if (reason === null || ['slow', 'maintenance', 'manual', 'group'].includes(reason)) return reason;
  return feedClassOf(reason);
}

function endpointOf(route: RouteState, facts: FeedFacts): EndpointFact | undefined {
  const list = route.target.model
    ? facts.endpoints.get(`${route.target.gateway}|${route.target.model}`)
    : undefined;
  return (
    list?.find((e) => e.tag === route.endpoint) ??
    list?.find((e) => providerBase(e.tag) === providerBase(route.target.provider ?? ''))
  );
}

function aliases(route: RouteState, provider: string | null): Record<string, unknown> {
  const { gateway, model } = route.target;
  const viaOpenRouter = gateway === 'openrouter';
  const maker =
    route.target.provider === 'any' ? gateway : providerBase(route.target.provider ?? gateway ?? '');
  return {
    openrouter: viaOpenRouter ? { model, provider } : null,
    litellm: {
      model: viaOpenRouter ? `openrouter/${model}` : gateway === 'direct' ? `${maker}/${model}` : model,
    },
    vercel: null,
    otel: { 'gen_ai.provider.name': maker, ...(viaOpenRouter ? { 'server.address': 'openrouter.ai' } : {}) },
  };
}

function windowsOf(key: string, context: FullContext, names: WindowName[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of names) {
    const window = context.windows.get(`${key}@${windowsMs[name]}`);
    if (window) out[name] = windowBody(window);
  }
  return out;
}

function windowBody(window: FeedWindow): Record<string, unknown> {
  const errors: Record<string, number> = {};
  for (const [name, count] of Object.entries(window.byClass)) {
    const feedClass = feedClassOf(name);
    if (feedClass && count > 0) errors[feedClass] = (errors[feedClass] ?? 0) + count;
  }
  return {
    samples: window.samples,
    ok: window.ok,
    success_rate: window.samples ? share(window.ok / window.samples) : null,
    success_rate_ci95: window.samples ? interval(window.ok, window.samples) : null,
    errors,
    ttft_ms: quantiles(window.firstTokenMs),
    itl_ms: interToken(quantiles(window.tokensPerSecond)),
    output_tps: quantiles(window.tokensPerSecond),
    total_ms: quantiles(window.totalMs),
  };
}

function interval(ok: number, samples: number): [number, number] {
  const { low, high } = wilson(ok, samples, z.two95);
  return [share(low), share(high)];
}

/** Below five samples a quantile is an anecdote. */
function quantiles<Q extends { n: number }>(q: Q | null): Q | null {
  return q && q.n >= 5 ? q : null;
}

/** The time between two tokens is the other face of tokens a second. */
function interToken(tps: { p50: number; p5: number; n: number } | null): Record<string, number> | null {
  if (!tps || tps.p50 <= 0 || tps.p5 <= 0) return null;
  return { p50: tenth(1000 / tps.p50), p95: tenth(1000 / tps.p5), n: tps.n };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function rateLimit(route: RouteState, window: FeedWindow | undefined): Record<string, unknown> {
  const limited = Object.entries(window?.byClass ?? {}).reduce(
    (sum, [name, count]) => (feedClassOf(name) === 'http_429' ? sum + count : sum),
    0,
  );
  return {
    state: route.limited ? 'limited' : route.confidence.samples > 0 ? 'ok' : 'unknown',
    limited_share_5m: window?.samples ? share(limited / window.samples) : null,
    retry_after_s: null,
    limit_requests: null,
    remaining_requests: null,
    reset_at: null,
    scope: 'probe_key',
  };
}

function priceOf(endpoint: EndpointFact | undefined, asOfMs: number): Record<string, unknown> | null {
  if (!endpoint || endpoint.promptUsd === null || endpoint.completionUsd === null) return null;
  if (endpoint.promptUsd < 0 || endpoint.completionUsd < 0) return null;
  return {
    currency: 'USD',
    input_per_mtok: perMillion(endpoint.promptUsd),
    output_per_mtok: perMillion(endpoint.completionUsd),
    as_of: iso(asOfMs),
  };
}

function perMillion(usd: number): number {
  return Math.round(usd * 1e12) / 1e6;
}

function evidenceOf(
  route: RouteState,
  endpoint: EndpointFact | undefined,
  { claimed }: FullContext,
): Record<string, unknown> {
  return {
    synthetic: route.confidence.samples,
    passive: 0,
    gateway_stats: endpoint?.uptime5m == null ? null : { uptime_last_5m: endpoint.uptime5m },
    vendor_status: claimed.get(route.target.provider ?? '') ?? null,
    affected_by: route.affectedBy,
  };
}

/** For display only: by likelihood of working, inside one model. */
function ranksOf(routes: RouteState[]): Map<string, number> {
  const byModel = Map.groupBy(routes, (r) => r.target.model);
  const ranks = new Map<string, number>();
  for (const list of byModel.values())
    list
      .toSorted(
        (a, b) => (b.confidence.pUp ?? -1) - (a.confidence.pUp ?? -1) || (a.targetId < b.targetId ? -1 : 1),
      )
      .forEach((route, i) => {
        ranks.set(route.targetId, i + 1);
      });
  return ranks;
}
