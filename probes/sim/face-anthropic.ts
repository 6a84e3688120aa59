import { inPieces } from './answer.ts';
import { type DialectFace, named, sse } from './face.ts';
import type { Frame } from './wire.ts';

export const anthropic: DialectFace = {
  contentType: sse,
  frames: (a) => [
    {
      role: 'head',
      bytes: named('message_start', {
        type: 'message_start',
        message: {
          id: a.id,
          type: 'message',
          role: 'assistant',
          model: a.model,
          content: [],
          stop_reason: null,
          usage: { input_tokens: a.inTokens, output_tokens: 1 },
        },
      }),
    },
    {
      role: 'head',
      bytes: named('content_block_start', {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'text', text: '' },
      }),
    },
    { role: 'comment', bytes: named('ping', { type: 'ping' }) },
    ...(a.reasoning ? inPieces(a.reasoning, 3) : []).map(
      (thinking): Frame => ({ role: 'reasoning', bytes: blockDelta({ type: 'thinking_delta', thinking }) }),
    ),
    ...inPieces(a.text, 8).map(
      (text): Frame => ({ role: 'token', bytes: blockDelta({ type: 'text_delta', text }) }),
    ),
    { role: 'head', bytes: named('content_block_stop', { type: 'content_block_stop', index: 0 }) },
    {
      role: 'finish',
      bytes: named('message_delta', {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: a.outTokens },
      }),
    },
    { role: 'done', bytes: named('message_stop', { type: 'message_stop' }) },
  ],
  body: (a) => ({
    id: a.id,
    type: 'message',
    role: 'assistant',
    model: a.model,
    content: [{ type: 'text', text: a.text }],
    stop_reason: 'end_turn',
    usage: { input_tokens: a.inTokens, output_tokens: a.outTokens },
  }),
  errorFrame: (code, message) => named('error', anthropicError(code, message)),
  errorBody: anthropicError,
};

function blockDelta(delta: unknown): string {
  return named('content_block_delta', { type: 'content_block_delta', index: 0, delta });
}

function anthropicError(status: number, message: string): unknown {
  const types: Record<number, string> = {
    401: 'authentication_error',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  return { type: 'error', error: { details: null, type: types[status] ?? 'api_error', message } };
}
