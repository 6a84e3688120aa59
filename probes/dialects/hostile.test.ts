import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extractError } from '#lib/error-facts.ts';
import { redactFamilies } from '#lib/redact.ts';
import { createAnswerReader } from '../kinds/answer-reader.ts';
import { readEndpointList } from '../kinds/endpoint-list.ts';
import { readModelList } from '../kinds/model-list.ts';
import { readProviderList } from '../kinds/provider-list.ts';
import { dialectFaces } from '../sim/dialect-frames.ts';
import { readRetryAfter } from './retry-after.ts';
import { type DialectName, dialectTable } from './table.ts';

const names = Object.keys(dialectTable) as DialectName[];
const said = { id: 'x', model: 'm', text: 'sixty two', reasoning: 'hm', inTokens: 9, outTokens: 3 };

/** Honest frames of a dialect, as bytes. */
function honest(name: DialectName): Buffer {
  const face = dialectFaces[name as keyof typeof dialectFaces] ?? dialectFaces['openai-chat'];
  return Buffer.concat(face.frames(said).map(({ bytes }) => Buffer.from(bytes as string)));
}

function read(name: DialectName, bytes: Uint8Array) {
  const reader = createAnswerReader(dialectTable[name]);
  for (let at = 0; at < bytes.length; at += 50) {
    if (reader.feed(bytes.subarray(at, at + 50), at) === 'stop') break;
  }
  reader.finish(bytes.length);
  return reader;
}

/** Whatever came, what was read has the shapes everybody downstream counts on. */
function expectSound(reader: ReturnType<typeof read>): void {
  const { reading } = reader;
  expect(typeof reading.text).toBe('string');
  expect(reading.finish === null || typeof reading.finish === 'string').toBe(true);
  const { usage } = reading;
  for (const count of [usage?.promptTokens, usage?.completionTokens, usage?.reasoningTokens]) {
    expect(count == null || (Number.isInteger(count) && count >= 0)).toBe(true);
  }
  expect(reading.served.model === null || typeof reading.served.model === 'string').toBe(true);
  expect([null, 'json', 'html', 'text', 'empty']).toContain(reader.body());
  expect(typeof reader.raw()).toBe('string');
}

test.each(names)('%s: any JSON in a frame or as the whole answer is read without harm', (name) => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), (values) => {
      expectSound(
        read(name, Buffer.from(values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(''))),
      );
      expectSound(read(name, Buffer.from(JSON.stringify(values[0] ?? null))));
    }),
  );
});

test.each(names)(
  '%s: honest frames with pieces cut out, doubled or flipped are read without harm',
  (name) => {
    const bytes = honest(name);
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255), cut: fc.nat(20) }), {
          maxLength: 6,
        }),
        (edits) => {
          let broken = Buffer.from(bytes);
          for (const { at, value, cut } of edits) {
            const from = at % Math.max(1, broken.length);
            if (cut > 10) broken = Buffer.concat([broken.subarray(0, from), broken.subarray(from + cut)]);
            else broken[from] = value;
          }
          expectSound(read(name, broken));
        },
      ),
    );
  },
);

/** The fields an honest frame has, with something else inside. */
const keys = [
  'choices',
  'delta',
  'message',
  'content',
  'usage',
  'error',
  'type',
  'text',
  'parts',
  'candidates',
  'output',
  'response',
  'finish_reason',
  'cost',
  'data',
  'metadata',
  'details',
  'tokens',
  'id',
  'pricing',
  'endpoints',
  'tag',
  'provider_name',
];
const twisted = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>(null, '', '7', 'NaN', -1, 1e308, true, [], {}, [null], 'message_stop', 'error'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 5 }),
  ),
})).value;

test('known fields of the wrong shape are absent fields, in every dialect and every list', () => {
  fc.assert(
    fc.property(twisted, (value) => {
      for (const name of names) expectSound(read(name, Buffer.from(`data: ${JSON.stringify(value)}\n\n`)));
      readModelList(value, 'https://x.example/models');
      readEndpointList(value, 'm');
      readProviderList(value);
      readRetryAfter({}, value, 0);
      const facts = extractError(value, {
        headers: {},
        redact: redactFamilies,
        inBand: true,
        body: 'json',
        providerId: (n) => n,
      });
      expect(facts.message === null || facts.message.length <= 512).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('P2: very deep JSON, in a frame or whole, is no stack of ours', () => {
  const deep = `${'{"error":'.repeat(30_000)}1${'}'.repeat(30_000)}`;
  const list = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  for (const name of names) {
    for (const text of [deep, list]) {
      expectSound(read(name, Buffer.from(text)));
      expectSound(read(name, Buffer.from(`data: ${text.slice(0, 60_000)}\n\n`)));
    }
  }
});

test.each(['utf-16le', 'utf-16be'] as const)('a document in %s with its mark is read', (encoding) => {
  const bytes = Buffer.from('\ufeff{"error":{"message":"naïve","code":500}}', 'utf16le');
  if (encoding === 'utf-16be') bytes.swap16();
  const reader = read('openai-chat', bytes);
  expect(reader.reading.error).toMatchObject({ error: { message: 'naïve' } });
  expect(reader.body()).toBe('json');
});

test('padding before a document is no stream, and a document is no frame', () => {
  const { reading } = read(
    'openai-chat',
    Buffer.from(`${' \n'.repeat(2_000)}{"choices":[{"message":{"content":"62"},"finish_reason":"stop"}]}`),
  );
  expect(reading).toMatchObject({ text: '62', finish: 'stop' });
});

test('what is kept of an endless answer is bounded', () => {
  const reader = createAnswerReader(dialectTable['openai-chat']);
  const frame = Buffer.from(`data: {"choices":[{"delta":{"content":"${'x'.repeat(30_000)}"}}]}\n\n`);
  for (let i = 0; i < 50; i += 1) reader.feed(frame, i);
  expect(reader.reading.text.length).toBeLessThanOrEqual(4_096);
  expect(reader.reading.outputChars).toBe(1_500_000);
});
