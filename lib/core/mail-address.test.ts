import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailboxOf, parseMailAddress } from './mail-address.ts';

describe('a mail address', () => {
  it.each([
    ['ops@example.com', 'ops@example.com'],
    [' Ops.Team+x@Example.COM ', 'Ops.Team+x@example.com'],
    ['ana@bücher.example', 'ana@xn--bcher-kva.example'],
    ["o'neil@example.co.uk", "o'neil@example.co.uk"],
  ])('%j is %s', (text, address) => expect(parseMailAddress(text)).toBe(address));

  // Seen red with everything behind a comma or a line's end dropped.
  it.each([
    'a@example.com\r\nBcc: b@example.com',
    'a@example.com\nb@example.com',
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    'a@example.com b@example.com',
    'friends: a@example.com, b@example.com;',
    '"a b"@example.com',
    '"a@evil.com,"@example.com',
    'Ana <a@example.com>',
    '<a@example.com>',
    'a(comment)@example.com',
    'a@(nested(comments(deep)))example.com',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@localhost',
    'a@@example.com',
    'a..b@example.com',
    '.a@example.com',
    'a@example..com',
    'a@-example.com',
    'a@example.com%00',
    'a@exam\u0000ple.com',
    'a\u202e@example.com',
    'a@example.com?x',
    'a@example.com/x',
    '',
    '@',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(320)}.com`,
  ])('U7: %j is none', (text) => expect(parseMailAddress(text)).toBeNull());

  it('U7: is never more than one, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (noise) => {
        for (const text of [noise, `a@${noise}`, `${noise}@b.example`]) {
          const found = parseMailAddress(text);
          if (found !== null) expect(found).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
          expect(found ?? '').not.toMatch(/[\s,;<>()"]/);
        }
      }),
    );
  });

  it('counts as the same mailbox with another case or tag', () => {
    expect(mailboxOf('Ops+1@example.com')).toBe(mailboxOf('ops@example.com'));
  });
});
