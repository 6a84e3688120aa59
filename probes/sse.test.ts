import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventStream } from './eventstream.ts';
import { eventMessage } from './sim/dialect-frames.ts';
import { createSse } from './sse.ts';

function read(parts: (string | Uint8Array)[], limits?: { lineChars: number; events: number }) {
  const events: [string, string | null][] = [];
  const faults: string[] = [];
  const sse = createSse(
    (data, event) => void events.push([data, event]),
    (what) => void faults.push(what),
    limits,
  );
  for (const part of parts) sse.feed(typeof part === 'string' ? Buffer.from(part) : part);
  sse.end();
  return { events, faults, comments: sse.comments };
}

test('S6: comments, both line ends, missing spaces and several data lines are all the standard', () => {
  const { events, comments } = read([
    ': PROCESSING\n\ndata:one\r\n\r\nevent: error\ndata: two\ndata: three\n\n',
  ]);
  expect(events).toEqual([
    ['one', null],
    ['two\nthree', 'error'],
  ]);
  expect(comments).toBe(1);
});

test('S6, N9: frames may be split anywhere, inside a character too', () => {
  const bytes = Buffer.from('data: {"text":"naïve 測試 🙂"}\n\ndata: [DONE]\n\n');
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const parts = at.slice(1).map((to, i) => bytes.subarray(at[i], to));
      expect(read(parts).events).toEqual([
        ['{"text":"naïve 測試 🙂"}', null],
        ['[DONE]', null],
      ]);
    }),
  );
});

test('a last event without its blank line still counts', () => {
  expect(read(['data: {"error":{}}']).events).toEqual([['{"error":{}}', null]]);
});

test('S7, S8: an endless line, a million events and a million comments are given up, once', () => {
  const limits = { lineChars: 1_000, events: 100 };
  expect(
    read(
      Array.from({ length: 50 }, () => `data: ${'x'.repeat(100)}`),
      limits,
    ).faults,
  ).toEqual(['too_large']);
  const many = read(
    Array.from({ length: 1_000 }, (_, i) => `data: ${i}\n\n`),
    limits,
  );
  expect(many.faults).toEqual(['too_large']);
  expect(many.events).toHaveLength(100);
  expect(
    read(
      Array.from({ length: 1_000 }, () => ':\n\n'),
      limits,
    ).faults,
  ).toEqual(['too_large']);
});

function readBinary(bytes: Uint8Array, cuts: number[] = []) {
  const events: [string, string | null][] = [];
  const faults: string[] = [];
  const stream = createEventStream(
    (data, event) => void events.push([data, event]),
    (what) => void faults.push(what),
  );
  const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < at.length; i += 1) stream.feed(bytes.subarray(at[i - 1], at[i]));
  stream.end();
  return { events, faults };
}

const binary = Buffer.concat([
  eventMessage('contentBlockDelta', { delta: { text: 'hi' } }),
  eventMessage('throttlingException', { message: 'slow down' }, true),
]);

test('binary messages may be split anywhere too', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(binary.length), { maxLength: 8 }), (cuts) => {
      expect(readBinary(binary, cuts)).toEqual({
        events: [
          ['{"delta":{"text":"hi"}}', 'contentBlockDelta'],
          ['{"message":"slow down"}', 'exception:throttlingException'],
        ],
        faults: [],
      });
    }),
  );
});

test('a flipped bit, a cut message and an absurd length are faults, never loops', () => {
  fc.assert(
    fc.property(fc.nat(binary.length - 1), fc.nat(7), (at, bit) => {
      const broken = Buffer.from(binary);
      broken[at] = (broken[at] ?? 0) ^ (1 << bit);
      expect(readBinary(broken).faults).toHaveLength(1);
    }),
  );
  expect(readBinary(binary.subarray(0, 30)).faults).toEqual(['malformed']);
  expect(readBinary(Buffer.alloc(64, 0xff)).faults).toHaveLength(1);
});
