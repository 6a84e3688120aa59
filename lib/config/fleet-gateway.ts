import { canonicalModel } from '../core/canonical-model.ts';
import type { Watched } from '../core/fleet.ts';
import { type ChosenRoute, chooseDefaultRoutes, lookPriceUsd, modelsToRead } from '../core/fleet-default.ts';
import { chooseUnpinnedByName, type ListPrice } from '../core/fleet-unpinned.ts';
import type { EndpointFact, ModelFact } from '../core/plan.ts';
import { providerBase, type TargetRef } from '../core/target.ts';
import {
  type BuiltFleet,
  type CatalogueFacts,
  defaults,
  environmentKey,
  type Gateway,
  type Maker,
} from './fleet-parts.ts';
import { addQuality } from './fleet-quality.ts';
import type { Loaded } from './load.ts';
import { presetOf, presets } from './presets.ts';
import type { Config } from './schema.ts';

export interface GatewayWork {
  id: string;
  gateway: Gateway;
  loaded: Pick<Loaded, 'config' | 'env'>;
  facts: CatalogueFacts | undefined;
  previous: ChosenRoute[];
  nowMs: number;
  add: Maker;
  built: BuiltFleet;
}

export function addGateway(work: GatewayWork): void {
  const { id, gateway, loaded, add, built } = work;
  const preset = presetOf(id);
  const baseUrl = gateway.base_url ?? preset?.baseUrl ?? null;
  if (!baseUrl) {
    built.remarks.push(`gateway ${id} has no known address: set gateways.${id}.base_url`);
    return;
  }
  const key = gateway.key ?? environmentKey(preset, loaded.env);
  const keyName = key ? `gateway:${id}` : null;
  if (key && keyName) built.keys.set(keyName, key.trim());
  const whole: TargetRef = { gateway: id, provider: null, model: null };
  const dialect = gateway.dialect ?? preset?.dialect ?? 'openai-chat';
  const isOpenRouter = id === 'openrouter' || /openrouter/.test(gateway.dialect ?? '');

  add('catalog', whole, {
    baseUrl,
    dialect,
    // Liveness stays key-less; only a list that is refused without a key is asked for with it.
    keyName: isOpenRouter ? null : keyName,
    everyMs: gateway.every.catalog ?? defaults.catalogMs,
    options: { isOpenRouter, auth: preset?.auth ?? null },
  });
  if (isOpenRouter && keyName)
    add('account', whole, { baseUrl, keyName, everyMs: gateway.every.account ?? defaults.accountMs });
  const page = gateway.status_page === undefined ? preset?.statusPage?.url : gateway.status_page;
  if (page)
    add('official', whole, {
      baseUrl: page,
      dialect: preset?.statusPage?.platform ?? null,
      everyMs: Math.max(60_000, gateway.every.official ?? defaults.officialMs),
      options: {
        endpoints: gateway.status_page ? [] : (preset?.statusPage?.endpoints ?? []),
        components: [],
      },
    });

  const routes = routesOf(work);
  built.chosen[id] = routes.chosen;
  if (keyName && routes.all.length === 0 && !gateway.routes && (!isOpenRouter || id !== 'openrouter'))
    built.remarks.push(
      `gateway ${id} has a key and no model known to be cheap: name some (gateways.${id}.routes)`,
    );
  const priced = new Map((work.facts?.models ?? []).map((model) => [model.id, model]));
  for (const route of routes.all) {
    if (!keyName) break;
    addRoute({ ...work, baseUrl, keyName, dialect, route, model: priced.get(route.model) });
  }
  if (isOpenRouter && keyName) addQuality({ ...work, baseUrl, keyName, dialect, chosen: routes.chosen });
  const models = [...new Set([...routes.all.map(({ model }) => model), ...gateway.watch])].sort();
  const unread = gateway.routes || !work.facts ? [] : modelsToRead(work.facts.models, work.nowMs);
  if (isOpenRouter && models.length + unread.length > 0)
    add('reported', whole, {
      baseUrl,
      keyName,
      everyMs: gateway.every.reported ?? defaults.reportedMs,
      timeoutMs: 20_000,
      options: reading(models, unread),
    });
}

