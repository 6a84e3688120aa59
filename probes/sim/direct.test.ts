import { afterEach, expect, test } from 'vitest';
import { type Direct, startDirect } from './direct.ts';
import { eventMessage } from './face-bedrock.ts';

let direct: Direct | null = null;
afterEach(async () => {
  await direct?.close();
  direct = null;
});

const question = 'What is 37 + 25?';
const chat = { model: 'm', messages: [{ role: 'user', content: question }], stream: true };
const calls: [string, string, object, string][] = [
  ['openai-chat', '/v1/chat/completions', chat, '[DONE]'],
  ['openai-responses', '/v1/responses', { model: 'm', input: question, stream: true }, 'response.completed'],
  ['anthropic-messages', '/v1/messages', chat, 'message_stop'],
  ['cohere-v2', '/v2/chat', chat, 'message-end'],
  [
    'gemini-generateContent',
    '/v1beta/models/gemini-2.5-flash-lite:streamGenerateContent?alt=sse',
    { contents: [{ role: 'user', parts: [{ text: question }] }] },
    'finishReason',
  ],
  [
    'bedrock-converse',
    '/model/amazon.nova-micro-v1%3A0/converse-stream',
    { messages: [{ role: 'user', content: [{ text: question }] }] },
    'messageStop',
  ],
];

async function post(
  d: Direct,
  path: string,
  body: object,
  headers: Record<string, string> = { 'x-api-key': 'k' },
) {
  const response = await fetch(d.baseUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

test.each(calls)(
  '%s is answered in its own frames, with the right sum and its own end',
  async (_name, path, body, end) => {
    direct = await startDirect();
    const { status, text } = await post(direct, path, body);
    expect(status).toBe(200);
    expect(text).toContain(end);
    const digits = [...text.matchAll(/"(?:content|text|delta)":"(\d)"/g)].map((m) => m[1]);
    expect(digits.join('')).toBe('62');
    expect(direct.calls.at(-1)?.tokensSentAtMs).toHaveLength(2);
  },
);

test.each(calls)('%s can fail inside a 200 and by its status', async (_name, path, body, end) => {
  direct = await startDirect();
  const undo = direct.script({ inBand: { shape: 'bare', afterTokens: 1, message: 'Overloaded' } });
  const broken = await post(direct, path, body);
  expect(broken.status).toBe(200);
  expect(broken.text).toContain('Overloaded');
  expect(broken.text).not.toContain(end);
  undo();
  direct.script({ status: 529 });
  expect((await post(direct, path, body)).status).toBe(529);
});

test('a missing or wrong key is refused in the dialect’s own way', async () => {
  direct = await startDirect({ keys: ['good'], dialect: 'gemini-generateContent' });
  const path = '/v1beta/models/g:generateContent';
  expect((await post(direct, path, {}, { 'x-goog-api-key': 'bad' })).status).toBe(400);
  expect((await post(direct, '/v1/messages', chat, {})).status).toBe(401);
  expect((await post(direct, '/v1/messages', chat, { 'x-api-key': 'good' })).status).toBe(200);
});

test('the model in a path is read out of it', async () => {
  direct = await startDirect();
  await post(direct, '/model/amazon.nova-micro-v1%3A0/converse', {});
  expect(direct.calls.at(-1)?.model).toBe('amazon.nova-micro-v1:0');
});

test('an event message carries its lengths', () => {
  const bytes = Buffer.from(eventMessage('messageStop', { stopReason: 'end_turn' }));
  expect(bytes.readUInt32BE(0)).toBe(bytes.length);
  expect(bytes.toString('latin1')).toContain('messageStop');
});
