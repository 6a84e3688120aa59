import { asCount, asList, asNumber, asObject, asText, dig, type Loose } from '#lib/core/loose.ts';
import { authHeaders } from './auth.ts';
import type { Dialect, Piece, Question, Usage } from './dialect.ts';
import { finishWord } from './finish-words.ts';
import { openRouterBody, openRouterHeaders } from './openrouter.ts';

/** `POST /chat/completions` as most gateways and providers speak it. */
export const openaiChat: Dialect = {
  framing: 'sse',
  end: 'marker_or_finish',
  ask: (question) => ({
    url: `${question.watched.baseUrl.replace(/\/+$/, '')}/chat/completions`,
    headers: chatHeaders(question),
    body: JSON.stringify(chatBody(question)),
  }),
  readFrame: (frame, event) => readChatObject(frame, 'delta', event),
  readWhole: (body) => readChatObject(body, 'message', null),
};

export function chatHeaders(question: Question): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: question.isStreamed ? 'text/event-stream' : 'application/json',
    ...authHeaders(question),
    ...(question.watched.options.isOpenRouter ? openRouterHeaders : {}),
  };
}

export function chatBody(question: Question): Loose {
  const { watched, prompt, isStreamed } = question;
  const isOpenRouter = watched.options.isOpenRouter === true;
  return {
    model: wireModel(question),
    messages: [{ role: 'user', content: prompt }],
    stream: isStreamed,
    // OpenRouter sends usage anyway; elsewhere it must be asked for.
    ...(isStreamed && !isOpenRouter ? { stream_options: { include_usage: true } } : {}),
    ...limitField(question),
    ...(canSet(question, 'temperature') ? { temperature: 0 } : {}),
    ...(isOpenRouter ? openRouterBody(watched) : vercelPin(watched)),
    ...question.extra,
  };
}

/** Hugging Face pins by a suffix of the model, others by the body or not at all. */
function wireModel({ watched }: Question): string {
  const model = watched.wireModel ?? watched.target.model ?? '';
  const isSuffixPinned = watched.target.gateway === 'huggingface' && watched.endpoint !== null;
  return isSuffixPinned ? `${model}:${watched.endpoint}` : model;
}

/** Vercel's gateway is pinned by an option of its own. */
function vercelPin({ target, endpoint }: Question['watched']): Loose {
  const provider = endpoint ?? target.provider;
  if (target.gateway !== 'vercel-ai-gateway' || target.provider === 'any' || provider === null) return {};
  return { providerOptions: { gateway: { only: [provider], order: [provider] } } };
}

function limitField(question: Question): Loose {
  const supported = question.watched.supportedParameters;
  const { model } = question.watched.target;
  const isNewer = supported
    ? !supported.includes('max_tokens') && supported.includes('max_completion_tokens')
    : question.watched.target.provider === 'openai' && /(?:^|\/)(?:gpt-[5-9]|o\d)/.test(model ?? '');
  return isNewer ? { max_completion_tokens: question.maxTokens } : { max_tokens: question.maxTokens };
}

/** Where nothing is listed, a reasoning model may refuse a temperature and the others take it. */
function canSet({ watched }: Question, parameter: string): boolean {
  if (watched.supportedParameters) return watched.supportedParameters.includes(parameter);
  const model = watched.wireModel ?? '';
  return !watched.isReasoningMandatory && !/(?:^|\/)(?:gpt-[5-9]|o\d|kimi-k2)/.test(model);
}

export function readChatObject(frame: Loose, part: 'delta' | 'message', event: string | null): Piece {
  const piece: Piece = {};
  for (const item of asList(frame.choices)) readChoice(asObject(item), part, piece);
  const error = frame.error ?? listedErrors(frame) ?? choiceError(frame);
  if (error !== undefined && error !== null && error !== false)
    piece.error = frame.error || error === frame ? frame : { error };
  else if (event === 'error' || frame.object === 'error') piece.error = frame;
  const usage = asObject(frame.usage) ?? asObject(dig(frame, 'x_groq', 'usage'));
  if (usage) piece.usage = readUsage(usage);
  // Perplexity's last object is its end.
  if (frame.object === 'chat.completion.done') piece.isEnd = true;
  piece.served = { provider: asText(frame.provider), model: asText(frame.model) };
  piece.generation = { id: asText(frame.id), fingerprint: asText(frame.system_fingerprint) };
  const tried = readTried(frame);
  if (tried) piece.tried = tried;
  return piece;
}

function readChoice(choice: Loose | null, part: 'delta' | 'message', piece: Piece): void {
  if (!choice) return;
  const said = asObject(choice[part]) ?? asObject(choice.message) ?? asObject(choice.delta);
  const text = contentText(said?.content) ?? asText(choice.text);
  if (text) piece.text = (piece.text ?? '') + text;
  const reasoning = asText(said?.reasoning) ?? asText(said?.reasoning_content);
  if (reasoning) piece.reasoning = (piece.reasoning ?? '') + reasoning;
  else if (
    asList(said?.reasoning_details).some((item) => asText(dig(item, 'text')) ?? asText(dig(item, 'data')))
  ) {
    piece.reasoning ??= ' ';
  }
  const calls = asList(said?.tool_calls);
  if (calls.length > 0 || asText(said?.refusal)) piece.isOutput = true;
  const tool = calls.map((call) => asText(dig(call, 'function', 'arguments')) ?? '').join('');
  if (tool) piece.tool = (piece.tool ?? '') + tool;
  piece.finish ??= finishWord(asText(choice.finish_reason));
}

/** Mistral and others send a list of parts where a text stood before. */
function contentText(content: unknown): string | null {
  if (typeof content === 'string') return asText(content);
  const parts = asList(content).map((part) => asText(dig(part, 'text')) ?? '');
  return asText(parts.join(''));
}

/** Cloudflare's envelope: the errors stand in a list, beside nothing. */
function listedErrors(frame: Loose): Loose | null {
  return asList(frame.choices).length === 0 && asList(frame.errors).length > 0 ? frame : null;
}

function choiceError(frame: Loose): unknown {
  for (const choice of asList(frame.choices)) {
    const error = asObject(choice)?.error;
    if (error !== undefined && error !== null) return error;
  }
  return null;
}

export function readUsage(usage: Loose): Usage {
  const isByok = usage.is_byok === true;
  const upstreamUsd = isByok ? (asNumber(dig(usage, 'cost_details', 'upstream_inference_cost')) ?? 0) : 0;
  const costUsd = asNumber(usage.cost) ?? asNumber(dig(usage, 'cost', 'total_cost'));
  return {
    promptTokens: asCount(usage.prompt_tokens),
    completionTokens: asCount(usage.completion_tokens),
    reasoningTokens:
      asCount(dig(usage, 'completion_tokens_details', 'reasoning_tokens')) ?? asCount(usage.reasoning_tokens),
    costUsd: costUsd === null ? null : costUsd + upstreamUsd,
  };
}

function readTried(frame: Loose): Piece['tried'] | null {
  const attempts = asList(dig(frame, 'openrouter_metadata', 'attempts'));
  const tried = attempts.flatMap((item) => {
    const provider = asText(dig(item, 'provider'));
    return provider ? [{ provider, status: asCount(dig(item, 'status')) }] : [];
  });
  return tried.length ? tried.slice(0, 16) : null;
}
