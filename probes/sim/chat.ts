import type { IncomingMessage, ServerResponse } from 'node:http';
import { charge } from './account.ts';
import { answerFor, objectFor, promptOf } from './answer.ts';
import type { SimCall } from './calls.ts';
import type { SimEndpoint, SimModel } from './catalog.ts';
import { type ChatAnswer, chatBody, chatFrames } from './chat-frames.ts';
import { providerError } from './faults.ts';
import { candidates, readWish } from './routing.ts';
import type { CallFacts, Step } from './script.ts';
import { type Pace, sendJson, sendStream, sleep, strikeEarly } from './wire.ts';
import type { SimWorld } from './world.ts';

const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  server: 'cloudflare',
};

/** `POST /chat/completions`: authentication, routing with fallbacks, the answer, and every scripted way to spoil it. */
export async function serveChat(
  world: SimWorld,
  req: IncomingMessage,
  res: ServerResponse,
  call: SimCall,
): Promise<void> {
  const { body } = call;
  const modelId = typeof body.model === 'string' ? body.model : '';
  const wish = readWish(body);
  call.model = modelId;
  call.isPinned = !wish.hasFallbacks && wish.order.length + wish.only.length > 0;
  call.isStreamed = body.stream === true;
  const facts: CallFacts = { path: call.path, model: modelId, key: call.key, isPinned: call.isPinned };
  const gatewayStep = world.script.atGateway(facts);
  if (await strikeEarly(req, res, call, gatewayStep)) return;
  if (refuse(world, res, call)) return;
  const model = world.catalog.find(modelId.replace(/:(free|nitro|floor)$/, ''));
  if (!model) return notFound(res, call, `No endpoints found for ${modelId}.`);
  const tries = candidates(model, wish, (slug) => world.hasRecentlyFailed(slug));
  if (tries.length === 0) return notAllowed(res, call, model, [...wish.order, ...wish.only]);
  await attemptAll(world, req, res, call, { model, tries, facts, gatewayStep });
}

/** What the gateway refuses before it looks at a model; true when it has answered. */
export function refuse(world: SimWorld, res: ServerResponse, call: SimCall): boolean {
  const { account } = world;
  const send = (status: number, message: string, metadata?: unknown): boolean => {
    sendJson(res, call, status, { error: { message, code: status, ...(metadata ? { metadata } : {}) } });
    return true;
  };
  if (!call.key) return send(401, 'Missing Authentication header');
  if (account.revoked.has(call.key)) return send(401, 'User not found.');
  if (account.remainingUsd !== null && account.remainingUsd <= 0) {
    return send(402, 'Insufficient credits. Add more using https://openrouter.ai/settings/credits', {
      limit_source: 'openrouter_credits',
    });
  }
  if (!call.model?.endsWith(':free')) return false;
  account.freeUsed += 1;
  if (account.freeUsed <= account.freeLimit) return false;
  return send(
    429,
    'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
    {
      headers: {
        'X-RateLimit-Limit': String(account.freeLimit),
        'X-RateLimit-Remaining': '0',
        'X-RateLimit-Reset': String((Math.floor(Date.now() / 86_400_000) + 1) * 86_400_000),
      },
      limit_source: 'openrouter_free_tier_daily',
      provider_name: null,
    },
  );
}

function notFound(res: ServerResponse, call: SimCall, message: string): void {
  sendJson(res, call, 404, { error: { message, code: 404 } });
}

function notAllowed(res: ServerResponse, call: SimCall, model: SimModel, wanted: string[]): void {
  sendJson(res, call, 404, {
    error: {
      message: 'No allowed providers are available for the selected model.',
      code: 404,
      metadata: {
        available_providers: [...new Set(model.endpoints.map((e) => e.provider.slug))],
        requested_providers: wanted,
      },
    },
    ...(wantsMetadata(call) ? { openrouter_metadata: metadata(model, null, []) } : {}),
  });
}

