import { asCount, asList, asObject, asText, dig, type Loose } from '#lib/core/loose.ts';
import { authHeaders } from './auth.ts';
import type { Dialect, Piece, Usage } from './dialect.ts';
import { finishWord } from './finish-words.ts';
import { openRouterHeaders, pinField } from './openrouter.ts';

const direct = { kind: 'header', header: 'x-api-key', extra: { 'anthropic-version': '2023-06-01' } } as const;
const viaGateway = { kind: 'bearer', header: 'authorization', extra: direct.extra } as const;

/** `POST /messages`; the end is `message_stop`, never the close. */
export const anthropicMessages: Dialect = {
  framing: 'sse',
  end: 'marker',
  ask: (question) => {
    const { watched, prompt, maxTokens, isStreamed, extra } = question;
    const isOpenRouter = watched.options.isOpenRouter === true;
    const isGateway = watched.target.gateway !== 'direct';
    return {
      url: `${watched.baseUrl.replace(/\/+$/, '')}/messages`,
      headers: {
        'content-type': 'application/json',
        ...authHeaders(question, isGateway ? viaGateway : direct),
        ...(isOpenRouter ? openRouterHeaders : {}),
      },
      body: JSON.stringify({
        model: watched.wireModel,
        max_tokens: maxTokens,
        messages: [{ role: 'user', content: prompt }],
        stream: isStreamed,
        ...(isOpenRouter ? pinField(watched) : {}),
        ...extra,
      }),
    };
  },
  readFrame: readEvent,
  readWhole: (body) => (body.type === 'error' || body.error ? { error: body } : readMessage(body)),
};

function readEvent(frame: Loose, event: string | null): Piece {
  if (frame.type === 'error' || frame.error || event === 'error') return { error: frame };
  switch (frame.type ?? event) {
    case 'message_start': {
      const message = asObject(frame.message) ?? {};
      return {
        served: { model: asText(message.model), provider: asText(message.provider) },
        generation: { id: asText(message.id) },
        usage: readUsage(asObject(message.usage)),
      };
    }
    case 'content_block_start':
      return readBlock(asObject(frame.content_block));
    case 'content_block_delta':
      return readBlock(asObject(frame.delta));
    case 'message_delta':
      return {
        finish: finishWord(asText(dig(frame, 'delta', 'stop_reason'))),
        usage: readUsage(asObject(frame.usage)),
      };
    case 'message_stop':
      return { isEnd: true };
    default:
      return {};
  }
}

function readBlock(block: Loose | null): Piece {
  const piece: Piece = {};
  const text = asText(block?.text);
  const thinking = asText(block?.thinking) ?? (block?.type === 'redacted_thinking' ? ' ' : null);
  if (text) piece.text = text;
  if (thinking) piece.reasoning = thinking;
  if (block?.type === 'tool_use' || asText(block?.partial_json)) piece.isOutput = true;
  return piece;
}

function readMessage(body: Loose): Piece {
  const blocks = asList(body.content).map((block) => readBlock(asObject(block)));
  const finish = finishWord(asText(body.stop_reason));
  return {
    text: blocks.map(({ text }) => text ?? '').join(''),
    reasoning: blocks.map(({ reasoning }) => reasoning ?? '').join(''),
    isOutput: blocks.some(({ isOutput }) => isOutput),
    finish,
    isEnd: finish !== null,
    usage: readUsage(asObject(body.usage)),
    served: { model: asText(body.model), provider: asText(body.provider) },
    generation: { id: asText(body.id) },
  };
}

function readUsage(usage: Loose | null): Usage | null {
  if (!usage) return null;
  const cached =
    (asCount(usage.cache_read_input_tokens) ?? 0) + (asCount(usage.cache_creation_input_tokens) ?? 0);
  const input = asCount(usage.input_tokens);
  return {
    promptTokens: input === null ? null : input + cached,
    completionTokens: asCount(usage.output_tokens),
    reasoningTokens: asCount(dig(usage, 'output_tokens_details', 'reasoning_tokens')),
    costUsd: typeof usage.cost === 'number' ? usage.cost : null,
  };
}
