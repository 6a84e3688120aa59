import { inPieces } from './answer.ts';
import { type DialectFace, type DirectAnswer, plain, sse } from './face.ts';
import type { Frame } from './wire.ts';

export const gemini: DialectFace = {
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