/**
 * What a look at the gateway's own figures reads: `models` every time, and `others` in turns, so that in some minutes
 * the endpoints of the whole catalogue are known. Before anything was chosen the cheapest are read first.
 */
function reading(
  models: string[],
  unread: string[],
): { models: string[]; others: string[]; othersPerLook: number } {
  const first = models.length > 0 ? models : unread.slice(0, defaults.firstRead);
  const known = new Set(first);
  return {
    models: first,
    others: unread.filter((id) => !known.has(id)),
    othersPerLook: defaults.othersPerLook,
  };
}

interface PlannedRoute {
  provider: string;
  model: string;
  endpoint: string | null;
  everyMs: number | null;
  origin: Watched['origin'];
  api: string | null;
}

function routesOf({ id, gateway, facts, previous, nowMs, built }: GatewayWork): {
  all: PlannedRoute[];
  chosen: ChosenRoute[];
} {
  const all: PlannedRoute[] = [];
  let chosen: ChosenRoute[] = [];
  if (gateway.routes) {
    for (const route of gateway.routes)
      all.push({
        provider: route.provider,
        model: route.model,
        endpoint: route.endpoint ?? tagOf(facts, route.provider, route.model),
        everyMs: route.every ?? gateway.every.completion ?? null,
        origin: 'config',
        api: route.api ?? null,
      });
  } else if (!isListedByProvider(id, gateway, facts)) {
    const preset = presetOf(id);
    const own = preset?.model ? [preset.model, ...preset.fallbackModels] : [];
    chosen = chooseUnpinnedByName({ models: facts?.models ?? [], own, known: smallModels, previous, nowMs });
    for (const route of chosen) {
      const everyMs = route.priceUsd > 0 ? (gateway.every.completion ?? null) : defaults.dearMs;
      all.push({ ...route, everyMs, origin: 'default', api: null });
    }
  } else if (facts) {
    chosen = chooseDefaultRoutes(facts, previous, nowMs);
    for (const route of chosen)
      all.push({
        ...route,
        everyMs: route.role === 'other' ? defaults.otherMs : (gateway.every.completion ?? null),
        origin: 'default',
        api: null,
      });
  }
  for (const model of gateway.watch) {
    const offers = facts?.endpoints.filter((endpoint) => endpoint.model === model) ?? [];
    if (facts && facts.models.length > 0 && !facts.models.some((one) => one.id === model))
      built.remarks.push(`${id} lists no model "${model}" (gateways.${id}.watch)`);
    const bases = new Set<string>();
    for (const offer of offers) {
      const base = providerBase(offer.provider);
      // A second endpoint of the same provider is its own route, under its full tag.
      const provider = bases.has(base) ? offer.tag : base;
      bases.add(base);
      all.push({
        provider,
        model,
        endpoint: offer.tag,
        everyMs: gateway.every.completion ?? null,
        origin: 'watch',
        api: null,
      });
    }
  }
  return { all, chosen };
}

/** OpenRouter tells who serves what; of a gateway that does not, only its models can be called. */
function isListedByProvider(id: string, gateway: Gateway, facts: CatalogueFacts | undefined): boolean {
  return (
    id === 'openrouter' || /openrouter/.test(gateway.dialect ?? '') || (facts?.endpoints.length ?? 0) > 0
  );
}

/** Published prices of models that do not think, by canonical name: what such a call costs about, wherever it is made. */
const smallModels: ReadonlyMap<string, ListPrice> = new Map(
  presets.flatMap(({ model, price, isReasoning }) =>
    model && price && !isReasoning
      ? [
          [
            canonicalModel(model),
            {
              promptUsd: price.promptPerMtok / 1e6,
              completionUsd: price.completionPerMtok / 1e6,
              requestUsd: 0,
            },
          ] as const,
        ]
      : [],
  ),
);

