import { type Preset, presetOf } from '#lib/config/presets.ts';
import { chainsOf, type Steps } from './litellm-chains.ts';
import { addressOf, asList, asObject, asText, EnvName, type Moved, moved, slugFor } from './mover.ts';

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
  const steps: Steps = new Map();
  let isAllRouted = false;
  const taken = new Set<string>();

  for (const entry of asList(root.model_list)) {
    const group = asText(asObject(entry).model_name) ?? 'unnamed';
    const params = asObject(asObject(entry).litellm_params);
    const model = asText(params.model);
    const mode = asText(asObject(asObject(entry).model_info).mode);
    if (model?.startsWith('openrouter/*') || (model === '*' && group === '*')) isAllRouted = true;
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

  const chains = chainsOf({
    ...{ root, steps, left },
    routeOf(name) {
      const model = /^openrouter\/([\w.-]+\/[\w.:-]+)$/.exec(name)?.[1];
      if (!model || !isAllRouted) return null;
      if (!routes.some((one) => one.model === model)) routes.push({ provider: 'any', model });
      return `openrouter/any/${model}`;
    },
  });
  leaveSettings(root, left);
  return moved(
    {
      ...(routes.length > 0
        ? { gateways: { openrouter: { key: new EnvName('OPENROUTER_API_KEY'), routes } } }
        : {}),
      ...(Object.keys(providers).length > 0 ? { providers } : {}),
      ...(Object.keys(chains).length > 0 ? { chains } : {}),
    },
    left,
  );
}

const settingsTaken = ['fallbacks', 'default_fallbacks', 'model_group_alias'];
const settingsExplained = ['context_window_fallbacks', 'content_policy_fallbacks'];

/** Names only: values of these sections are secrets as often as not. */
function leaveSettings(root: Record<string, unknown>, left: string[]): void {
  const settings = { ...asObject(root.litellm_settings), ...asObject(root.router_settings) };
  for (const name of settingsExplained)
    if (settings[name] !== undefined) left.push(`${name}: nothing here depends on what is asked`);
  const others = Object.keys(settings).filter(
    (name) => ![...settingsTaken, ...settingsExplained].includes(name),
  );
  if (others.length > 0) left.push(`settings of the proxy that say nothing here: ${others.join(', ')}`);
  const sections = ['model_list', 'litellm_settings', 'router_settings'];
  for (const name of Object.keys(root))
    if (!sections.includes(name))
      left.push(
        name === 'include' ? 'include: import those files one by one' : `${name}: belongs to the proxy`,
      );
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
  const base = baseOf(params, left, group);
  if (base === 'odd') return null;
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
  if (providers[known.catalogueId]) return beside({ group, wire, key, known, providers, taken, left });
  taken.add(known.catalogueId);
  providers[known.catalogueId] = { ...key, model: wire };
  return `direct/${known.id}/${wire}`;
}

interface Beside extends Omit<Deployment, 'model' | 'params' | 'routes'> {
  wire: string;
  key: { key?: EnvName };
  known: Preset;
}

/** One entry per provider: a second model of it is a provider of one's own at the same address. */
function beside({ group, wire, key, known, providers, taken, left }: Beside): string | null {
  const usual = `direct/${known.id}/${wire}`;
  if ((providers[known.catalogueId] as { model: string }).model === wire) return usual;
  const name = slugFor(`${known.catalogueId}-${wire}`, taken);
  const found = Object.entries(providers).find(([, one]) => (one as { model: string }).model === wire);
  if (found?.[0].startsWith(`${known.catalogueId}-`)) return `direct/${found[0]}/${wire}`;
  const [environment] = known.keyEnv;
  if (!known.baseUrl || known.baseUrl.includes('{') || known.auth.kind === 'sigv4' || !environment) {
    left.push(
      `deployment "${group}": ${known.name} is watched with another model already; add a provider of your own with base_url for ${wire}`,
    );
    return null;
  }
  providers[name] = {
    dialect: known.dialect,
    base_url: known.baseUrl,
    key: key.key ?? new EnvName(environment),
    model: wire,
  };
  return `direct/${name}/${wire}`;
}

/** null: none is given. Odd: none that could be called, and said so. */
function baseOf(
  params: Record<string, unknown>,
  left: string[],
  group: string,
): string | EnvName | null | 'odd' {
  const given = fromEnvironment(asText(params.api_base) ?? asText(params.base_url));
  if (given === null || given instanceof EnvName) return given;
  const address = addressOf(given);
  if (!address) {
    left.push(`deployment "${group}": its api_base is no http or https address`);
    return 'odd';
  }
  if (address.hadSecret)
    left.push(`deployment "${group}": the name and password in its api_base stay behind`);
  return address.url;
}

/** LiteLLM knows whose model a bare name is. */
function withProvider(model: string): string {
  if (/^(?:gpt-|chatgpt-|o\d)/.test(model)) return `openai/${model}`;
  return model.startsWith('claude-') ? `anthropic/${model}` : model;
}

function fromEnvironment(text: string | null): string | EnvName | null {
  const variable = /^os\.environ\/([A-Za-z_]\w*)$/.exec(text ?? '')?.[1];
  return variable ? new EnvName(variable) : text;
}

/** Keys never move: a name of the environment does. */
function secretOf(value: unknown, left: string[], group: string): { key?: EnvName } {
  const text = fromEnvironment(asText(value));
  if (text instanceof EnvName) return { key: text };
  if (text)
    left.push(
      `deployment "${group}": its key stands in the file; put it into the environment and name it here`,
    );
  return {};
}
