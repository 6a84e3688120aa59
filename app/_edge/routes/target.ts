import { feedHead, feedIncident } from '#lib/core/feed-document.ts';
import { validUntilMs } from '#lib/core/feed-facts.ts';
import { fullContext, fullTarget } from '#lib/core/feed-full.ts';
import { healthJson } from '#lib/core/feed-health-json.ts';
import type { WindowName } from '#lib/core/feed-query.ts';
import { iso, routingGuard } from '#lib/core/feed-routing.ts';
import type { Edge } from '../edge.ts';
import type { Handler } from '../guard.ts';
import { listOf } from '../parameters.ts';
import { isMatch } from '../prepared.ts';
import { json, Problem } from '../reply.ts';
import { feedHeaders } from '../views.ts';

export function routeOf(edge: Edge, id: string) {
  const wanted = id.toLowerCase();
  return edge.live.facts().routes.find((r) => r.targetId.toLowerCase() === wanted) ?? null;
}

/** The media type this reader prefers of the two, or null when it takes neither. */
export function preferred(accept: string | undefined): 'json' | 'health' | null {
  const ranges = (accept ?? '*/*').split(',').map((range) => {
    const [type = '', ...rest] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const q = Number(rest.find((p) => p.startsWith('q='))?.slice(2) ?? '1');
    return { type, q };
  });
  const weight = (...types: string[]) =>
    Math.max(0, ...ranges.filter((r) => types.includes(r.type)).map((r) => r.q));
  const health = weight('application/health+json');
  const plain = weight('application/json', 'application/*', '*/*');
  if (health === 0 && plain === 0) return null;
  return health >= plain && health > 0 ? 'health' : 'json';
}

/** `GET /api/v1/health/targets/{id}`: the HTTP status stays 200 when the target fails. */
export const target: Handler = ({ req, edge, parts, parameters }) => {
  const facts = edge.live.facts();
  const route = routeOf(edge, parts.id ?? '');
  if (!route)
    throw new Problem(
      'unknown-target',
      'there is no target of this id; an absent target is unknown, and usable',
    );
  const form = preferred(req.headers.accept);
  if (!form) throw new Problem('not-acceptable', 'application/json or application/health+json');
  const windows = (listOf(parameters, 'windows') ?? ['5m', '1h']) as WindowName[];
  const { word, substance, statistics } = edge.live;
  const moving = `${word}${substance}.${statistics}${form[0]}${windows.toSorted().join('')}`;
  const tag = `W/"${facts.epoch}-${edge.live.changedSeq(route.targetId)}-${moving}"`;
  const headers = {
    ...feedHeaders,
    etag: tag,
    vary: 'Accept, Accept-Encoding',
    'signalbox-seq': String(facts.seq),
    'signalbox-valid-until': iso(validUntilMs(facts)),
  };
  const known = req.headers['if-none-match'];
  if (known !== undefined && isMatch(known, tag)) return { status: 304, headers, body: null };
  if (form === 'health')
    return json(healthJson(route, facts), { ...headers, 'content-type': 'application/health+json' });
  const incident = facts.incidents.find((i) => i.id === route.incidentId);
  return json(
    {
      ...feedHead(facts),
      view: 'full',
      self: { status: facts.guard.self },
      guard: routingGuard(facts.guard),
      target: fullTarget(route, fullContext(facts), windows),
      incidents: incident ? [feedIncident(incident, edge.url)] : [],
    },
    headers,
  );
};
