import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSse } from './sse.ts';

function read(bytes: Uint8Array, cuts: number[] = []) {
  const events: [string, string | null][] = [];
  const faults: string[] = [];
  const sse = createSse(
    (data, event) => void events.push([data, event]),
    (what) => void faults.push(what),
  );
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < at.length; i++) sse.feed(bytes.subarray(at[i - 1], at[i]));
  sse.end();
  return { events, faults };
}

/** The standard, read slowly: whole lines, then fields, then events. */
function reference(text: string): [string, string | null][] {
  const events: [string, string | null][] = [];
  let data: string[] = [];
  let name: string | null = null;
  for (const line of `${text.replace(/^\ufeff/, '')}\n\n`.split(/\r\n|\n|\r/)) {
    if (line === '') {
      if (data.length > 0) events.push([data.join('\n'), name]);
      data = [];
      name = null;
    } else if (!line.startsWith(':')) {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') data.push(value);
      if (field === 'event') name = value === '' ? null : value;
    }
  }
  return events;
}

const line = fc.oneof(
  fc.constantFrom('', 'data:', 'data', 'event: error', 'event:', ': PROCESSING', 'retry: 5', 'nonsense'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
);
const ending = fc.constantFrom('\n', '\r\n');

// Seen red with every chunk decoded by itself.
test('S6: reads what the standard says, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, ending), { maxLength: 30 }),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 12 }),
      (lines, hasMark, cuts) => {
        const text = (hasMark ? '\ufeff' : '') + lines.map((pair) => pair.join('')).join('');
        expect(read(Buffer.from(text), cuts).events).toEqual(reference(text));
      },
    ),
    { numRuns: 500 },
  );
});

// Seen red with the limit of a line left out.
test('S7: a line of fifty megabytes is given up at its limit and not collected', () => {
  const chunk = Buffer.alloc(65_536, 'x');
  const faults: string[] = [];
  const events: string[] = [];
  const sse = createSse(
    (data) => void events.push(data),
    (what) => void faults.push(what),
  );
  const before = process.memoryUsage().rss;
  sse.feed(Buffer.from('data: '));
  for (let i = 0; i < 800; i++) sse.feed(chunk);
  sse.end();
  expect([faults, events]).toEqual([['too_large'], []]);
  expect(process.memoryUsage().rss - before).toBeLessThan(20 << 20);
});
