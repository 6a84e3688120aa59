import { presetOf } from '#lib/config/presets.ts';
import { asList, asObject, asText, type Moved, slugFor } from './mover.ts';

/** LiteLLM's names of providers → ours, where they differ. */
const providerNames: Record<string, string> = {
  gemini: 'google-ai-studio',
  vertex_ai: 'google-vertex',
  bedrock: 'aws-bedrock',
  azure: 'azure-openai',
  together_ai: 'together',
  fireworks_ai: 'fireworks',
  cohere_chat: 'cohere',
  dashscope: 'qwen',
};

/** A LiteLLM config.yaml: deployments become routes and direct providers, fallbacks become chains. */
export function fromLitellm(document: unknown): Moved {
  const root = asObject(document);
  const left: string[] = [];
  const providers: Record<string, unknown> = {};
  const routes: { provider: string; model: string }[] = [];
  const steps = new Map<string, string[]>();
  const taken = new Set<string>();

  for (const entry of asList(root.model_list)) {
    const group = asText(asObject(entry).model_name) ?? 'unnamed';
    const params = asObject(asObject(entry).litellm_params);
    const model = asText(params.model);
    const mode = asText(asObject(asObject(entry).model_info).mode);
    if (!model || model.includes('*')) {
      left.push(`deployment "${group}" names ${model ? `all of ${model}, not one model` : 'no model'}`);
      continue;
    }
    if (mode !== null && !['chat', 'completion', 'responses'].includes(mode)) {
      left.push(`deployment "${group}": only models that chat are watched, this one does ${mode}`);
      continue;
    }
    const step = stepOf({ group, model, params, providers, routes, taken, left });
    if (step) steps.set(group, [...new Set([...(steps.get(group) ?? []), step])]);
  }

  const chains = chainsOf(root, steps, left);
  const settings = { ...asObject(root.litellm_settings), ...asObject(root.router_settings) };
  for (const name of ['context_window_fallbacks', 'content_policy_fallbacks', 'model_group_alias'])
    if (settings[name] !== undefined) left.push(`${name}: nothing here depends on what is asked`);
  return {
    config: {
      ...(routes.length > 0 ? { gateways: { openrouter: { key: '${OPENROUTER_API_KEY}', routes } } } : {}),
      ...(Object.keys(providers).length > 0 ? { providers } : {}),
      ...(Object.keys(chains).length > 0 ? { chains } : {}),
    },
    left,
  };
}

interface Deployment {
  group: string;
  model: string;
  params: Record<string, unknown>;
  providers: Record<string, unknown>;
  routes: { provider: string; model: string }[];
  taken: Set<string>;
  left: string[];
}

function stepOf({ group, model, params, providers, routes, taken, left }: Deployment): string | null {
  const [head = '', ...rest] = (model.includes('/') ? model : withProvider(model)).split('/');
  if (head === 'openrouter') {
    const id = rest.join('/');
    // The key of the gateway is one: the usual name of it is written above.
    secretOf(params.api_key, left, group);
    if (!routes.some((one) => one.model === id)) routes.push({ provider: 'any', model: id });
    return `openrouter/any/${id}`;
  }
  const base = fromEnvironment(asText(params.api_base));
  const known = presetOf(providerNames[head] ?? head);
  const wire = rest.length > 0 ? rest.join('/') : model;
  const key = secretOf(params.api_key, left, group);
  // One entry per provider: a second model of it needs a name of its own.
  if (base || !known) {
    if (!base) {
      left.push(`deployment "${group}": provider "${head}" is not known here and has no api_base`);
      return null;
    }
    const name = slugFor(group, taken);
    const version = asText(params.api_version);
    const options = known?.dialect === 'azure-openai' && version ? { options: { api_version: version } } : {};
    providers[name] = {
      dialect: known?.dialect ?? 'openai-chat',
      base_url: base,
      ...key,
      model: wire,
      ...options,
    };
    return `direct/${name}/${wire}`;
  }
  if (taken.has(known.catalogueId)) {
    left.push(
      `deployment "${group}": ${known.name} is watched with another model already; add a provider of your own with base_url for ${wire}`,
    );
    return null;
  }
  taken.add(known.catalogueId);
  providers[known.catalogueId] = { ...key, model: wire };
  return `direct/${known.id}/${wire}`;
}

/** LiteLLM knows whose model a bare name is. */
function withProvider(model: string): string {
  if (/^(?:gpt-|chatgpt-|o\d)/.test(model)) return `openai/${model}`;
  return model.startsWith('claude-') ? `anthropic/${model}` : model;
}

function fromEnvironment(text: string | null): string | null {
  const variable = /^os\.environ\/([A-Za-z_]\w*)$/.exec(text ?? '')?.[1];
  return variable ? `\${${variable}}` : text;
}

/** Keys never move: a name of the environment does. */
function secretOf(value: unknown, left: string[], group: string): { key?: string } {
  const text = fromEnvironment(asText(value));
  if (text?.startsWith('${')) return { key: text };
  if (text)
    left.push(
      `deployment "${group}": its key stands in the file; put it into the environment and name it here`,
    );
  return {};
}

function chainsOf(
  root: Record<string, unknown>,
  steps: Map<string, string[]>,
  left: string[],
): Record<string, string[]> {
  const settings = { ...asObject(root.litellm_settings), ...asObject(root.router_settings) };
  const chains: Record<string, string[]> = {};
  for (const rule of [...asList(settings.fallbacks), ...asList(settings.default_fallbacks)]) {
    for (const [from, to] of Object.entries(asObject(rule))) {
      const names = [
        from,
        ...asList(to)
          .map(asText)
          .filter((name) => name !== null),
      ];
      const missing = names.filter((name) => !steps.has(name));
      if (missing.length > 0)
        left.push(`fallbacks of "${from}": ${missing.join(', ')} could not be taken along`);
      const list = names.flatMap((name) => steps.get(name) ?? []);
      if (list.length > 1) chains[slugFor(from, new Set(Object.keys(chains)))] = list;
    }
  }
  for (const [group, list] of steps)
    if (list.length > 1 && !chains[group]) chains[slugFor(group, new Set(Object.keys(chains)))] = list;
  return chains;
}
