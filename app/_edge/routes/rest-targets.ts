import { countedTargets } from '#lib/core/counted-targets.ts';
import { feedHead } from '#lib/core/feed-document.ts';
import { iso } from '#lib/core/feed-routing.ts';
import { toWire } from '#lib/core/observation-wire.ts';
import { targetId } from '#lib/core/target.ts';
import { type Metric, metrics } from '#lib/store.ts';
import type { Handler } from '../guard.ts';
import { conventionRule, pageOf, pagingParameters, periodOf, periodParameters } from '../listing.ts';
import { momentCursor, pageOfMoments } from '../moments.ts';
import { numberOf, type ParameterRules } from '../parameters.ts';
import { json, Problem } from '../reply.ts';

const publicProbes = ['completion', 'catalog', 'official', 'reported', 'http', 'control'];

export const targetsParameters = {
  gateway: { kind: 'list', about: 'gateways' },
  provider: { kind: 'list', about: 'providers' },
  model: { kind: 'list', about: 'models' },
  probe: { kind: 'list', values: publicProbes, about: 'kinds of check' },
  ...pagingParameters,
} as const satisfies ParameterRules;

/** `GET /api/v1/targets`: everything that is watched, and how often. */
export const targets: Handler = ({ edge, parameters }) => {
  const facts = edge.live.facts();
  const verdicts = new Map(facts.routes.map((r) => [r.targetId, r]));
  const isIn = (name: string, value: string | null) => {
    const wanted = parameters.get(name)?.toLowerCase().split(',');
    return !wanted || wanted.includes((value ?? '').toLowerCase());
  };
  const watched = facts.fleet.filter(
    (w) =>
      publicProbes.includes(w.probe) &&
      isIn('probe', w.probe) &&
      isIn('gateway', w.target.gateway) &&
      isIn('provider', w.target.provider) &&
      isIn('model', w.target.model),
  );
  return json(
    pageOf(watched, parameters, (w) => {
      const route = w.probe === 'completion' ? verdicts.get(targetId(w.target)) : undefined;
      return {
        key: w.key,
        id: targetId(w.target),
        probe: w.probe,
        ...{ gateway: w.target.gateway, provider: w.target.provider, model: w.target.model },
        api: w.target.api ?? null,
        region: w.target.region ?? null,
        every_s: w.everyMs / 1000,
        state: route?.state ?? null,
        verdict: route?.verdict ?? null,
        reason: route?.reason ?? null,
      };
    }),
  );
};

const keyRule = { kind: 'text', max: 600, about: 'key of a target, or its id for a route' } as const;

function keyOf(edge: Parameters<Handler>[0]['edge'], text: string | undefined): string {
  if (!text)
    throw new Problem('invalid-parameter', 'target is needed', {
      errors: [{ parameter: 'target', detail: 'is needed' }],
    });
  const found = edge.live
    .facts()
    .fleet.find((w) => w.key === text || (w.probe === 'completion' && targetId(w.target) === text));
  if (!found || !publicProbes.includes(found.probe))
    throw new Problem('unknown-target', 'there is no target of this id');
  return found.key;
}

export const observationsParameters = {
  target: keyRule,
  limit: pagingParameters.limit,
  cursor: momentCursor,
} as const satisfies ParameterRules;

const deepest = 5_000;

/** `GET /api/v1/observations`: the last looks at one target, newest first, in the form they were written down. */
export const observations: Handler = ({ edge, parameters }) => {
  const key = keyOf(edge, parameters.get('target'));
  const limit = numberOf(parameters, 'limit', 100);
  const cursor = parameters.get('cursor');
  const looks = edge.store.looks.last(key, cursor === undefined ? limit + 1 : deepest);
  const { page, nextCursor } = pageOfMoments({
    ...{ cursor, beforeMs: null, limit },
    read: (beforeMs, count) => looks.filter((one) => one.observation.atMs < beforeMs).slice(0, count),
    atMs: (one) => one.observation.atMs,
    isShown: () => true,
  });
  return json({
    data: page.map((look) => ({ ...toWire(look.observation), outcome: look.outcome })),
    page: { next_cursor: nextCursor },
  });
};

export const seriesParameters = {
  target: keyRule,
  metric: { kind: 'one', values: metrics, about: 'what is measured; first_token when absent' },
  points: { kind: 'number', min: 1, max: 500, about: 'how many points; 96 when absent' },
  ...periodParameters,
} as const satisfies ParameterRules;

/** `GET /api/v1/series`: percentiles over time. */
export const series: Handler = ({ edge, parameters, nowMs }) => {
  const targetKey = keyOf(edge, parameters.get('target'));
  const { fromMs, toMs } = periodOf(parameters, nowMs, 86_400_000);
  const metric = (parameters.get('metric') ?? 'first_token') as Metric;
  const points = numberOf(parameters, 'points', 96);
  const found = edge.store.history.series({ targetKey, fromMs, toMs, metric, points });
  const unit = metric === 'tokens_per_second' ? 'tokens/s' : 'ms';
  return json({
    target: targetKey,
    metric,
    unit,
    from: iso(fromMs),
    to: iso(toMs),
    data: found.map((p) => ({ at: iso(p.atMs), n: p.n, p50: p.p50, p95: p.p95, p99: p.p99 })),
  });
};

export const availabilityParameters = {
  gateway: { kind: 'list', about: 'gateways' },
  provider: { kind: 'list', about: 'providers' },
  model: { kind: 'list', about: 'models' },
  target: { kind: 'list', about: 'target ids' },
  convention: conventionRule,
  ...periodParameters,
} as const satisfies ParameterRules;

/** `GET /api/v1/availability`: one figure, with its coverage and how failures were counted. */
export const availability: Handler = ({ edge, parameters, nowMs }) => {
  const { fromMs, toMs } = periodOf(parameters, nowMs, 30 * 86_400_000);
  const lists = ['gateway', 'provider', 'model', 'target'].map((name) =>
    parameters.get(name)?.toLowerCase().split(','),
  );
  const asked = edge.live.facts().fleet.filter(({ probe, target: t }) => {
    const values = [t.gateway, t.provider, t.model, targetId(t)];
    return (
      probe === 'completion' &&
      lists.every((list, i) => !list || list.includes((values[i] ?? '').toLowerCase()))
    );
  });
  const [gateways, ...narrower] = lists;
  // A gateway by itself is counted as its page counts it; with more said, exactly what was asked for.
  const isByGateway = gateways !== undefined && narrower.every((list) => list === undefined);
  const counted = isByGateway
    ? [...new Set(asked.map((w) => w.target.gateway))].flatMap((id) =>
        countedTargets({ kind: 'gateway', id: id ?? '' }, asked),
      )
    : asked;
  const keys = counted.map((w) => w.key);
  if (keys.length === 0) throw new Problem('unknown-target', 'no watched route fits these parameters');
  const convention = (parameters.get('convention') ?? 'openrouter') as 'openrouter' | 'strict' | 'lenient';
  const figure = edge.store.history.availability({ targetKeys: keys, fromMs, toMs, convention });
  const { share, coverage, measuredS, badS } = figure;
  return json({
    generated_at: feedHead(edge.live.facts()).generated_at,
    from: iso(fromMs),
    to: iso(toMs),
    convention,
    targets: keys.length,
    availability: share,
    coverage,
    measured_s: measuredS,
    bad_s: badS,
  });
};
