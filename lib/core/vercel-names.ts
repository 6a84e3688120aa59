import { canonicalModel } from './canonical-model.ts';
import { providerBase } from './target.ts';

/** What Vercel's AI Gateway calls models and providers: facts of its own client package, by who made the model. */
export const vercelModels: Record<string, string> = {
  alibaba:
    'qwen-3-14b qwen-3-235b qwen-3-30b qwen-3-32b qwen3-coder qwen3-coder-30b-a3b qwen3-coder-next qwen3-max-thinking qwen3-next-80b-a3b-instruct qwen3-next-80b-a3b-thinking qwen3-vl-instruct qwen3.5-flash qwen3.5-plus qwen3.6-27b qwen3.6-35b-a3b qwen3.6-plus qwen3.7-flash qwen3.7-max qwen3.7-plus qwen3.8-2.4t-a95b qwen3.8-27b qwen3.8-flash qwen3.8-max qwen3.8-max-0902 qwen3.8-omni-flash',
  amazon: 'nova-2-lite nova-lite nova-micro nova-pro',
  anthropic:
    'claude-fable-5 claude-fable-5.1 claude-fable-5.2 claude-haiku-4.5 claude-haiku-5.5 claude-opus-4.5 claude-opus-4.6 claude-opus-4.7 claude-opus-4.8 claude-opus-5 claude-opus-5.5 claude-sonnet-4.5 claude-sonnet-4.6 claude-sonnet-5 claude-sonnet-5.5',
  cohere: 'command-a',
  deepseek:
    'deepseek-r1 deepseek-v3.1 deepseek-v3.2 deepseek-v3.2-thinking deepseek-v4-flash deepseek-v4-flash-0731 deepseek-v4-flash-vision-exp deepseek-v4-pro deepseek-v4-pro-0813 deepseek-v4.1-flash deepseek-v4.1-flash-1017',
  google:
    'gemini-2.5-flash gemini-2.5-flash-image gemini-2.5-flash-lite gemini-2.5-pro gemini-3-flash gemini-3-pro-image gemini-3.1-flash-image gemini-3.1-flash-lite gemini-3.1-flash-lite-image gemini-3.5-flash gemini-3.5-flash-lite gemini-3.6-flash gemini-3.7-flash gemini-3.8-flash gemini-4-argon gemini-4-carbon gemini-4-hydrogen gemini-nano-banana-2.1 gemini-omni-1.2-flash gemma-4-26b-a4b-it gemma-4-31b-it',
  inception: 'mercury-2 mercury-2.5 mercury-3 mercury-coder-small',
  meta: 'llama-3.1-70b llama-3.1-8b llama-3.3-70b llama-4-maverick llama-4-scout muse-ember muse-glimmer-30b muse-spark-1.1 muse-spark-1.2 muse-spark-1.3 muse-spark-open muse-wonder-1.0',
  minimax:
    'minimax-m2 minimax-m2.1 minimax-m2.1-lightning minimax-m2.5 minimax-m2.7 minimax-m3 minimax-m3.1-flash',
  mistral:
    'codestral ministral-14b ministral-3b ministral-8b mistral-large-3 mistral-large-4 mistral-medium-3.5 mistral-nemo mistral-small',
  moonshotai: 'kimi-k2 kimi-k2.5 kimi-k2.6 kimi-k2.7-code kimi-k3 kimi-k3.1-pro',
  morph: 'morph-v3-large',
  nvidia:
    'nemotron-3-nano-30b-a3b nemotron-3-super-120b-a12b nemotron-3-ultra-550b-a55b nemotron-3.5-lightning nemotron-3.5-super-vl nemotron-nano-12b-v2-vl nemotron-nano-9b-v2',
  openai:
    'gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-4o gpt-4o-mini gpt-5 gpt-5-codex gpt-5-mini gpt-5-nano gpt-5-pro gpt-5.1-codex gpt-5.1-codex-max gpt-5.1-codex-mini gpt-5.1-thinking gpt-5.2 gpt-5.2-codex gpt-5.2-pro gpt-5.3-codex gpt-5.4 gpt-5.4-mini gpt-5.4-nano gpt-5.4-pro gpt-5.5 gpt-5.5-pro gpt-5.6-luna gpt-5.6-sol gpt-5.6-terra gpt-6-astra gpt-6-luna gpt-6-sol gpt-6.1-sol gpt-6.1-terra gpt-oss-120b gpt-oss-20b gpt-oss-safeguard-120b gpt-oss-safeguard-20b o1 o3 o3-mini o3-pro o4-mini',
  perplexity: 'sonar',
  spacexai:
    'grok-4.20-multi-agent grok-4.20-non-reasoning grok-4.20-reasoning grok-4.3 grok-4.5 grok-4.6 grok-4.7 grok-build-0.1',
  stepfun: 'step-3.7-flash',
  tencent: 'hy-mt2-lite hy-mt2-plus hy-mt2-pro hy3 hy4',
  xiaomi: 'mimo-v2.6-flash mimo-v2.6-pro mimo-v2.6-pro-ultraspeed',
  zai: 'glm-4.5 glm-4.5-air glm-4.5v glm-4.6 glm-4.7 glm-4.7-flash glm-4.7-flashx glm-5 glm-5-turbo glm-5.1 glm-5.2 glm-5.3 glm-5.3-flash glm-5.3-flashx glm-5.3-flashx-legal glm-5v-turbo',
};

