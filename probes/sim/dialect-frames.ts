import { crc32 } from 'node:zlib';
import { inPieces } from './answer.ts';
import type { Frame } from './wire.ts';

/** What a provider called directly says, before it is put into its dialect's frames. */
export interface DirectAnswer {
  id: string;
  model: string;
  text: string;
  reasoning: string | null;
  inTokens: number;
  outTokens: number;
}

export interface DialectFace {
  contentType: string;
  frames(answer: DirectAnswer): Frame[];
  body(answer: DirectAnswer): unknown;
  /** An error after a 200, as this dialect frames it. */
  errorFrame(code: number, message: string): string | Uint8Array;
  errorBody(status: number, message: string): unknown;
}

const sse = 'text/event-stream';
const named = (event: string, value: unknown): string =>
  `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`;
const plain = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
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

const openAiChat: DialectFace = {
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

const responses: DialectFace = {
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

const anthropic: DialectFace = {
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

const gemini: DialectFace = {
  contentType: sse,
  frames: (a) => {
    const pieces = inPieces(a.text, 8);
    const frame = (part: object, isLast: boolean): string =>
      `data: ${JSON.stringify({
        candidates: [
          {
            content: { parts: [part], role: 'model' },
            ...(isLast ? { finishReason: 'STOP' } : {}),
            index: 0,
          },
        ],
        usageMetadata: geminiUsage(a),
        modelVersion: a.model,
        responseId: a.id,
      })}\r\n\r\n`;
    return [
      ...(a.reasoning
        ? [{ role: 'reasoning', bytes: frame({ text: a.reasoning, thought: true }, false) } as Frame]
        : []),
      ...pieces.map((text): Frame => ({ role: 'token', bytes: frame({ text }, false) })),
      { role: 'finish', bytes: frame({ text: '' }, true) },
    ];
  },
  body: (a) => ({
    candidates: [{ content: { parts: [{ text: a.text }], role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata: geminiUsage(a),
    modelVersion: a.model,
  }),
  errorFrame: (code, message) => plain({ error: { code, message, status: 'UNAVAILABLE' } }),
  errorBody: (status, message) => ({
    error: {
      code: status,
      message,
      status: status === 400 ? 'INVALID_ARGUMENT' : 'UNAVAILABLE',
      ...(status === 400
        ? { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }] }
        : {}),
    },
  }),
};

const geminiUsage = (a: DirectAnswer): unknown => ({
  promptTokenCount: a.inTokens,
  candidatesTokenCount: a.outTokens,
  totalTokenCount: a.inTokens + a.outTokens,
});

const cohere: DialectFace = {
  contentType: sse,
  frames: (a) => [
    {
      role: 'head',
      bytes: named('message-start', {
        id: a.id,
        type: 'message-start',
        delta: { message: { role: 'assistant', content: [] } },
      }),
    },
    {
      role: 'head',
      bytes: named('content-start', {
        type: 'content-start',
        index: 0,
        delta: { message: { content: { type: 'text', text: '' } } },
      }),
    },
    ...inPieces(a.text, 8).map(
      (text): Frame => ({
        role: 'token',
        bytes: named('content-delta', {
          type: 'content-delta',
          index: 0,
          delta: { message: { content: { text } } },
        }),
      }),
    ),
    { role: 'head', bytes: named('content-end', { type: 'content-end', index: 0 }) },
    {
      role: 'finish',
      bytes: named('message-end', {
        type: 'message-end',
        delta: {
          finish_reason: 'COMPLETE',
          usage: { tokens: { input_tokens: a.inTokens, output_tokens: a.outTokens } },
        },
      }),
    },
    { role: 'done', bytes: 'data: [DONE]\n\n' },
  ],
  body: (a) => ({
    id: a.id,
    message: { role: 'assistant', content: [{ type: 'text', text: a.text }] },
    finish_reason: 'COMPLETE',
    usage: { tokens: { input_tokens: a.inTokens, output_tokens: a.outTokens } },
  }),
  errorFrame: (_code, message) => named('error', { message }),
  errorBody: (_status, message) => ({ message }),
};

const bedrock: DialectFace = {
  contentType: 'application/vnd.amazon.eventstream',
  frames: (a) => [
    { role: 'head', bytes: eventMessage('messageStart', { role: 'assistant' }) },
    ...inPieces(a.text, 8).map(
      (text): Frame => ({
        role: 'token',
        bytes: eventMessage('contentBlockDelta', { contentBlockIndex: 0, delta: { text } }),
      }),
    ),
    { role: 'head', bytes: eventMessage('contentBlockStop', { contentBlockIndex: 0 }) },
    { role: 'finish', bytes: eventMessage('messageStop', { stopReason: 'end_turn' }) },
    {
      role: 'usage',
      bytes: eventMessage('metadata', {
        metrics: { latencyMs: 300 },
        usage: { inputTokens: a.inTokens, outputTokens: a.outTokens, totalTokens: a.inTokens + a.outTokens },
      }),
    },
  ],
  body: (a) => ({
    output: { message: { role: 'assistant', content: [{ text: a.text }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: a.inTokens, outputTokens: a.outTokens },
  }),
  errorFrame: (_code, message) => eventMessage('internalServerException', { message }, true),
  errorBody: (_status, message) => ({ message }),
};

/** One message of Amazon's binary event stream: lengths, two checksums, headers, payload. */
export function eventMessage(type: string, payload: unknown, isException = false): Uint8Array {
  const header = (name: string, value: string): Buffer => {
    const n = Buffer.from(name);
    const v = Buffer.from(value);
    const head = Buffer.alloc(n.length + 4);
    head[0] = n.length;
    n.copy(head, 1);
    head[n.length + 1] = 7;
    head.writeUInt16BE(v.length, n.length + 2);
    return Buffer.concat([head, v]);
  };
  const headers = Buffer.concat([
    header(isException ? ':exception-type' : ':event-type', type),
    header(':content-type', 'application/json'),
    header(':message-type', isException ? 'exception' : 'event'),
  ]);
  const body = Buffer.from(JSON.stringify(payload));
  const message = Buffer.alloc(12 + headers.length + body.length + 4);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  headers.copy(message, 12);
  body.copy(message, 12 + headers.length);
  message.writeUInt32BE(crc32(message.subarray(0, message.length - 4)), message.length - 4);
  return message;
}

export const dialectFaces = {
  'openai-chat': openAiChat,
  'openai-responses': responses,
  'anthropic-messages': anthropic,
  'gemini-generateContent': gemini,
  'bedrock-converse': bedrock,
  'azure-openai': openAiChat,
  'cohere-v2': cohere,
} as const satisfies Record<string, DialectFace>;
export type SimDialect = keyof typeof dialectFaces;
