import type { RoutingTarget } from '../core/feed-routing.ts';
import { asJson, byGoodness, type Export, type ExportAsk, excludedOf, isServing } from './export.ts';

/** A fragment of an OpenRouter request: full endpoint tags, because a base slug would exclude every variant of it. */
export const openrouter: Export = (ask) => {
  const models = reordered(ask);
  const [model] = models;
  if (model === undefined) return asJson({ provider: { ignore: everywhereOut(ask), allow_fallbacks: true } });
  const pool = poolOf(ask, model);
  const body = { model, ...(models.length > 1 ? { models } : {}) };
  if (ask.mode === 'order') {
    const order = ask.hasOpinion ? pool.filter(isServing).sort(byGoodness).map(tagOf) : [];
    return asJson({ ...body, provider: { ...(order.length > 0 ? { order } : {}), allow_fallbacks: true } });
  }
  const ignore = isAllOut(ask, model) ? [] : sparing(ask, models, excludedOf(pool, ask).map(tagOf));
  return asJson({ ...body, provider: { ...(ignore.length > 0 ? { ignore } : {}), allow_fallbacks: true } });
};

function poolOf(ask: ExportAsk, model: string): RoutingTarget[] {
  return ask.targets.filter((t) => t.gateway === 'openrouter' && t.provider !== null && t.model === model);
}

function tagOf(target: RoutingTarget): string {
  return target.provider ?? '';
}

function isAllOut(ask: ExportAsk, model: string): boolean {
  const pool = poolOf(ask, model);
  return ask.hasOpinion && pool.length > 0 && !pool.some(isServing);
}

/** A model whose every provider is open goes to the end; nothing of it is excluded. */
function reordered(ask: ExportAsk): string[] {
  return [...ask.models.filter((m) => !isAllOut(ask, m)), ...ask.models.filter((m) => isAllOut(ask, m))];
}

/** `ignore` counts for every model of the request: no fallback may lose its last known provider by it. */
function sparing(ask: ExportAsk, models: string[], tags: string[]): string[] {
  const ignored = new Set(tags);
  for (const model of models) {
    const pool = poolOf(ask, model);
    const least = Math.min(Math.max(1, ask.keep), pool.length);
    for (const target of [...pool].sort(byGoodness)) {
      if (pool.filter((t) => !ignored.has(tagOf(t))).length >= least) break;
      ignored.delete(tagOf(target));
    }
  }
  return [...ignored].sort();
}

/** Without a model: what is out wherever we watch it. */
function everywhereOut(ask: ExportAsk): string[] {
  const byTag = Map.groupBy(
    ask.targets.filter((t) => t.gateway === 'openrouter' && t.provider),
    tagOf,
  );
  const out = [...byTag].filter(
    ([, list]) => ask.hasOpinion && list.every((t) => t.advice.action === 'avoid'),
  );
  return out.length === byTag.size ? [] : out.map(([tag]) => tag).sort();
}