/** OpenRouter's names of makers that Vercel spells otherwise. */
const makers: Record<string, string> = {
  'meta-llama': 'meta',
  'x-ai': 'spacexai',
  mistralai: 'mistral',
  'z-ai': 'zai',
  qwen: 'alibaba',
};

/** Vercel's slug of a provider, where it is not OpenRouter's. */
const otherwise: Record<string, string> = {
  'amazon-bedrock': 'bedrock',
  'google-vertex': 'vertex',
  'google-ai-studio': 'google',
  together: 'togetherai',
  'z-ai': 'zai',
};
const alike =
  'alibaba anthropic azure baseten bedrock cerebras cohere crusoe deepinfra deepseek fireworks google groq inception minimax mistral moonshotai morph nebius novita openai parasail perplexity togetherai vertex xai zai';
const providers = new Set(alike.split(' '));

const squash = (model: string): string => canonicalModel(model).replace(/[-.]/g, '');

const byMaker = new Map(
  Object.entries(vercelModels).map(([maker, names]) => [
    maker,
    new Map(
      names.split(' ').flatMap((name) => [
        [squash(name), `${maker}/${name}`] as const,
        // Only theirs are told apart by it, and all that are served have it.
        [squash(`${name}-instruct`), `${maker}/${name}`] as const,
      ]),
    ),
  ]),
);

/** The same model's id there; null when it is not known to be there. */
export function vercelModel(model: string): string | null {
  const [maker = '', name] = model.split('/');
  if (name === undefined || name.includes(':')) return null;
  return byMaker.get(makers[maker] ?? maker)?.get(squash(name)) ?? null;
}

/** A provider's slug there; null when it is not known to be there. */
export function vercelProvider(provider: string): string | null {
  const base = providerBase(provider);
  const name = otherwise[base] ?? base;
  return providers.has(name) ? name : null;
}

/** What an endpoint is quantised to makes no other endpoint of it; anything else behind the slash does. */
const sameEndpoint = /\/(?:bf16|fp4|fp6|fp8|fp16|fp32|int4|int8|unknown|global|default)$/;

/** How one would ask for the same there, by model and provider; null when one cannot. */
export function vercelAlias(
  model: string | null,
  provider: string | null,
): { model: string; provider: string | null } | null {
  const id = model === null ? null : vercelModel(model);
  if (id === null) return null;
  if (provider === null) return { model: id, provider: null };
  const slug = provider.includes('/') && !sameEndpoint.test(provider) ? null : vercelProvider(provider);
  return slug === null ? null : { model: id, provider: slug };
}
