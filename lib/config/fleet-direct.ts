import { lookPriceUsd } from '../core/fleet-default.ts';
import { type BuiltFleet, defaults, environmentKey, type Maker } from './fleet-parts.ts';
import type { Loaded } from './load.ts';
import { type Preset, presetOf, presets } from './presets.ts';
import type { Config } from './schema.ts';

/** Tenant values (`{region}`, `{resource}` …) come from `options` of the provider's entry, or from the environment. */
function fillBraces(
  template: string,
  options: Record<string, unknown>,
  region: string | undefined,
  env: Loaded['env'],
): string | null {
  let isComplete = true;
  const filled = template.replace(/\{([a-z_]+)\}/g, (_all, name: string) => {
    const fromEnv = {
      region: env.AWS_REGION,
      resource: env.AZURE_RESOURCE_NAME,
      account_id: env.CLOUDFLARE_ACCOUNT_ID,
    }[name];
    const value = (name === 'region' ? region : undefined) ?? options[name] ?? fromEnv;
    if (typeof value !== 'string' || value === '') isComplete = false;
    return String(value ?? '');
  });
  return isComplete ? filled : null;
}

/** Google's usual variables say whose project and which place. */
function vertexPlace(env: Loaded['env']): Record<string, string> {
  const [project, location] = [env.GOOGLE_VERTEX_PROJECT?.trim(), env.GOOGLE_VERTEX_LOCATION?.trim()];
  return { ...(project ? { project } : {}), ...(location ? { location } : {}) };
}

export function addProviders(
  { config, env }: Pick<Loaded, 'config' | 'env'>,
  add: Maker,
  built: BuiltFleet,
): void {
  const direct = new Map(Object.entries(config.providers));
  // A key in the environment is enough to watch a provider directly; an entry in the file says how.
  for (const preset of presets)
    if (
      preset.kind === 'provider' &&
      !direct.has(preset.id) &&
      !direct.has(preset.catalogueId) &&
      preset.model &&
      environmentKey(preset, env)
    )
      direct.set(preset.id, { every: {}, timeout: {}, options: {} });

  for (const [name, provider] of direct) {
    const preset = presetOf(name);
    const id = preset?.id ?? name;
    const template = provider.base_url ?? preset?.baseUrl ?? null;
    const baseUrl = template && fillBraces(template, provider.options, provider.region, env);
    const key = provider.key ?? environmentKey(preset, env);
    const model =
      typeof provider.model === 'string'
        ? { id: provider.model }
        : (provider.model ?? (preset?.model ? { id: preset.model } : null));
    if (!baseUrl || !model || !key) {
      const lacks = !baseUrl ? 'an address (base_url, options)' : !model ? 'a model' : 'a key';
      built.remarks.push(`provider ${name} lacks ${lacks}: it is not called directly`);
      continue;
    }
    const keyName = `provider:${id}`;
    built.keys.set(keyName, key.trim());
    const listed =
      preset?.price && preset.model === model.id
        ? {
            prompt_per_mtok: preset.price.promptPerMtok,
            completion_per_mtok: preset.price.completionPerMtok,
            request: 0,
          }
        : null;
    const perM = provider.price ?? listed;
    const price = perM
      ? {
          promptUsd: perM.prompt_per_mtok / 1e6,
          completionUsd: perM.completion_per_mtok / 1e6,
          requestUsd: perM.request,
        }
      : null;
    const priceUsd = price ? (lookPriceUsd(price) ?? defaults.dearUsd) : defaults.dearUsd;
    const sameAs = 'same_as' in model ? model.same_as : undefined;
    const isReasoning = preset?.isReasoning === true && preset.model === model.id;
    add(
      'completion',
      {
        gateway: 'direct',
        provider: id,
        model: model.id,
        ...(provider.region ? { region: provider.region } : {}),
      },
      {
        baseUrl,
        dialect: provider.dialect ?? preset?.dialect ?? 'openai-chat',
        keyName,
        wireModel: model.id,
        everyMs:
          provider.every.completion ??
          (priceUsd > defaults.dearUsd ? defaults.dearMs : defaults.completionMs),
        timeoutMs: provider.timeout.completion ?? defaults.completionTimeoutMs,
        priceUsd,
        price,
        maxTokens: isReasoning ? defaults.thinkingTokens : defaults.maxTokens,
        isReasoningMandatory: isReasoning,
        options: {
          ...(id === 'google-vertex' ? vertexPlace(env) : {}),
          ...provider.options,
          sameAs: sameAs ?? null,
          auth: preset?.auth ?? null,
          region: provider.region ?? env.AWS_REGION ?? null,
        },
      },
    );
  }

  for (const preset of presets) {
    if (!isWanted(config, preset)) continue;
    if (
      !preset.alive ||
      preset.catalogueId === 'openrouter' ||
      preset.catalogueId === 'litellm' ||
      /\{/.test(preset.alive.url)
    )
      continue;
    const id = preset.id;
    const target = { gateway: 'direct', provider: id, model: null };
    add('http', target, {
      baseUrl: preset.alive.url,
      everyMs: built.keys.has(`provider:${id}`) ? 300_000 : defaults.livenessMs,
      origin: 'preset',
      options: { method: preset.alive.method, expect: { status: preset.alive.statuses }, isLiveness: true },
    });
  }
}

/** The free looks at a provider: of all we know, or only of those the file names. */
function isWanted(config: Config, preset: Preset): boolean {
  return config.known_providers || preset.id in config.providers || preset.catalogueId in config.providers;
}

export function addOfficialPages(config: Config, add: Maker): void {
  for (const preset of presets) {
    if (!isWanted(config, preset)) continue;
    if (!preset.statusPage || preset.catalogueId === 'openrouter') continue;
    add(
      'official',
      { gateway: 'direct', provider: preset.id, model: null },
      {
        baseUrl: preset.statusPage.url,
        dialect: preset.statusPage.platform,
        everyMs: defaults.officialMs,
        origin: 'preset',
        options: { endpoints: preset.statusPage.endpoints, components: preset.statusPage.components },
      },
    );
  }
}
