import type { EndpointFact, ModelFact } from './plan.ts';
import { providerBase } from './target.ts';

/**
 * Which routes to watch when nobody said: cheap, non-reasoning, and crossed, so that provider, model and route
 * can be told apart when something fails. Chosen from the live catalogue, ties by id.
 */

export interface ChosenRoute {
  provider: string;
  model: string;
  endpoint: string | null;
  role: 'core' | 'unpinned' | 'other';
  priceUsd: number;
}

export const fleetShape = {
  core: 12,
  unpinned: 3,
  coreProviders: 8,
  /** A model watched on two or three providers tells a provider's fault from a model's. */
  perModel: 3,
  /** One look: prompt and answer as the probe sends them, with room for what a gateway adds. */
  promptTokens: 32,
  answerTokens: 16,
  /** Twelve a minute of these stay far below the day's default budget. */
  maxCoreUsd: 0.00002,
  maxUnpinnedUsd: 0.00004,
  maxOtherUsd: 0.002,
  expiringWithinMs: 14 * 86_400_000,
} as const;

export function lookPriceUsd(price: {
  promptUsd: number | null;
  completionUsd: number | null;
  requestUsd: number | null;
}): number | null {
  const { promptUsd, completionUsd } = price;
  if (promptUsd === null || completionUsd === null || promptUsd < 0 || completionUsd < 0) return null;
  return (
    promptUsd * fleetShape.promptTokens +
    completionUsd * fleetShape.answerTokens +
    Math.max(0, price.requestUsd ?? 0)
  );
}

