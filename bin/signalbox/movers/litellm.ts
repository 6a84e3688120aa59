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
    if (!model) {
      left.push(`deployment "${group}" names no model`);
      continue;
    }
    const step = stepOf({ group, model, params, providers, routes, taken, left });
    if (step) steps.set(group, [...new Set([...(steps.get(group) ?? []), step])]);
  }

  const chains = chainsOf(root, steps, left);
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
  const [head = '', ...rest] = model.split('/');
  if (head === 'openrouter') {
    const id = rest.join('/');
    if (!routes.some((one) => one.model === id)) routes.push({ provider: 'any', model: id });
    return `openrouter/any/${id}`;
  }
  const base = asText(params.api_base);
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
    providers[name] = { dialect: 'openai-chat', base_url: base, ...key, model: wire };
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

/** Keys never move: a name of the environment does. */
function secretOf(value: unknown, left: string[], group: string): { key?: string } {
  const text = asText(value);
  const variable = /^os\.environ\/([A-Za-z_]\w*)$/.exec(text ?? '')?.[1];
  if (variable) return { key: `\${${variable}}` };
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