function tagOf(facts: CatalogueFacts | undefined, provider: string, model: string): string | null {
  if (provider === 'any') return null;
  const offers = (facts?.endpoints ?? []).filter((one) => one.model === model);
  const exact = offers.find(({ tag }) => tag === provider);
  const cheapest = offers
    .filter((one) => providerBase(one.provider) === providerBase(provider))
    .sort((a, b) => (a.promptUsd ?? 1) - (b.promptUsd ?? 1) || (a.tag < b.tag ? -1 : 1))[0];
  return (exact ?? cheapest)?.tag ?? provider;
}

function addRoute(
  work: GatewayWork & {
    baseUrl: string;
    keyName: string;
    dialect: string;
    route: PlannedRoute;
    model: ModelFact | undefined;
  },
): void {
  const { id, gateway, facts, add, route, model } = work;
  const offers = (facts?.endpoints ?? []).filter((one) => one.model === route.model);
  const offer = offers.find(({ tag }) => tag === route.endpoint);
  const dearest = offers.toSorted((a, b) => (lookPriceUsd(b) ?? 0) - (lookPriceUsd(a) ?? 0))[0];
  const listed = credible(offer ?? (route.provider === 'any' ? dearest : undefined) ?? model);
  const isPriced = listed !== undefined && lookPriceUsd(listed) !== null;
  const source =
    isPriced || route.origin !== 'default' ? listed : smallModels.get(canonicalModel(route.model));
  const priceUsd = source ? (lookPriceUsd(source) ?? defaults.dearUsd) : defaults.dearUsd;
  const everyMs =
    route.everyMs ??
    (priceUsd > defaults.dearUsd && route.origin !== 'config' ? defaults.dearMs : defaults.completionMs);
  add(
    'completion',
    {
      gateway: id,
      provider: route.provider,
      model: route.model,
      ...(route.api && route.api !== 'chat' ? { api: route.api } : {}),
    },
    {
      baseUrl: work.baseUrl,
      dialect: apiDialect(route.api) ?? work.dialect,
      keyName: work.keyName,
      wireModel: route.model,
      endpoint: route.provider === 'any' ? null : (route.endpoint ?? route.provider),
      providerName: offer?.providerName ?? null,
      everyMs,
      timeoutMs: gateway.timeout.completion ?? defaults.completionTimeoutMs,
      priceUsd,
      price:
        source && source.promptUsd !== null && source.completionUsd !== null
          ? {
              promptUsd: source.promptUsd,
              completionUsd: source.completionUsd,
              requestUsd: source.requestUsd ?? 0,
            }
          : null,
      maxTokens: model?.isReasoningMandatory ? defaults.thinkingTokens : defaults.maxTokens,
      supportedParameters: offer?.supportedParameters ?? model?.supportedParameters ?? null,
      isReasoningMandatory: model?.isReasoningMandatory ?? false,
      origin: route.origin,
      options: {
        isByok: gateway.key_is_byok,
        auth: presetOf(id)?.auth ?? null,
        isOpenRouter: id === 'openrouter' || /openrouter/.test(gateway.dialect ?? ''),
      },
    },
  );
}

/** No look of some tokens costs a dollar: such a list lies, and would slow down everything else to pay for it. */
function credible<T extends EndpointFact | ModelFact>(source: T | undefined): T | undefined {
  return source && (lookPriceUsd(source) ?? 0) >= 1 ? undefined : source;
}

function apiDialect(api: string | null): string | null {
  const table: Record<string, string> = { responses: 'openai-responses', messages: 'anthropic-messages' };
  return api ? (table[api] ?? null) : null;
}

export function addAccounts(
  config: Config,
  gateways: Record<string, Gateway>,
  add: Maker,
  built: BuiltFleet,
): void {
  for (const account of config.accounts) {
    const baseUrl = gateways[account.gateway]?.base_url ?? presetOf(account.gateway)?.baseUrl;
    if (!account.key || !baseUrl) {
      built.remarks.push(`account ${account.name} has no key: it is not read`);
      continue;
    }
    const keyName = `account:${account.name}`;
    built.keys.set(keyName, account.key.trim());
    add(
      'account',
      { gateway: account.gateway, provider: account.name, model: null },
      { baseUrl, keyName, everyMs: 300_000 },
    );
  }
}
