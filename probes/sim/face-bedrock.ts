import { crc32 } from 'node:zlib';
import { inPieces } from './answer.ts';
import type { DialectFace } from './face.ts';
import type { Frame } from './wire.ts';

export const bedrock: DialectFace = {
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
