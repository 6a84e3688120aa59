import { capabilitiesOf } from './feed-capabilities.ts';
import { feedClassOf } from './feed-classes.ts';
import { evidenceOf, lastSampleMs } from './feed-evidence.ts';
import { type FeedFacts, type FeedWindow, feedLifeMs, generatedAtMs } from './feed-facts.ts';
import { fullGroups } from './feed-groups.ts';
import { aliases, endpointOf, type Price, priceOf } from './feed-identity.ts';
import { type WindowName, windowsMs } from './feed-query.ts';
import { rateLimit } from './feed-rate-limit.ts';
import { iso, isoOrNull, routingTarget, share } from './feed-routing.ts';
import { windowKey, windowsOf } from './feed-windows.ts';
import type { RouteState } from './plan.ts';
import { routeScopeId, targetKey } from './target.ts';
import type { Verdict } from './words.ts';
import { worstClaim } from './worst-claim.ts';

/** What the full view needs to look up per target, gathered once per document. */
export interface FullContext {
  facts: FeedFacts;
  windows: Map<string, FeedWindow>;
  ranks: Map<string, number>;
  /** Interval of each look, by key. */
  everyMs: Map<string, number>;
  /** What each look is reckoned to cost, by key: where no list of endpoints says it. */
  prices: Map<string, Price>;
  /** What each official page says in one word, by whom it speaks for. */
  claimed: Map<string, Verdict>;
  /** What each open public incident is called, by its id. */
  titles: Map<string, string>;
}

const claimLifeMs = 15 * 60_000;

export function fullContext(facts: FeedFacts): FullContext {
  const windows = new Map(facts.windows.map((w) => [windowKey(w.targetKey, w.windowMs), w]));
  const everyMs = new Map(facts.fleet.map((watched) => [watched.key, watched.everyMs]));
  const asOfMs = facts.workerStartedAtMs ?? generatedAtMs(facts);
  const prices = new Map(
    facts.fleet.flatMap(({ key, price }) => (price ? [[key, { ...price, readAtMs: asOfMs }] as const] : [])),
  );
  const claimed = new Map(
    facts.claims
      .filter(({ atMs }) => atMs > generatedAtMs(facts) - claimLifeMs)
      .map(({ page, claims }) => [page, worstClaim(claims)]),
  );
  const open = facts.incidents.filter((i) => i.isPublic && i.status === 'open');
  const titles = new Map(open.map((i) => [i.id, i.title]));
  return { facts, windows, ranks: ranksOf(facts.routes), everyMs, prices, claimed, titles };
}

/** A route that fails with others says first what everybody is told: whose fault it is. */
function reasonOf(route: RouteState, { titles }: FullContext): string {
  const title = route.incidentId && titles.get(route.incidentId);
  return title ? `${title}: ${route.reason}` : route.reason;
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
  const lastMs = lastSampleMs(route, key, context.windows);
  const score = route.confidence.pUp === null ? null : share(route.confidence.pUp);
  return {
    ...base,
    region: route.target.region ?? null,
    api: apiNames[route.target.api ?? 'chat'] ?? (route.target.api as string),
    groups: fullGroups(route),
    aliases: aliases(route, base.provider),
    state_since: iso(route.stateSinceMs),
    reason: reasonOf(route, context),
    circuit: {
      ...base.circuit,
      reason: circuitReason(route.circuit.reason),
      opened_count_1h: openedWithinHour(route, generatedAtMs(facts)),
      source: route.circuit.source,
    },
    advice: { ...base.advice, rank: context.ranks.get(route.targetId) ?? null, score },
    confidence: {
      ...base.confidence,
      p_up: score,
      vantages: route.confidence.vantages,
      agreeing_vantages: route.confidence.agreeingVantages,
      last_sample_at: isoOrNull(lastMs),
    },
    observed_at: isoOrNull(lastMs ?? route.observedAtMs),
    valid_until: iso(
      (lastMs ?? route.observedAtMs ?? route.stateSinceMs) + Math.max(feedLifeMs, 3 * everyMs),
    ),
    windows: windowsOf(key, context.windows, names),
    capabilities: capabilitiesOf(route, facts.abilities, generatedAtMs(facts)),
    rate_limit: rateLimit(route, context.windows.get(windowKey(key, windowsMs['5m'])), {
      facts,
      known: facts.limits.get(key),
      everyMs,
    }),
    maintenance: maintenanceOf(route, facts),
    price: priceOf(endpoint, generatedAtMs(facts)) ?? priceOf(context.prices.get(key), generatedAtMs(facts)),
    evidence: evidenceOf(route, endpoint, { ...context, key, everyMs }),
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

const hourMs = 3_600_000;

function openedWithinHour({ circuit }: RouteState, nowMs: number): number {
  return (circuit.openedAtMs ?? []).filter((ms) => ms > nowMs - hourMs).length;
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
