import { iso, isoOrNull } from '#lib/core/feed-routing.ts';
import { type CoreEvent, eventTypes, type Incident } from '#lib/core/plan.ts';
import type { Edge } from '../edge.ts';
import type { Handler } from '../guard.ts';
import { pagingParameters } from '../listing.ts';
import { momentCursor, pageOfMoments } from '../moments.ts';
import { listOf, numberOf, type ParameterRules, type Parameters, timeOf } from '../parameters.ts';
import { json, Problem } from '../reply.ts';

export const incidentsParameters = {
  status: { kind: 'one', values: ['open', 'resolved'], about: 'open or resolved ones only' },
  scope: { kind: 'text', max: 300, about: 'the culprit as kind:id' },
  before: { kind: 'time', about: 'begun before; an answer names the next one' },
  limit: pagingParameters.limit,
  cursor: momentCursor,
} as const satisfies ParameterRules;

export function incidentBody(incident: Incident, edge: Edge): Record<string, unknown> {
  const { evidence } = incident;
  return {
    id: incident.id,
    scope: incident.scope,
    impact: incident.impact,
    status: incident.status,
    is_unstable: incident.isUnstable,
    confidence: incident.confidence,
    started_at: iso(incident.startedAtMs),
    opened_at: iso(incident.openedAtMs),
    resolved_at: isoOrNull(incident.resolvedAtMs),
    title: incident.title,
    reason: incident.reason,
    evidence: {
      failed: evidence.failed,
      total: evidence.total,
      providers: evidence.providers,
      window_s: evidence.windowMs / 1000,
      by_class: evidence.byClass,
      sample: sampleBody(evidence.sample),
      working: evidence.working,
      witnesses: evidence.witnesses.map((w) => ({
        component: w.component,
        status: w.status,
        lead_s: w.leadMs === null ? null : w.leadMs / 1000,
      })),
      candidates: evidence.candidates,
      catalog: (evidence.catalog ?? []).map((one) => ({ at: iso(one.atMs), sentence: one.sentence })),
    },
    affected: incident.affected,
    timeline: incident.timeline.map((t) => ({
      at: iso(t.atMs),
      kind: t.kind,
      text: t.text,
      by: t.by === 'machine' ? 'machine' : 'person',
    })),
    acknowledged: incident.acknowledgedBy !== null,
    ...(incident.mergedInto ? { merged_into: incident.mergedInto } : {}),
    ...(incident.splitFrom ? { split_from: incident.splitFrom } : {}),
    ...(edge.url ? { url: `${edge.url}/incidents/${incident.id}` } : {}),
  };
}

function sampleBody(sample: Incident['evidence']['sample']): Record<string, unknown> | null {
  if (sample === null) return null;
  const { generationId = null, edgeId = null, ...said } = sample;
  return { ...said, generation_id: generationId, edge_id: edgeId };
}

/** `GET /api/v1/incidents`: public ones, newest first. */
export const incidents: Handler = ({ edge, parameters }) => {
  const limit = numberOf(parameters, 'limit', 100);
  const status = parameters.get('status') as 'open' | 'resolved' | undefined;
  const scope = parameters.get('scope');
  const asked = { ...(status ? { status } : {}), ...(scope ? { scope } : {}), isPublic: true };
  const { page, nextCursor } = pageOfMoments<Incident>({
    ...{ cursor: parameters.get('cursor'), beforeMs: timeOf(parameters, 'before'), limit },
    read: (beforeMs, most) => edge.store.incidents.list({ ...asked, beforeMs, limit: most }),
    atMs: (one) => one.startedAtMs,
    isShown: () => true,
  });
  const last = page.at(-1);
  return json({
    data: page.map((one) => incidentBody(one, edge)),
    page: { next_cursor: nextCursor, next_before: nextCursor && last ? iso(last.startedAtMs) : null },
  });
};

/** `GET /api/v1/incidents/{id}`. */
export const incident: Handler = ({ edge, parts }) => {
  const found = edge.store.incidents.get(parts.id ?? '');
  if (!found?.isPublic) throw new Problem('not-found', 'there is no such incident');
  return json(incidentBody(found, edge));
};

export const eventsParameters = {
  type: { kind: 'list', values: eventTypes, about: 'kinds of event' },
  before: { kind: 'time', about: 'before this time' },
  limit: pagingParameters.limit,
  cursor: momentCursor,
} as const satisfies ParameterRules;

function eventBody(event: CoreEvent): Record<string, unknown> {
  return {
    id: event.id,
    type: event.type,
    at: iso(event.atMs),
    scope: event.scope,
    impact: event.impact,
    incident_id: event.incidentId,
    target_id: event.targetId,
    sentence: event.sentence,
    reason: event.reason,
    started_at: isoOrNull(event.startedAtMs),
    data: event.data,
  };
}

function listEvents(edge: Edge, types: string[] | undefined, parameters: Parameters) {
  const { page, nextCursor } = pageOfMoments<CoreEvent>({
    cursor: parameters.get('cursor'),
    beforeMs: timeOf(parameters, 'before'),
    limit: numberOf(parameters, 'limit', 100),
    read: (beforeMs, limit) => edge.store.events.list({ ...(types ? { types } : {}), beforeMs, limit }),
    atMs: (one) => one.atMs,
    isShown: (one) => one.isPublic,
  });
  const last = page.at(-1);
  return json({
    data: page.map(eventBody),
    page: { next_cursor: nextCursor, next_before: nextCursor && last ? iso(last.atMs) : null },
  });
}

/** `GET /api/v1/events`. */
export const events: Handler = ({ edge, parameters }) =>
  listEvents(edge, listOf(parameters, 'type'), parameters);

export const catalogParameters = {
  before: eventsParameters.before,
  limit: pagingParameters.limit,
  cursor: momentCursor,
} as const satisfies ParameterRules;

/** `GET /api/v1/catalog/events`: models that came, went, or changed. */
export const catalogEvents: Handler = ({ edge, parameters }) =>
  listEvents(
    edge,
    eventTypes.filter((type) => type.startsWith('catalog.')),
    parameters,
  );
