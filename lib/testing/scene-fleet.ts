import type { Watched } from '../core/fleet.ts';
import type { ProbeKind } from '../core/observation.ts';
import { type TargetRef, targetKey } from '../core/target.ts';

/** An invented installation, as large as a default one: crossed routes, unpinned ones, one for every other provider. */

export const sceneModels = {
  haiku: 'anthropic/claude-haiku-4.5',
  nano: 'openai/gpt-5-nano',
  flash: 'google/gemini-2.5-flash-lite',
  llama: 'meta-llama/llama-3.3-70b-instruct',
  deepseek: 'deepseek/deepseek-v3.2',
} as const;

const crossed: [string, string][] = [
  ['anthropic', sceneModels.haiku],
  ['amazon-bedrock', sceneModels.haiku],
  ['google-vertex', sceneModels.haiku],
  ['openai', sceneModels.nano],
  ['azure', sceneModels.nano],
  ['google-ai-studio', sceneModels.flash],
  ['google-vertex', sceneModels.flash],
  ['deepinfra', sceneModels.llama],
  ['groq', sceneModels.llama],
  ['together', sceneModels.llama],
  ['deepinfra', sceneModels.deepseek],
  ['novita', sceneModels.deepseek],
];
const unpinned: [string, string][] = [
  ['any', sceneModels.nano],
  ['any', sceneModels.haiku],
  ['any', sceneModels.flash],
];
export const otherProviders = [
  'ai21', 'akashml', 'alibaba', 'atlas-cloud', 'baidu', 'baseten', 'cerebras', 'chutes', 'clarifai', 'cloudflare',
  'cohere', 'crusoe', 'deepseek', 'featherless', 'fireworks', 'friendli', 'gmicloud', 'hyperbolic', 'inception',
  'infermatic', 'liquid', 'mancer', 'minimax', 'mistral', 'moonshotai', 'morph', 'nebius', 'nextbit', 'parasail',
  'perplexity', 'phala', 'sambanova', 'siliconflow', 'switchpoint', 'venice', 'wandb', 'xai', 'z-ai',
] as const; // biome-ignore format: a list of names reads better in lines

export function sceneRoutes(): TargetRef[] {
  const others = otherProviders.map((p): [string, string] => [p, `${p}/${p}-small`]);
  return [...crossed, ...unpinned, ...others].map(([provider, model]) => ({
    gateway: 'openrouter',
    provider,
    model,
  }));
}

export const sceneProviderNames: { slug: string; name: string; statusPageUrl: string | null }[] = [
  ['anthropic', 'Anthropic'],
  ['amazon-bedrock', 'Amazon Bedrock'],
  ['google-vertex', 'Google Vertex'],
  ['google-ai-studio', 'Google AI Studio'],
  ['openai', 'OpenAI'],
  ['azure', 'Azure'],
  ['deepinfra', 'DeepInfra'],
  ['groq', 'Groq'],
  ['together', 'Together'],
  ['novita', 'NovitaAI'],
  ...otherProviders.map((p) => [p, p.charAt(0).toUpperCase() + p.slice(1)]),
].map(([slug, name]) => ({ slug: slug as string, name: name as string, statusPageUrl: null }));

export function sceneWatched(probe: ProbeKind, target: TargetRef): Watched {
  return {
    key: targetKey(probe, target),
    probe,
    target,
    dialect: 'openai-chat',
    baseUrl: 'https://openrouter.example/api/v1',
    keyName: probe === 'completion' ? 'openrouter' : null,
    wireModel: target.model,
    endpoint: target.provider === 'any' ? null : target.provider,
    providerName: null,
    everyMs: 60_000,
    timeoutMs: 30_000,
    priceUsd: probe === 'completion' ? 0.000012 : 0,
    price: probe === 'completion' ? { promptUsd: 2e-7, completionUsd: 8e-7, requestUsd: 0 } : null,
    maxTokens: 16,
    supportedParameters: null,
    isReasoningMandatory: false,
    origin: 'default',
    options: {},
  };
}

const gatewayOnly: TargetRef = { gateway: 'openrouter', provider: null, model: null };

export function sceneFleet(): Watched[] {
  const free: ProbeKind[] = ['catalog', 'account', 'official', 'reported'];
  return [
    ...free.map((probe) => sceneWatched(probe, gatewayOnly)),
    ...sceneRoutes().map((target) => sceneWatched('completion', target)),
  ];
}
