import { canonicalModel } from './canonical-model.ts';
import { type ChosenRoute, fleetShape, lookPriceUsd } from './fleet-default.ts';
import type { ModelFact } from './plan.ts';

/** Routes of a gateway that does not say who serves what: as users call it, on models that are cheap wherever they are. */

export interface ListPrice {
  promptUsd: number;
  completionUsd: number;
  requestUsd: number;
}

export interface UnpinnedWish {
  /** What the gateway lists; empty when the list could not be read. */
  models: readonly ModelFact[];
  /** Models that its preset names, best first. */
  own: readonly string[];
  /** List prices of small models by their canonical names, from those who publish them. */
  known: ReadonlyMap<string, ListPrice>;
  previous: readonly ChosenRoute[];
  nowMs: number;
}

const noText = /embed|whisper|tts|audio|speech|image|video|dall|moderation|rerank|ocr|guard/i;

export function chooseUnpinnedByName({ models, own, known, previous, nowMs }: UnpinnedWish): ChosenRoute[] {
  const listed = new Map(models.map((model) => [model.id, model]));
  const isThere = (id: string) => listed.size === 0 || listed.has(id);
  const chosen: ChosenRoute[] = [];
  const names = new Set<string>();
  const take = (id: string, priceUsd: number) => {
    const name = canonicalModel(id);
    if (chosen.length >= fleetShape.unpinned || names.has(name)) return;
    names.add(name);
    chosen.push({ provider: 'any', model: id, endpoint: null, role: 'unpinned', priceUsd });
  };
  const priceOf = (id: string) => knownPriceUsd(id, listed.get(id), known);
  for (const route of previous) if (isThere(route.model)) take(route.model, route.priceUsd);
  for (const id of own) if (isThere(id)) take(id, priceOf(id) ?? 0);
  for (const { id, priceUsd } of cheapest(models, known, nowMs)) take(id, priceUsd);
  return chosen;
}

/** The list's own price, else what others publish for a model of that name; null where nobody says. */
function knownPriceUsd(
  id: string,
  model: ModelFact | undefined,
  known: ReadonlyMap<string, ListPrice>,
): number | null {
  const own = model ? lookPriceUsd(model) : null;
  if (own !== null && own > 0) return own;
  const price = known.get(canonicalModel(id));
  return price ? lookPriceUsd(price) : null;
}

function cheapest(models: readonly ModelFact[], known: ReadonlyMap<string, ListPrice>, nowMs: number) {
  return models
    .filter((model) => isPlain(model, nowMs))
    .flatMap((model) => {
      const priceUsd = knownPriceUsd(model.id, model, known);
      return priceUsd !== null && priceUsd <= fleetShape.maxUnpinnedUsd ? [{ id: model.id, priceUsd }] : [];
    })
    .sort((a, b) => a.priceUsd - b.priceUsd || (a.id < b.id ? -1 : 1));
}

function isPlain(model: ModelFact, nowMs: number): boolean {
  if (model.id.includes(':') || model.isReasoningMandatory || noText.test(model.id)) return false;
  if (model.outputModalities.length > 0 && !model.outputModalities.includes('text')) return false;
  const endsMs = model.expirationDate ? Date.parse(model.expirationDate) : Number.NaN;
  return !(endsMs - nowMs < fleetShape.expiringWithinMs);
}
