import { nearestReplacements } from './catalog-replacements.ts';
import type { EndpointFact, ModelFact } from './plan.ts';

/** What changed between two readings of a gateway's list, with before and after; no sentences yet. */
export type CatalogChange =
  | { kind: 'model_added'; model: string; after: ModelFact }
  | { kind: 'model_withdrawn'; model: string; before: ModelFact; replacements: string[] }
  | { kind: 'model_expiring'; model: string; before: string | null; after: string; replacements: string[] }
  | { kind: 'model_repriced'; model: string; before: Price; after: Price }
  | { kind: 'context_changed'; model: string; before: number; after: number }
  | {
      kind: 'endpoint_changed';
      model: string;
      before: EndpointSide;
      after: EndpointSide;
      what: EndpointNews[];
    };

export interface Price {
  promptUsd: number | null;
  completionUsd: number | null;
  requestUsd: number | null;
}

export interface EndpointSide {
  providers: string[];
  quantizations: Record<string, string | null>;
}

export type EndpointNews =
  | { kind: 'provider_joined' | 'provider_left'; provider: string }
  | { kind: 'quantization'; tag: string; before: string | null; after: string | null }
  | { kind: 'single_provider'; provider: string };

/** Nothing was known before: everything would look new. An incomplete list says nothing about absences. */
export function diffModels(
  before: readonly ModelFact[],
  after: readonly ModelFact[],
  isComplete: boolean,
  nowMs: number,
): CatalogChange[] {
  if (before.length === 0 || after.length === 0) return [];
  const known = new Map(before.map((model) => [model.id, model]));
  const listed = new Set(after.map(({ id }) => id));
  const changes: CatalogChange[] = [];
  for (const model of after) {
    const old = known.get(model.id);
    if (!old) changes.push({ kind: 'model_added', model: model.id, after: model });
    else changes.push(...diffModel(old, model));
    changes.push(...expiryOf(old, model, after, nowMs));
  }
  if (!isComplete) return changes;
  for (const old of before) {
    if (listed.has(old.id)) continue;
    const replacements = nearestReplacements(old, after, nowMs);
    changes.push({ kind: 'model_withdrawn', model: old.id, before: old, replacements });
  }
  return changes;
}

function diffModel(old: ModelFact, now: ModelFact): CatalogChange[] {
  const changes: CatalogChange[] = [];
  if (isRepriced(old, now)) {
    changes.push({ kind: 'model_repriced', model: now.id, before: priceOf(old), after: priceOf(now) });
  }
  const [before, after] = [old.contextLength, now.contextLength];
  if (before !== null && after !== null && before !== after) {
    changes.push({ kind: 'context_changed', model: now.id, before, after });
  }
  return changes;
}

function expiryOf(
  old: ModelFact | undefined,
  now: ModelFact,
  all: readonly ModelFact[],
  nowMs: number,
): CatalogChange[] {
  const after = now.expirationDate;
  if (after === null || after === (old?.expirationDate ?? null)) return [];
  const replacements = nearestReplacements(now, all, nowMs);
  return [
    { kind: 'model_expiring', model: now.id, before: old?.expirationDate ?? null, after, replacements },
  ];
}

function priceOf({ promptUsd, completionUsd, requestUsd }: ModelFact): Price {
  return { promptUsd, completionUsd, requestUsd };
}

/** A price that went missing for one reading is no news; a fraction of a thousandth is rounding. */
function isRepriced(old: ModelFact, now: ModelFact): boolean {
  return (['promptUsd', 'completionUsd', 'requestUsd'] as const).some((name) => {
    const [before, after] = [old[name], now[name]];
    if (before === null || after === null) return false;
    return Math.abs(before - after) > Math.max(Math.abs(before), Math.abs(after)) * 0.001;
  });
}

export function diffEndpoints(
  model: string,
  before: readonly EndpointFact[],
  after: readonly EndpointFact[],
): CatalogChange[] {
  if (before.length === 0) return [];
  const [old, now] = [sideOf(before), sideOf(after)];
  const what: EndpointNews[] = [
    ...now.providers
      .filter((provider) => !old.providers.includes(provider))
      .map((provider): EndpointNews => ({ kind: 'provider_joined', provider })),
    ...old.providers
      .filter((provider) => !now.providers.includes(provider))
      .map((provider): EndpointNews => ({ kind: 'provider_left', provider })),
    ...Object.entries(now.quantizations).flatMap(([tag, quantization]): EndpointNews[] => {
      const was = old.quantizations[tag];
      if (was === undefined || was === quantization) return [];
      return [{ kind: 'quantization', tag, before: was, after: quantization }];
    }),
  ];
  const [last] = now.providers;
  if (old.providers.length > 1 && now.providers.length === 1 && last) {
    what.push({ kind: 'single_provider', provider: last });
  }
  return what.length ? [{ kind: 'endpoint_changed', model, before: old, after: now, what }] : [];
}

function sideOf(endpoints: readonly EndpointFact[]): EndpointSide {
  return {
    providers: [...new Set(endpoints.map(({ provider }) => provider))].sort(),
    quantizations: Object.fromEntries(endpoints.map(({ tag, quantization }) => [tag, quantization])),
  };
}
