import { asCount, asList, asNumber, asObject, asText, dig, type Loose } from '#lib/core/loose.ts';
import { authHeaders } from './auth.ts';
import type { Dialect, Piece, Usage } from './dialect.ts';
import { finishWord } from './finish-words.ts';
import { openRouterHeaders, pinField } from './openrouter.ts';

// The smallest cap some hosts take.
const leastTokens = 16;

/** `POST /responses`: typed events; the end is `response.completed` or `response.incomplete`. */
export const openaiResponses: Dialect = {
  framing: 'sse',
  end: 'marker',
  ask: (question) => {
    const { watched, prompt, maxTokens, isStreamed, extra } = question;
    const isOpenRouter = watched.options.isOpenRouter === true;
    return {
      url: `${watched.baseUrl.replace(/\/+$/, '')}/responses`,
      headers: {
        'content-type': 'application/json',
        ...authHeaders(question),
        ...(isOpenRouter ? openRouterHeaders : {}),
      },
      body: JSON.stringify({
        model: watched.wireModel,
        input: prompt,
        max_output_tokens: Math.max(leastTokens, maxTokens),
        stream: isStreamed,
        store: false,
        ...(isOpenRouter ? pinField(watched) : {}),
        ...extra,
      }),
    };
  },
  readFrame: readEvent,
  readWhole: (body) => (body.error ? { error: body } : readFinal(body, true)),
};

function readEvent(frame: Loose, event: string | null): Piece {
  const type = asText(frame.type) ?? event ?? '';
  if (type === 'error' || (frame.error && !type.startsWith('response.'))) return { error: frame };
  switch (type) {
    case 'response.created':
      return {
        served: servedOf(asObject(frame.response) ?? {}),
        generation: { id: asText(dig(frame, 'response', 'id')) },
      };
    case 'response.output_text.delta':
      return { text: asText(frame.delta) ?? '' };
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.delta':
      return { reasoning: asText(frame.delta) ?? '' };
    case 'response.refusal.delta':
    case 'response.function_call_arguments.delta':
      return { isOutput: true };
    case 'response.completed':
    case 'response.incomplete':
    case 'response.done':
      return readFinal(asObject(frame.response) ?? {}, false);
    case 'response.failed':
      return {
        error: { error: dig(frame, 'response', 'error') ?? { message: 'response failed' } },
        finish: 'error',
      };
    default:
      return {};
  }
}

function readFinal(response: Loose, isWithText: boolean): Piece {
  const reason = asText(dig(response, 'incomplete_details', 'reason'));
  const usage = asObject(response.usage);
  const piece: Piece = {
    finish: finishWord(reason ?? asText(response.status)),
    isEnd: true,
    served: servedOf(response),
    generation: { id: asText(response.id) },
    usage: usage ? readUsage(usage) : null,
  };
  if (response.error) piece.error = response;
  if (isWithText) {
    const texts = asList(response.output).flatMap((item) =>
      asList(dig(item, 'content')).map((part) => asText(dig(part, 'text')) ?? ''),
    );
    piece.text = texts.join('');
    piece.isOutput = asList(response.output).some((item) => dig(item, 'type') === 'function_call');
  }
  return piece;
}

function servedOf(response: Loose): NonNullable<Piece['served']> {
  return { model: asText(response.model), provider: asText(response.provider) };
}

function readUsage(usage: Loose): Usage {
  return {
    promptTokens: asCount(usage.input_tokens),
    completionTokens: asCount(usage.output_tokens),
    reasoningTokens: asCount(dig(usage, 'output_tokens_details', 'reasoning_tokens')),
    costUsd: asNumber(usage.cost),
  };
}