interface Attempting {
  model: SimModel;
  tries: SimEndpoint[];
  facts: CallFacts;
  gatewayStep: Step | null;
}

async function attemptAll(
  world: SimWorld,
  req: IncomingMessage,
  res: ServerResponse,
  call: SimCall,
  { model, tries, facts, gatewayStep }: Attempting,
): Promise<void> {
  const tried: { endpoint: SimEndpoint; status: number }[] = [];
  let last: { step: Step; endpoint: SimEndpoint } | null = null;
  for (const endpoint of tries.slice(0, 5)) {
    const step = world.script.atProvider(facts, endpoint);
    if (step?.status === undefined || step.status < 300) {
      call.provider = endpoint.tag;
      tried.push({ endpoint, status: 200 });
      return answer(world, req, res, call, {
        model,
        endpoint,
        tried,
        step: step ?? gatewayStep,
        isProviderStep: step !== null,
      });
    }
    await sleep((step.delayMs ?? 0) + 120 * world.latencyScale);
    world.noteFailure(endpoint.provider.slug, step.status);
    tried.push({ endpoint, status: step.status });
    last = { step, endpoint };
  }
  if (!last) return notFound(res, call, `No endpoints found for ${model.id}.`);
  const { step, endpoint } = last;
  call.provider = endpoint.tag;
  const status = step.status ?? 502;
  const body = step.body ?? providerError(status, endpoint.provider.name);
  const isPlain = typeof body === 'string' || status === 500 || status === 401 || !wantsMetadata(call);
  const withMetadata = isPlain
    ? body
    : { ...(body as object), openrouter_metadata: metadata(model, null, tried) };
  sendJson(res, call, status, withMetadata, step.headers);
}

interface Answering {
  model: SimModel;
  endpoint: SimEndpoint;
  tried: { endpoint: SimEndpoint; status: number }[];
  step: Step | null;
  /** The gateway's own step has struck already. */
  isProviderStep: boolean;
}

async function answer(
  world: SimWorld,
  req: IncomingMessage,
  res: ServerResponse,
  call: SimCall,
  what: Answering,
): Promise<void> {
  const { endpoint, step } = what;
  if (step?.commentsOnly) return sendComments(res, call);
  if (what.isProviderStep && (await strikeEarly(req, res, call, step))) return;
  const said = compose(world, call, what);
  charge(world.account, Number(said.usage.cost));
  const generation = { model: call.model ?? '', costUsd: Number(said.usage.cost) };
  world.rememberGeneration(said.id, generation, what.tried);
  call.generationId = said.id;
  const pace = paceOf(world, endpoint, step);
  const headers = { ...streamHeaders, 'x-generation-id': said.id, 'x-openrouter-cache-status': 'MISS' };
  if (call.isStreamed) {
    return sendStream(req, res, call, { frames: chatFrames(said, step), pace, headers, step });
  }
  await sleep(pace.headersMs + pace.firstTokenMs);
  if (res.destroyed) return;
  sendJson(res, call, 200, `\n         \n${JSON.stringify(chatBody(said, step))}`, {
    ...headers,
    'content-type': 'application/json',
  });
}

/** The edge lives, the provider is silent: comments until the far side gives up. */
function sendComments(res: ServerResponse, call: SimCall): void {
  call.status = 200;
  res.writeHead(200, streamHeaders);
  const timer = setInterval(() => res.write(': OPENROUTER PROCESSING\n\n'), 500);
  res.write(': OPENROUTER PROCESSING\n\n');
  res.on('close', () => clearInterval(timer));
}

function paceOf(world: SimWorld, endpoint: SimEndpoint, step: Step | null): Pace {
  const jitter = 0.85 + world.random() * 0.3;
  return {
    headersMs: (25 + endpoint.firstTokenMs * 0.2) * jitter * world.latencyScale,
    firstTokenMs: endpoint.firstTokenMs * 0.8 * jitter * world.latencyScale + (step?.firstTokenDelayMs ?? 0),
    gapMs: step?.tokenGapMs ?? (1000 / endpoint.tokensPerSecond) * world.latencyScale,
  };
}

