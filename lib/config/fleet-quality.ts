import type { ChosenRoute } from '../core/fleet-default.ts';
import type { EndpointFact, ModelFact } from '../core/plan.ts';
import { type CatalogueFacts, defaults, type Gateway, type Maker } from './fleet-parts.ts';

/** What is asked seldom and never counted: what a route can do, and whether a model is the same everywhere. */

interface QualityWork {
  id: string;
  gateway: Gateway;
  facts: CatalogueFacts | undefined;
  chosen: ChosenRoute[];
  baseUrl: string;
  keyName: string;
  dialect: string;
  add: Maker;
}

const abilityEveryMs = 6 * 3_600_000;
const driftEveryMs = 3_600_000;
const maxRoutes = 12;
const maxDriftModels = 4;
const maxDriftEndpoints = 8;

/** Tokens in and out of one look, and the parameter without which it is not worth asking. */
const abilities = {
  tools: { promptTokens: 150, answerTokens: 128, needs: 'tools' },
  schema: { promptTokens: 100, answerTokens: 64, needs: 'structured_outputs' },
  unstreamed: { promptTokens: 32, answerTokens: 16, needs: null },
  long_input: { promptTokens: 9_000, answerTokens: 16, needs: null },
} as const;

interface PinnedRoute {
  provider: string;
  model: string;
  tag: string | null;
}

export function addQuality(work: QualityWork): void {
  const { gateway, chosen } = work;
  const pinned: PinnedRoute[] = gateway.routes
    ? gateway.routes
        .filter(({ provider, api }) => provider !== 'any' && (api ?? 'chat') === 'chat')
        .map(({ provider, model, endpoint }) => ({ provider, model, tag: endpoint ?? null }))
    : chosen
        .filter(({ role }) => role === 'core')
        .map(({ provider, model, endpoint }) => ({ provider, model, tag: endpoint }));
  for (const route of pinned.slice(0, maxRoutes)) addAbilities(work, route);
  if (pinned[0]) addFaces(work, pinned[0]);
  for (const model of [...new Set(pinned.map((route) => route.model))].slice(0, maxDriftModels)) {
    addDrift(work, model);
  }
}

/** The gateway's other faces, one route each. */
const faces = [
  { api: 'responses', dialect: 'openai-responses', model: null },
  { api: 'messages', dialect: 'anthropic-messages', model: null },
  { api: 'embeddings', dialect: 'openai-embeddings', model: 'openai/text-embedding-3-small' },
] as const;
const embeddingUsdPerToken = 2e-8;

function addFaces({ id, facts, add, baseUrl, keyName }: QualityWork, { model }: PinnedRoute): void {
  const listed = facts?.models.find((one) => one.id === model);
  if (!listed || listed.promptUsd === null || listed.completionUsd === null) return;
  for (const face of faces) {
    const isText = face.model === null;
    const price = isText
      ? { promptUsd: listed.promptUsd, completionUsd: listed.completionUsd, requestUsd: 0 }
      : { promptUsd: embeddingUsdPerToken, completionUsd: 0, requestUsd: 0 };
    add(
      'capability',
      { gateway: id, provider: 'any', model: face.model ?? model, api: face.api },
      {
        baseUrl,
        dialect: face.dialect,
        keyName,
        wireModel: face.model ?? model,
        everyMs: abilityEveryMs,
        timeoutMs: 60_000,
        priceUsd: 40 * price.promptUsd + 16 * price.completionUsd,
        price,
        origin: 'default',
        options: { ability: 'answer', isOpenRouter: true },
      },
    );
  }
}

function addAbilities({ id, facts, add, baseUrl, keyName, dialect }: QualityWork, route: PinnedRoute): void {
  const model = facts?.models.find((one) => one.id === route.model);
  const offers = (facts?.endpoints ?? []).filter((one) => one.model === route.model);
  const offer =
    offers.find(({ tag }) => tag === route.tag) ?? offers.find((one) => one.provider === route.provider);
  if (!offer || !model || model.isReasoningMandatory) return;
  for (const [ability, { promptTokens, answerTokens, needs }] of Object.entries(abilities)) {
    const priceUsd = priceOf(offer, promptTokens, answerTokens);
    if (needs !== null && !offer.supportedParameters.includes(needs)) continue;
    if (priceUsd === null || priceUsd > 10 * defaults.dearUsd || (offer.contextLength ?? 0) < promptTokens)
      continue;
    add(
      'capability',
      { gateway: id, provider: route.provider, model: route.model, api: ability },
      {
        baseUrl,
        dialect,
        keyName,
        wireModel: route.model,
        endpoint: offer.tag,
        providerName: offer.providerName,
        everyMs: abilityEveryMs,
        timeoutMs: 60_000,
        priceUsd,
        price: pricesOf(offer),
        maxTokens: answerTokens,
        supportedParameters: offer.supportedParameters,
        origin: 'default',
        options: { ability, isOpenRouter: true },
      },
    );
  }
}

/** Only where enough serve the model for one to be told from the others. */
function addDrift({ id, facts, add, baseUrl, keyName, dialect }: QualityWork, modelId: string): void {
  const model: ModelFact | undefined = facts?.models.find((one) => one.id === modelId);
  const offers = (facts?.endpoints ?? [])
    .filter((one) => one.model === modelId && (one.status ?? 0) > -5)
    .sort((a, b) => (a.tag < b.tag ? -1 : 1))
    .slice(0, maxDriftEndpoints);
  if (offers.length < 3 || !model || model.isReasoningMandatory) return;
  const priceUsd = offers.reduce((sum, offer) => sum + (priceOf(offer, 120, 64) ?? defaults.dearUsd), 0);
  if (priceUsd > 4 * defaults.dearUsd) return;
  add(
    'drift',
    { gateway: id, provider: null, model: modelId },
    {
      baseUrl,
      dialect,
      keyName,
      wireModel: modelId,
      everyMs: driftEveryMs,
      timeoutMs: 60_000,
      priceUsd,
      price: dearest(offers),
      maxTokens: 64,
      supportedParameters: model.supportedParameters,
      origin: 'default',
      options: {
        isOpenRouter: true,
        endpoints: offers.map(({ tag, providerName }) => ({ tag, providerName })),
      },
    },
  );
}

function priceOf(offer: EndpointFact, promptTokens: number, answerTokens: number): number | null {
  const { promptUsd, completionUsd, requestUsd } = offer;
  if (promptUsd === null || completionUsd === null) return null;
  return promptUsd * promptTokens + completionUsd * answerTokens + (requestUsd ?? 0);
}

function pricesOf({ promptUsd, completionUsd, requestUsd }: EndpointFact) {
  if (promptUsd === null || completionUsd === null) return null;
  return { promptUsd, completionUsd, requestUsd: requestUsd ?? 0 };
}

/** One price for all of them: the highest of each kind. */
function dearest(offers: EndpointFact[]) {
  const most = (pick: (offer: EndpointFact) => number | null) =>
    Math.max(0, ...offers.map((offer) => pick(offer) ?? 0));
  return {
    promptUsd: most(({ promptUsd }) => promptUsd),
    completionUsd: most(({ completionUsd }) => completionUsd),
    requestUsd: most(({ requestUsd }) => requestUsd),
  };
}
