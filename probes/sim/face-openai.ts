import { inPieces } from './answer.ts';
import { type DialectFace, type DirectAnswer, named, plain, sse } from './face.ts';
import type { Frame } from './wire.ts';

const openAiError = (status: number, message: string): unknown => ({
  error: {
    message,
    type: status === 401 ? 'invalid_request_error' : 'server_error',
    param: null,
    code: status === 401 ? 'invalid_api_key' : null,
  },
});

function openAiChunk(a: DirectAnswer, delta: unknown, finish: string | null): string {
  return plain({
    id: a.id,
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: a.model,
    system_fingerprint: 'fp_simulated',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
}

const openAiUsage = (a: DirectAnswer): unknown => ({
  prompt_tokens: a.inTokens,
  completion_tokens: a.outTokens,
  total_tokens: a.inTokens + a.outTokens,
  completion_tokens_details: { reasoning_tokens: a.reasoning ? 12 : 0 },
});

export const openAiChat: DialectFace = {
  contentType: sse,
  frames: (a) => [
    { role: 'head', bytes: openAiChunk(a, { role: 'assistant', content: '' }, null) },
    ...(a.reasoning ? inPieces(a.reasoning, 3) : []).map(
      (piece): Frame => ({ role: 'reasoning', bytes: openAiChunk(a, { reasoning_content: piece }, null) }),
    ),
    ...inPieces(a.text, 8).map(
      (piece): Frame => ({ role: 'token', bytes: openAiChunk(a, { content: piece }, null) }),
    ),
    { role: 'finish', bytes: openAiChunk(a, {}, 'stop') },
    {
      role: 'usage',
      bytes: plain({
        id: a.id,
        object: 'chat.completion.chunk',
        model: a.model,
        choices: [],
        usage: openAiUsage(a),
      }),
    },
    { role: 'done', bytes: 'data: [DONE]\n\n' },
  ],
  body: (a) => ({
    id: a.id,
    object: 'chat.completion',
    model: a.model,
    choices: [{ index: 0, message: { role: 'assistant', content: a.text }, finish_reason: 'stop' }],
    usage: openAiUsage(a),
  }),
  errorFrame: (code, message) => plain(openAiError(code, message)),
  errorBody: openAiError,
};

export const responses: DialectFace = {
  contentType: sse,
  frames: (a) => {
    let n = 0;
    const event = (type: string, rest: object): string =>
      named(type, { type, sequence_number: n++, ...rest });
    const shell = { id: a.id, object: 'response', model: a.model, error: null, incomplete_details: null };
    const item = { id: 'msg_1', type: 'message', role: 'assistant' };
    return [
      { role: 'head', bytes: event('response.created', { response: { ...shell, status: 'in_progress' } }) },
      {
        role: 'head',
        bytes: event('response.in_progress', { response: { ...shell, status: 'in_progress' } }),
      },
      { role: 'head', bytes: event('response.output_item.added', { output_index: 0, item }) },
      ...inPieces(a.text, 8).map(
        (delta): Frame => ({
          role: 'token',
          bytes: event('response.output_text.delta', {
            item_id: 'msg_1',
            output_index: 0,
            content_index: 0,
            delta,
          }),
        }),
      ),
      {
        role: 'finish',
        bytes: event('response.completed', {
          response: { ...shell, status: 'completed', usage: responsesUsage(a) },
        }),
      },
    ];
  },
  body: (a) => ({
    id: a.id,
    object: 'response',
    status: 'completed',
    model: a.model,
    output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: a.text }] }],
    usage: responsesUsage(a),
  }),
  errorFrame: (code, message) =>
    named('error', {
      type: 'error',
      sequence_number: 2,
      error: { type: 'server_error', code: String(code), message },
    }),
  errorBody: openAiError,
};

const responsesUsage = (a: DirectAnswer): unknown => ({
  input_tokens: a.inTokens,
  output_tokens: a.outTokens,
  output_tokens_details: { reasoning_tokens: a.reasoning ? 12 : 0 },
});