function compose(world: SimWorld, call: SimCall, { model, endpoint, tried, step }: Answering): ChatAnswer {
  const prompt = promptOf(call.body);
  const text = step?.answer ?? schemaAnswer(call.body, prompt) ?? answerFor(prompt);
  const isThinking = isReasoning(model, call.body) || step?.reasoning !== undefined;
  const reasoning = isThinking ? (step?.reasoning ?? 'The two numbers have to be added.') : null;
  const inTokens = Math.ceil(prompt.length / 4) + 6;
  const outTokens = Math.max(1, Math.ceil(text.length / 4)) + (reasoning ? 12 : 0);
  const servedBy = step?.servedProvider ?? endpoint.provider.name;
  return {
    id: world.nextId('gen'),
    createdS: Math.floor(Date.now() / 1000),
    model: step?.servedModel ?? model.slug,
    provider: servedBy,
    text,
    reasoning,
    toolCall: toolCall(call.body, prompt),
    finish: step?.finish ?? (toolCall(call.body, prompt) ? 'tool_calls' : 'stop'),
    usage: usage(inTokens, outTokens, reasoning ? 12 : 0, endpoint),
    metadata: wantsMetadata(call) ? metadata(model, endpoint, tried) : null,
  };
}

function isReasoning(model: SimModel, body: Record<string, unknown>): boolean {
  if (model.reasoning !== 'optional') return model.reasoning === 'mandatory';
  return (body.reasoning as { enabled?: boolean } | undefined)?.enabled !== false;
}

function usage(
  inTokens: number,
  outTokens: number,
  reasoningTokens: number,
  e: SimEndpoint,
): Record<string, unknown> {
  const promptCost = inTokens * e.promptUsd;
  const completionCost = outTokens * e.completionUsd;
  return {
    prompt_tokens: inTokens,
    completion_tokens: outTokens,
    total_tokens: inTokens + outTokens,
    cost: promptCost + completionCost,
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0 },
    cost_details: {
      upstream_inference_cost: promptCost + completionCost,
      upstream_inference_prompt_cost: promptCost,
      upstream_inference_completions_cost: completionCost,
    },
    completion_tokens_details: { reasoning_tokens: reasoningTokens, image_tokens: 0, audio_tokens: 0 },
  };
}

function toolCall(body: Record<string, unknown>, prompt: string): ChatAnswer['toolCall'] {
  const tools = body.tools;
  if (!Array.isArray(tools)) return null;
  const fn = (tools[0] as { function?: { name?: string; parameters?: unknown } } | undefined)?.function;
  if (!fn?.name) return null;
  return { name: fn.name, argumentsJson: JSON.stringify(objectFor(fn.parameters, prompt)) };
}

function schemaAnswer(body: Record<string, unknown>, prompt: string): string | null {
  const format = body.response_format as { type?: string; json_schema?: { schema?: unknown } } | undefined;
  if (format?.type !== 'json_schema') return null;
  return JSON.stringify(objectFor(format.json_schema?.schema, prompt));
}

function wantsMetadata(call: SimCall): boolean {
  return call.headers['x-openrouter-metadata'] === 'enabled';
}

function metadata(
  model: SimModel,
  selected: SimEndpoint | null,
  tried: { endpoint: SimEndpoint; status: number }[],
): unknown {
  return {
    requested: model.id,
    strategy: 'direct',
    region: null,
    summary: `${model.endpoints.length} endpoints`,
    attempt: tried.length,
    is_byok: false,
    endpoints: {
      total: model.endpoints.length,
      available: model.endpoints.map((e) => ({
        provider: e.provider.name,
        model: model.slug,
        selected: e === selected,
      })),
    },
    attempts: tried.map((t) => ({ provider: t.endpoint.provider.name, model: model.slug, status: t.status })),
  };
}
