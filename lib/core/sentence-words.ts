import type { OutcomeClass } from './outcome-words.ts';
import type { Impact } from './words.ts';

/** English for the sentences the core speaks. Another language is another object of this shape. */

/** Which of our own troubles it is stands in the reason: a process that stands still is no network that is down. */
const stalled = 'checks were spoiled by our own process standing still';

export function stallReason(looks: number): string {
  return `${looks} ${stalled}`;
}

export function isStall({ scope, reason }: { scope: { kind: string }; reason: string }): boolean {
  return scope.kind === 'prober' && reason.includes(stalled);
}

/** Trouble with our own key or purse is its owner's business; that nothing can be said because of it is everybody's. */
export const ownChecksFail = 'our own checks do not get through at the moment';

const names: Record<string, string> = {
  openrouter: 'OpenRouter',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  azure: 'Azure',
  groq: 'Groq',
  deepinfra: 'DeepInfra',
  deepseek: 'DeepSeek',
  together: 'Together',
  fireworks: 'Fireworks',
  cerebras: 'Cerebras',
  mistral: 'Mistral',
  novita: 'Novita',
  nebius: 'Nebius',
  sambanova: 'SambaNova',
  xai: 'xAI',
  'x-ai': 'xAI',
  cohere: 'Cohere',
  perplexity: 'Perplexity',
  hyperbolic: 'Hyperbolic',
  cloudflare: 'Cloudflare',
  parasail: 'Parasail',
  atlascloud: 'AtlasCloud',
  'atlas-cloud': 'AtlasCloud',
  'amazon-bedrock': 'Amazon Bedrock',
  'aws-bedrock': 'Amazon Bedrock',
  'google-ai-studio': 'Google AI Studio',
  'google-vertex': 'Google Vertex',
  'azure-openai': 'Azure OpenAI',
  moonshot: 'Moonshot',
  tokenmix: 'TokenMix',
  ofox: 'ofox',
  litellm: 'LiteLLM',
  portkey: 'Portkey',
};

/** A name for people; an id nobody named stays as it is. */
export function nameOf(id: string): string {
  return names[id] ?? id;
}

export const impactPhrases: Record<'failing' | 'slow' | 'limited', Record<Impact, string>> = {
  failing: { major_outage: 'is down', partial_outage: 'fails in part', degraded: 'is degraded' },
  slow: { major_outage: 'is slow', partial_outage: 'is slow', degraded: 'is slow' },
  limited: {
    major_outage: 'turns calls away (429)',
    partial_outage: 'turns calls away (429)',
    degraded: 'turns calls away (429)',
  },
};

const phrases = {
  ok: 'good answers',
  ok_slow: 'slow answers',
  wrong_answer: 'wrong answers',
  too_large: 'answers too large',
  wrong_provider: 'answers by another provider',
  model_gone: 'model withdrawn',
  blocked_here: 'our address is blocked',
  region_restricted: 'refused for our region',
  bad_request: 'request refused',
  refused_moderation: 'refused by moderation',
  truncated_by_us: 'answers cut by us',
  not_pinned: 'answers by another route',
  inconclusive: 'checks without a result',
  aborted: 'checks stopped by us',
  dns_failed: 'name not found',
  connect_failed: 'no connection',
  tls_failed: 'no secure connection',
  timeout_first_token: 'no answer in time',
  timeout_total: 'answer not finished in time',
  stalled: 'stalled answers',
  http_5xx: 'server errors',
  overloaded: 'overloaded',
  edge_error: 'errors of the edge',
  cut: 'answers cut off',
  no_end_marker: 'answers without an end',
  malformed: 'unreadable answers',
  empty: 'empty answers',
  wrong_model: 'answers by another model',
  error_in_stream: 'errors inside an answer',
  not_found: 'model not found',
  unauthorized_doubtful: '401 for a key that is valid',
  unauthorized_upstream: "the provider refuses the gateway's key",
  unknown_error: 'unknown errors',
  no_credit: 'no credit',
  key_limit: 'key limit reached',
  unauthorized: 'key refused',
  limited_key: 'our own rate limit',
  limited_upstream: '429 from the provider',
  limited_shared: '429, shared limit',
  forbidden: 'refused',
} as const satisfies Record<OutcomeClass, string>;

/** Each kind of failure in words; none is ever said by its code. */
export const classPhrases: Record<string, string> = phrases;
