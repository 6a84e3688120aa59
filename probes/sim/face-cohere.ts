import { inPieces } from './answer.ts';
import { type DialectFace, named, sse } from './face.ts';
import type { Frame } from './wire.ts';

export const cohere: DialectFace = {
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