/** Models whose endpoints are worth reading to choose from, cheapest first. */
export function modelsToRead(models: ModelFact[], nowMs: number): string[] {
  return models
    .filter((model) => isSuitable(model, nowMs))
    .map((model) => ({ id: model.id, priceUsd: lookPriceUsd(model) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.priceUsd - b.priceUsd || compare(a.id, b.id))
    .map(({ id }) => id);
}

interface Candidate {
  endpoint: EndpointFact;
  provider: string;
  priceUsd: number;
}

const unreal = new Set(['stealth', 'fake-provider', 'openrouter']);

function isSuitable(model: ModelFact, nowMs: number): boolean {
  if (model.id.includes(':') || model.id.startsWith('openrouter/')) return false;
  if (model.promptUsd === null || model.promptUsd < 0 || model.isReasoningMandatory) return false;
  if (!model.outputModalities.includes('text') || !model.inputModalities.includes('text')) return false;
  if (model.expirationDate) {
    const endsMs = Date.parse(model.expirationDate);
    if (Number.isFinite(endsMs) && endsMs - nowMs < fleetShape.expiringWithinMs) return false;
  }
  return true;
}

function candidates(models: ModelFact[], endpoints: EndpointFact[], nowMs: number): Candidate[] {
  const suitable = new Map(
    models.filter((model) => isSuitable(model, nowMs)).map((model) => [model.id, model]),
  );
  const cheapest = new Map<string, Candidate>();
  for (const endpoint of endpoints) {
    const model = suitable.get(endpoint.model);
    const provider = providerBase(endpoint.provider);
    const priceUsd = lookPriceUsd(endpoint);
    if (!model || priceUsd === null || priceUsd <= 0 || unreal.has(provider)) continue;
    if (endpoint.status !== null && endpoint.status <= -5) continue;
    const key = `${endpoint.model} ${provider}`;
    const known = cheapest.get(key);
    if (
      !known ||
      priceUsd < known.priceUsd ||
      (priceUsd === known.priceUsd && endpoint.tag < known.endpoint.tag)
    )
      cheapest.set(key, { endpoint, provider, priceUsd });
  }
  return [...cheapest.values()].sort(
    (a, b) =>
      a.priceUsd - b.priceUsd ||
      compare(a.endpoint.model, b.endpoint.model) ||
      compare(a.provider, b.provider),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function biggestProviders(all: Candidate[]): string[] {
  const counts = new Map<string, number>();
  for (const { provider } of all) counts.set(provider, (counts.get(provider) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || compare(a[0], b[0]))
    .slice(0, fleetShape.coreProviders)
    .map(([provider]) => provider);
}

/** The next model to cross over the big providers, with the offers to take: whoever is least watched, then cheapest. */
function nextModel(
  pool: Candidate[],
  chosen: ChosenRoute[],
  used: Map<string, number>,
  isReasoning: (model: string) => boolean,
): Candidate[] {
  const byModel = new Map<string, Candidate[]>();
  for (const one of pool) byModel.set(one.endpoint.model, [...(byModel.get(one.endpoint.model) ?? []), one]);
  const taken = new Set(chosen.map(({ model }) => model));
  const room = fleetShape.core - chosen.length;
  const offers = [...byModel]
    // A single place left goes to a further provider of a model already crossed: a lone route tells nothing apart.
    .filter(([model, here]) => (room === 1 ? taken.has(model) : here.length >= 2 && !taken.has(model)))
    .map(([model, here]) => {
      const picks = here
        .filter((one) => !chosen.some((c) => c.model === model && c.provider === one.provider))
        .sort(
          (a, b) =>
            (used.get(a.provider) ?? 0) - (used.get(b.provider) ?? 0) ||
            a.priceUsd - b.priceUsd ||
            compare(a.provider, b.provider),
        )
        .slice(0, Math.min(fleetShape.perModel, room));
      return {
        model,
        picks,
        isReasoning: isReasoning(model),
        fresh: picks.filter(({ provider }) => !used.has(provider)).length,
        priceUsd: picks.reduce((sum, { priceUsd }) => sum + priceUsd, 0) / picks.length,
      };
    })
    .filter(({ picks }) => picks.length > 0)
    .sort(
      (a, b) =>
        Number(a.isReasoning) - Number(b.isReasoning) ||
        b.fresh - a.fresh ||
        b.picks.length - a.picks.length ||
        a.priceUsd - b.priceUsd ||
        compare(a.model, b.model),
    );
  return offers[0]?.picks ?? [];
}

function chooseCore(
  all: Candidate[],
  kept: ChosenRoute[],
  isReasoning: (model: string) => boolean,
): ChosenRoute[] {
  const big = new Set(biggestProviders(all));
  const pool = all.filter(({ provider, priceUsd }) => big.has(provider) && priceUsd <= fleetShape.maxCoreUsd);
  const chosen: ChosenRoute[] = [...kept];
  const used = new Map<string, number>();
  const count = ({ provider }: { provider: string }) => used.set(provider, (used.get(provider) ?? 0) + 1);
  chosen.forEach(count);
  while (chosen.length < fleetShape.core) {
    const picks = nextModel(pool, chosen, used, isReasoning);
    if (picks.length === 0) break;
    picks.forEach(count);
    chosen.push(...picks.map((one) => routeOf(one, 'core')));
  }
  return chosen;
}

function routeOf(one: Candidate, role: ChosenRoute['role']): ChosenRoute {
  return {
    provider: one.provider,
    model: one.endpoint.model,
    endpoint: one.endpoint.tag,
    role,
    priceUsd: one.priceUsd,
  };
}

function chooseUnpinned(all: Candidate[], core: ChosenRoute[], kept: ChosenRoute[]): ChosenRoute[] {
  const chosen = [...kept];
  const spread = new Map<string, Candidate[]>();
  for (const one of all) {
    if (one.priceUsd > fleetShape.maxUnpinnedUsd) continue;
    spread.set(one.endpoint.model, [...(spread.get(one.endpoint.model) ?? []), one]);
  }
  const inCore = new Set(core.map(({ model }) => model));
  const order = [...spread].sort(
    ([a, x], [b, y]) => Number(inCore.has(b)) - Number(inCore.has(a)) || y.length - x.length || compare(a, b),
  );
  for (const [model, offers] of order) {
    if (chosen.length >= fleetShape.unpinned) break;
    if (chosen.some((c) => c.model === model)) continue;
    // Whoever serves it sets the price: expect the dearest.
    const priceUsd = Math.max(...offers.map((offer) => offer.priceUsd));
    chosen.push({ provider: 'any', model, endpoint: null, role: 'unpinned', priceUsd });
  }
  return chosen;
}

/**
 * `previous` stays as it was, except for routes the catalogue no longer lists: those are replaced.
 */
export function chooseDefaultRoutes(
  facts: { models: ModelFact[]; endpoints: EndpointFact[] },
  previous: ChosenRoute[],
  nowMs: number,
): ChosenRoute[] {
  const all = candidates(facts.models, facts.endpoints, nowMs);
  const listedModels = new Set(facts.models.map(({ id }) => id));
  const listed = new Set(facts.endpoints.map((e) => `${e.model} ${providerBase(e.provider)}`));
  const reads = new Set(facts.endpoints.map(({ model }) => model));
  // A model whose endpoints were not read this time is not withdrawn, only unknown.
  const isListed = (r: ChosenRoute) =>
    listedModels.has(r.model) &&
    (r.provider === 'any' || !reads.has(r.model) || listed.has(`${r.model} ${r.provider}`));
  const kept = (role: ChosenRoute['role']) => previous.filter((r) => r.role === role && isListed(r));
  const canReason = new Set(
    facts.models.filter((m) => m.supportedParameters.includes('reasoning')).map(({ id }) => id),
  );
  const core = chooseCore(all, kept('core'), (model) => canReason.has(model));
  const unpinned = chooseUnpinned(all, core, kept('unpinned'));
  const others = kept('other').filter((r) => !core.some((c) => c.provider === r.provider));
  const covered = new Set([...core, ...others].map(({ provider }) => provider));
  for (const one of all) {
    if (covered.has(one.provider) || one.priceUsd > fleetShape.maxOtherUsd) continue;
    covered.add(one.provider);
    others.push(routeOf(one, 'other'));
  }
  return [...core, ...unpinned, ...others];
}
