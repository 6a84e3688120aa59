import { feedChains } from './feed-chains.ts';
import { type FeedFacts, generatedAtMs, pollAfterS, validUntilMs } from './feed-facts.ts';
import { fullContext, fullTarget } from './feed-full.ts';
import { feedGroups, feedModels, fullGroups } from './feed-groups.ts';
import { type FeedQuery, selectRoutes } from './feed-query.ts';
import { iso, isoOrNull, routingGuard, routingTarget } from './feed-routing.ts';
import type { Incident, RouteState } from './plan.ts';
import { impactWords } from './words.ts';

export const schemaVersion = '1.0';

/** What the head says and the heartbeat of the stream repeats. */
export function feedHead(facts: FeedFacts, pollS = pollAfterS) {
  return {
    schema_version: schemaVersion,
    epoch: facts.epoch,
    seq: facts.seq,
    generated_at: iso(generatedAtMs(facts)),
    valid_until: iso(validUntilMs(facts)),
    poll_after_s: pollS,
  };
}

export function feedIncident(incident: Incident, url: string | null) {
  return {
    id: incident.id,
    status:
      incident.status === 'resolved'
        ? 'resolved'
        : incident.confidence === 'high'
          ? 'identified'
          : 'investigating',
    impact: impactWords[incident.impact].statuspage,
    title: incident.title,
    started_at: iso(incident.startedAtMs),
    resolved_at: isoOrNull(incident.resolvedAtMs),
    ...(url ? { url: `${url}/incidents/${incident.id}` } : {}),
  };
}

function self(facts: FeedFacts) {
  const prober = { id: facts.vantage ?? 'local', last_seen: iso(generatedAtMs(facts)) };
  const status = facts.isExpired ? 'lost' : facts.guard.self === 'ok' ? 'ok' : 'degraded';
  return { status: facts.guard.self, probers: [{ ...prober, status }] };
}

export interface FeedAnswer {
  document: Record<string, unknown>;
  /** The routes in it: their last change is the view's. */
  routes: RouteState[];
}

/** The published document for one question. */
export function feedDocument(
  facts: FeedFacts,
  query: FeedQuery,
  url: string | null,
  pollS = pollAfterS,
): FeedAnswer {
  const { page, total, nextCursor } = selectRoutes(facts.routes, query);
  const head = feedHead(facts, pollS);
  const models = new Set(page.map((route) => route.target.model));
  const summary = { chains: feedChains(facts), models: feedModels(facts).filter((m) => models.has(m.id)) };
  if (query.view === 'routing') {
    const document = {
      ...head,
      view: 'routing',
      self: { status: facts.guard.self },
      guard: routingGuard(facts.guard),
      targets: page.map(routingTarget),
      ...summary,
      ...(nextCursor ? { page: { next_cursor: nextCursor, total } } : {}),
    };
    return { document, routes: page };
  }
  const context = fullContext(facts);
  const ids = new Set(page.flatMap(fullGroups));
  const incidentIds = new Set(page.map((r) => r.incidentId));
  const isWhole = total === facts.routes.length;
  const document = {
    ...(url ? { $schema: `${url}/schemas/health/${schemaVersion}.json` } : {}),
    ...head,
    view: 'full',
    self: self(facts),
    guard: {
      ...routingGuard(facts.guard),
      reason: facts.guard.reason,
      since: isoOrNull(facts.guard.sinceMs),
    },
    groups: feedGroups(facts).filter((g) => ids.has(g.id)),
    targets: page.map((route) => fullTarget(route, context, query.windows)),
    ...summary,
    incidents: facts.incidents
      .filter((i) => i.status === 'open' && (isWhole || incidentIds.has(i.id)))
      .map((i) => feedIncident(i, url)),
    page: { next_cursor: nextCursor, total },
  };
  return { document, routes: page };
}
