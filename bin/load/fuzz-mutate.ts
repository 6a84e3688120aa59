import fc from 'fast-check';

/** One change of an input; places are shares of its length, so that they fit whatever was changed before. */
export interface Mutation {
  kind: 'cut' | 'double' | 'flip' | 'insert' | 'swap' | 'repeat';
  at: number;
  span: number;
  what: number;
}

const dictionary = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    '\\u0000',
    '\\ud800',
    ':',
    ',',
    '\n',
    '\r\n',
    '\n\n',
    '\r',
    '<',
    '>',
    '&',
  ],
  ...['null', 'true', '-0', '1e999', '9007199254740993', 'NaN', '""', '{}', '[]', '{"error":{}}', '[[[[[['],
  ...[
    '"__proto__":{"x":1},',
    '"constructor":',
    'data: ',
    'data:',
    'event: ',
    'retry: ',
    ': ',
    '[DONE]',
    '\ufeff',
  ],
  ...[
    '<!DOCTYPE x [<!ENTITY a "b">]>',
    '&a;',
    '<![CDATA[',
    ']]>',
    '&*a',
    '*a',
    '!!js',
    '${HOOK}',
    '$$',
    '- ',
    '? ',
  ],
  ...['\u202e', '\u001b[31m', '=cmd()', '😀', '%00', '../', '@', '\u0000'],
].map((text) => Buffer.from(text));
const heavy = [
  Buffer.alloc(5_000, '['),
  Buffer.alloc(20_000, 'a'),
  Buffer.alloc(4_000, '{"a":'),
  Buffer.alloc(9_000, ' '),
];
const words = [
  ...dictionary,
  ...heavy,
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0xed, 0xa0, 0x80]),
];

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Mutation['kind']>('cut', 'double', 'flip', 'insert', 'insert', 'swap', 'repeat'),
    at: fc.nat(9_999),
    span: fc.nat(9_999),
    what: fc.nat(words.length * 256 - 1),
  }),
  { minLength: 1, maxLength: 6 },
);

const longest = 262_144;

export function mutate(seed: Uint8Array, changes: Mutation[]): Uint8Array {
  let bytes = Buffer.from(seed);
  for (const { kind, at, span, what } of changes) {
    const from = Math.floor((at / 10_000) * bytes.length);
    const to = Math.min(
      bytes.length,
      from + 1 + Math.floor((span / 10_000) * Math.min(400, bytes.length - from)),
    );
    const piece = bytes.subarray(from, to);
    const [head, tail] = [bytes.subarray(0, from), bytes.subarray(to)];
    if (kind === 'cut') bytes = Buffer.concat([head, tail]);
    else if (kind === 'double') bytes = Buffer.concat([head, piece, piece, tail]);
    else if (kind === 'repeat')
      bytes = Buffer.concat([head, ...Array.from({ length: (what % 40) + 2 }, () => piece), tail]);
    else if (kind === 'swap') bytes = Buffer.concat([tail, piece, head]);
    else if (kind === 'insert')
      bytes = Buffer.concat([head, words[what % words.length] as Buffer, piece, tail]);
    else if (bytes.length > 0) bytes[from] = (bytes[from] as number) ^ (1 << (what % 8));
  }
  return bytes.subarray(0, longest);
}
