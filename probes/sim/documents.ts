import type { SimCatalog, SimEndpoint, SimModel } from './catalog.ts';

const parameters = [
  'frequency_penalty',
  'max_tokens',
  'presence_penalty',
  'response_format',
  'seed',
  'stop',
  'structured_outputs',
  'temperature',
  'tool_choice',
  'tools',
  'top_p',
];

export function parametersOf(model: SimModel): string[] {
  return model.reasoning === 'none' ? parameters : ['include_reasoning', 'reasoning', ...parameters];
}

const usd = (n: number): string => n.toFixed(12).replace(/0+$/, '').replace(/\.$/, '');

export function modelsDocument(catalog: SimCatalog): unknown {
  const data = [...catalog.models.values()].map(modelEntry);
  return { data: [...data, autoRouter], total_count: data.length + 1, links: { next: null } };
}

/** The router has no price of its own; whoever computes with -1 pays for it. */
const autoRouter = {
  id: 'openrouter/auto',
  canonical_slug: 'openrouter/auto',
  name: 'Auto Router',
  created: 1_699_401_600,
  context_length: 2_000_000,
  architecture: {
    modality: 'text->text',
    input_modalities: ['text'],
    output_modalities: ['text'],
    tokenizer: 'Router',
    instruct_type: null,
  },
  pricing: { prompt: '-1', completion: '-1' },
  top_provider: { context_length: null, max_completion_tokens: null, is_moderated: false },
  per_request_limits: null,
  supported_parameters: [],
  expiration_date: null,
};

function modelEntry(model: SimModel): unknown {
  const cheapest = [...model.endpoints].sort((a, b) => a.promptUsd - b.promptUsd)[0];
  return {
    id: model.id,
    canonical_slug: model.slug,
    hugging_face_id: '',
    name: model.name,
    created: model.created,
    description: `${model.name}, as simulated.`,
    context_length: model.context,
    architecture: architecture(model),
    pricing: { prompt: usd(cheapest?.promptUsd ?? 0), completion: usd(cheapest?.completionUsd ?? 0) },
    top_provider: { context_length: model.context, max_completion_tokens: null, is_moderated: false },
    per_request_limits: null,
    supported_parameters: parametersOf(model),
    default_parameters: {},
    knowledge_cutoff: null,
    expiration_date: model.expirationDate,
    links: { details: `/api/v1/models/${model.slug}/endpoints` },
    ...(model.reasoning === 'none' ? {} : { reasoning: { mandatory: model.reasoning === 'mandatory' } }),
  };
}

function architecture(model: SimModel): unknown {
  const input = model.input === 'text' ? ['text'] : ['text', 'image'];
  return {
    modality: `${model.input}->text`,
    input_modalities: input,
    output_modalities: ['text'],
    tokenizer: 'Other',
    instruct_type: null,
  };
}

/** The gateway's own figures: `failing` is the share of calls that the script lets fail now. */
export function endpointsDocument(
  model: SimModel,
  failing: (endpoint: SimEndpoint) => number,
  isKeyed: boolean,
): unknown {
  return {
    data: {
      id: model.id,
      name: model.name,
      created: model.created,
      description: `${model.name}, as simulated.`,
      architecture: architecture(model),
      endpoints: model.endpoints.map((e) => endpointEntry(model, e, failing(e), isKeyed)),
    },
  };
}

function endpointEntry(model: SimModel, e: SimEndpoint, failingShare: number, isKeyed: boolean): unknown {
  const base = 99.2 + (hash(e.tag + e.model) % 80) / 100;
  const half = base * (1 - failingShare * 0.55);
  const spread = (p50: number): unknown => ({ p50, p75: p50 * 1.2, p90: p50 * 1.6, p99: p50 * 3.1 });
  return {
    name: `${e.provider.name} | ${model.slug}`,
    model_id: model.id,
    model_name: model.name,
    context_length: model.context,
    pricing: { prompt: usd(e.promptUsd), completion: usd(e.completionUsd), discount: 0 },
    provider_name: e.provider.name,
    tag: e.tag,
    quantization: e.quantization,
    max_completion_tokens: Math.min(model.context, 32_768),
    max_prompt_tokens: null,
    supported_parameters: parametersOf(model),
    status: half >= 95 ? 0 : half >= 80 ? -2 : -5,
    uptime_last_5m: hash(e.tag) % 7 === 0 ? null : base * (1 - failingShare),
    uptime_last_30m: half,
    uptime_last_1d: base * (1 - failingShare * 0.02),
    supports_implicit_caching: false,
    latency_last_30m: isKeyed ? spread(e.firstTokenMs) : null,
    throughput_last_30m: isKeyed ? spread(e.tokensPerSecond) : null,
  };
}

export function hash(text: string): number {
  let h = 2_166_136_261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16_777_619);
  return h >>> 0;
}

export function providersDocument(catalog: SimCatalog): unknown {
  return {
    data: catalog.providers.map((p) => ({
      name: p.name,
      slug: p.slug,
      privacy_policy_url: null,
      terms_of_service_url: null,
      status_page_url: p.hasStatusPage ? `https://status.${p.slug}.example/` : null,
      headquarters: p.headquarters,
      datacenters: p.headquarters ? [p.headquarters] : null,
    })),
  };
}
