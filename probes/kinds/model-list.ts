import {
  asCount,
  asInstantMs,
  asList,
  asNumber,
  asObject,
  asText,
  dig,
  type Loose,
} from '#lib/core/loose.ts';
import type { ModelFact } from '#lib/core/plan.ts';

export interface ModelList {
  models: ModelFact[];
  /** false: elements were unreadable, so absences mean nothing. */
  isComplete: boolean;
  totalCount: number | null;
  nextUrl: string | null;
}

/** Ten times the longest list there is. */
const maxModels = 5_000;

/** OpenRouter's list, or the plain `{data: [{id}]}` of everybody else; null when it is neither. */
export function readModelList(body: unknown, url: string): ModelList | null {
  const root = asObject(body);
  const data = Array.isArray(body) ? body : (root?.data ?? root?.models);
  if (!Array.isArray(data)) return null;
  const models = new Map<string, ModelFact>();
  let unreadable = 0;
  for (const item of data.slice(0, maxModels)) {
    const model = readModel(asObject(item));
    if (model) models.set(model.id, model);
    else unreadable += 1;
  }
  // A list of nothing but garbage, or of nothing, is no list.
  if (models.size === 0) return null;
  return {
    models: [...models.values()],
    isComplete: unreadable === 0 && data.length <= maxModels,
    totalCount: asCount(root?.total_count),
    nextUrl: nextOf(root, url),
  };
}

function nextOf(root: Loose | null, url: string): string | null {
  const next = asText(dig(root, 'links', 'next'));
  if (!next || !URL.canParse(next, url)) return null;
  const resolved = new URL(next, url);
  // A list never sends us elsewhere.
  return resolved.origin === new URL(url).origin && resolved.href !== url ? resolved.href : null;
}

function readModel(item: Loose | null): ModelFact | null {
  const id = asText(item?.id) ?? asText(item?.name);
  if (!item || !id || id.length > 200) return null;
  const pricing = asObject(item.pricing);
  return {
    id,
    canonicalSlug: asText(item.canonical_slug)?.slice(0, 200) ?? null,
    name: asText(item.name)?.slice(0, 200) ?? null,
    contextLength: asCount(item.context_length) ?? asCount(dig(item, 'top_provider', 'context_length')),
    promptUsd: readPrice(pricing?.prompt),
    completionUsd: readPrice(pricing?.completion),
    requestUsd: readPrice(pricing?.request),
    supportedParameters: texts(item.supported_parameters),
    inputModalities: texts(dig(item, 'architecture', 'input_modalities')),
    outputModalities: texts(dig(item, 'architecture', 'output_modalities')),
    isReasoningMandatory: dig(item, 'reasoning', 'mandatory') === true,
    expirationDate: readDate(item.expiration_date),
    createdAtMs: asInstantMs(item.created),
  };
}

/** USD per token as a text; `-1` is a variable price, and nothing can be reckoned with it. */
export function readPrice(value: unknown): number | null {
  const price = asNumber(value);
  return price === null || price < 0 ? null : price;
}

function readDate(value: unknown): string | null {
  const text = asText(value);
  return text && /^\d{4}-\d{2}-\d{2}/.test(text) ? text.slice(0, 10) : null;
}

function texts(value: unknown): string[] {
  return asList(value)
    .filter((item): item is string => typeof item === 'string')
    .map((item) => item.slice(0, 64))
    .slice(0, 64);
}
