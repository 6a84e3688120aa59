import { inPieces } from './answer.ts';
import type { InBandError, Step } from './script.ts';
import type { Frame } from './wire.ts';

/** What a completion says, before it is put into OpenRouter's chat frames. */
export interface ChatAnswer {
  id: string;
  createdS: number;
  model: string;
  provider: string;
  text: string;
  reasoning: string | null;
  toolCall: { name: string; argumentsJson: string } | null;
  finish: string;
  usage: Record<string, unknown>;
  metadata: unknown;
}

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

export function chatFrames(answer: ChatAnswer, step: Step | null): Frame[] {
  const omit = new Set(step?.omit ?? []);
  const frames: Frame[] = [];
  if (!omit.has('comments')) {
    for (let i = 0; i < 2; i++) frames.push({ role: 'comment', bytes: ': OPENROUTER PROCESSING\n\n' });
  }
  if (!omit.has('role'))
    frames.push({ role: 'head', bytes: chunk(answer, { role: 'assistant', content: '' }) });
  for (const piece of answer.reasoning ? inPieces(answer.reasoning, 3) : []) {
    frames.push({
      role: 'reasoning',
      bytes: chunk(answer, { role: 'assistant', content: '', reasoning: piece }),
    });
  }
  if (!omit.has('content')) frames.push(...contentFrames(answer));
  if (step?.inBand) return [...beforeError(frames, step.inBand), ...errorFrames(answer, step.inBand)];
  if (!omit.has('finish')) {
    frames.push({ role: 'finish', bytes: chunk(answer, { role: 'assistant', content: '' }, answer.finish) });
  }
  if (!omit.has('usage')) frames.push({ role: 'usage', bytes: usageChunk(answer) });
  if (!omit.has('done')) frames.push({ role: 'done', bytes: 'data: [DONE]\n\n' });
  return frames;
}

function contentFrames(answer: ChatAnswer): Frame[] {
  if (answer.toolCall) {
    const call = { name: answer.toolCall.name, arguments: answer.toolCall.argumentsJson };
    const delta = {
      role: 'assistant',
      content: null,
      tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }],
    };
    return [{ role: 'token', bytes: chunk(answer, delta) }];
  }
  return inPieces(answer.text, 8).map((piece) => ({
    role: 'token',
    bytes: chunk(answer, { role: 'assistant', content: piece }),
  }));
}

function envelope(answer: ChatAnswer): Record<string, unknown> {
  return {
    id: answer.id,
    object: 'chat.completion.chunk',
    created: answer.createdS,
    model: answer.model,
    provider: answer.provider,
  };
}

function chunk(answer: ChatAnswer, delta: unknown, finish: string | null = null): string {
  return data({
    ...envelope(answer),
    choices: [{ index: 0, delta, finish_reason: finish, native_finish_reason: finish }],
  });
}

function usageChunk(answer: ChatAnswer): string {
  return data({
    ...envelope(answer),
    choices: [
      {
        index: 0,
        delta: { role: 'assistant', content: '' },
        finish_reason: answer.finish,
        native_finish_reason: answer.finish,
      },
    ],
    usage: answer.usage,
    ...(answer.metadata ? { openrouter_metadata: answer.metadata } : {}),
  });
}

function beforeError(frames: Frame[], error: InBandError): Frame[] {
  let left = error.afterTokens ?? 0;
  const out: Frame[] = [];
  for (const frame of frames) {
    const isToken = frame.role === 'token' || frame.role === 'reasoning';
    if (isToken && left <= 0) break;
    if (isToken) left -= 1;
    out.push(frame);
  }
  return error.shape === 'bare' || error.afterTokens ? out : out.filter((f) => f.role === 'comment');
}

export function inBandBody(error: InBandError, provider: string): Record<string, unknown> {
  const named = error.provider === undefined ? provider : error.provider;
  return {
    code: error.code === undefined ? 502 : error.code,
    message: error.message ?? `Upstream error from ${provider}: Service temporarily overloaded`,
    metadata: {
      error_type: error.errorType ?? 'provider_unavailable',
      ...(named === null ? {} : { provider_name: named }),
    },
  };
}

function errorFrames(answer: ChatAnswer, error: InBandError): Frame[] {
  const body = inBandBody(error, answer.provider);
  const frame = (value: unknown): Frame => ({ role: 'error', bytes: data(value) });
  switch (error.shape) {
    case 'choices_empty':
      return [frame({ ...envelope(answer), choices: [], error: body })];
    case 'with_usage':
      return [
        frame({
          ...envelope(answer),
          error: body,
          choices: [{ index: 0, delta: { content: '' }, finish_reason: null }],
          usage: answer.usage,
        }),
        { role: 'done', bytes: 'data: [DONE]\n\n' },
      ];
    case 'finish_error':
      return [
        frame({
          ...envelope(answer),
          error: body,
          choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
        }),
      ];
    case 'choice_error':
      return [
        frame({
          ...envelope(answer),
          choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error', error: body }],
        }),
      ];
    default:
      return [frame({ error: body })];
  }
}

/** The same answer without a stream. */
export function chatBody(answer: ChatAnswer, step: Step | null): Record<string, unknown> {
  const base = { ...envelope(answer), object: 'chat.completion', system_fingerprint: null };
  const message = {
    role: 'assistant',
    content: answer.toolCall ? null : answer.text,
    refusal: null,
    reasoning: answer.reasoning,
    ...(answer.toolCall
      ? {
          tool_calls: [
            {
              id: 'call_1',
              type: 'function',
              function: { name: answer.toolCall.name, arguments: answer.toolCall.argumentsJson },
            },
          ],
        }
      : {}),
  };
  const choice = {
    index: 0,
    logprobs: null,
    finish_reason: answer.finish,
    native_finish_reason: answer.finish,
  };
  if (step?.inBand)
    return bodyWithError(base, message, inBandBody(step.inBand, answer.provider), step.inBand.shape);
  return {
    ...base,
    choices: [{ ...choice, message }],
    usage: answer.usage,
    ...(answer.metadata ? { openrouter_metadata: answer.metadata } : {}),
  };
}

function bodyWithError(
  base: Record<string, unknown>,
  message: Record<string, unknown>,
  error: Record<string, unknown>,
  shape: InBandError['shape'],
): Record<string, unknown> {
  if (shape === 'choices_empty' || shape === 'json_choices_empty') return { choices: [], error };
  if (shape === 'json_no_choices') return { id: base.id, error };
  if (shape === 'choice_error' || shape === 'finish_error') {
    const partial = { ...message, content: 'partial output...' };
    return { ...base, choices: [{ index: 0, message: partial, finish_reason: 'error', error }] };
  }
  return { error, user_id: 'user_simulated' };
}
