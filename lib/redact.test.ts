import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanLine, createRedact, redactFamilies } from './redact.ts';

const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
const secretText = fc
  .array(fc.constantFrom(...printable), { minLength: 8, maxLength: 80 })
  .map((chars) => chars.join(''));

function survives(text: string, secret: string): boolean {
  for (let i = 0; i + 8 <= secret.length; i += 1) if (text.includes(secret.slice(i, i + 8))) return true;
  return false;
}

test('U10: no piece of eight characters of a configured secret survives, wherever it is echoed', () => {
  fc.assert(
    fc.property(secretText, fc.string(), fc.string(), fc.nat(), fc.nat(), (secret, before, after, a, b) => {
      const from = a % (secret.length - 7);
      const piece = secret.slice(from, from + 8 + (b % (secret.length - from - 7)));
      return !survives(createRedact([secret])(before + piece + after + secret), secret);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['URL-encoded', (s: string) => encodeURIComponent(s)],
  [
    'URL-encoded in small letters',
    (s: string) => encodeURIComponent(s).replace(/%../g, (hex) => hex.toLowerCase()),
  ],
  ['JSON-escaped', (s: string) => JSON.stringify(s)],
  ['in small letters', (s: string) => s.toLowerCase()],
  ['in capitals', (s: string) => s.toUpperCase()],
  ['base64', (s: string) => btoa(s)],
  ['base64 of a pair', (s: string) => btoa(`user:${s}`)],
  ['base64 of a longer pair', (s: string) => btoa(`me:${s}`)],
  ['base64url', (s: string) => Buffer.from(`x:${s}`).toString('base64url')],
])('U10: a secret is found when it is %s', (_name, spell) => {
  const secret = 'p4ss/w"rd+with=odd\\chars-0123456789';
  const spelled = spell(secret);
  const clean = createRedact([secret])(`before ${spelled} after`);
  expect(clean).toContain('before ');
  expect(clean).toContain(' after');
  const inner = spelled.slice(4, -4);
  expect(survives(clean, inner)).toBe(false);
});

test('of a service account only what is secret is hidden', () => {
  const account = JSON.stringify({
    token_uri: 'https://oauth2.googleapis.com/token',
    private_key:
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ==\n-----END PRIVATE KEY-----\n',
  });
  const clean = createRedact([account])(
    'see https://oauth2.googleapis.com/token, got MIIEvQIBADANBgkqhkiG9w0BAQ',
  );
  expect(clean).toBe('see https://oauth2.googleapis.com/token, got •••');
});

test.each([
  'sk-or-v1-0123456789abcdef0123456789abcdef',
  'sk-ant-api03-abcdefghijk-XYZ_123456',
  'sk-proj-abcdefghij',
  'AIzaSyA0123456789abcdefghijklmnopqrstuv',
  'gsk_abcdefghijklmnop',
  'hf_abcdefghijklmnop',
  'xai-abcdefghijklmnop',
  'r8_abcdefghijklmnop',
  'AKIAIOSFODNN7EXAMPLE',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  'Bearer abcdefghijklmnop',
  'someone@example.com',
  'user_FAKE000000000000000000000',
])('a stranger’s secret is known by its family: %s', (secret) => {
  const clean = redactFamilies(`Incorrect key provided: ${secret}. Look here.`);
  expect(survives(clean, secret)).toBe(false);
  expect(clean).toContain('Look here.');
});

test('keys in addresses and private keys go, the rest of the sentence stays', () => {
  expect(redactFamilies('GET /x?key=abc123&model=y failed')).toBe('GET /x?key=•••&model=y failed');
  expect(redactFamilies('-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- tail')).toBe(
    '••• tail',
  );
});

test('ordinary error texts are left as they are', () => {
  const plain =
    'Provider returned error: model openai/gpt-4o-mini is overloaded, retry in 30s (token limit reached)';
  expect(redactFamilies(plain)).toBe(plain);
});

test('P4: a kept line is one line without controls, redacted before it is cut', () => {
  const secret = 'supersecretvalue-0123456789';
  const line = cleanLine(`a\r\nb\u001b[31m\u202ec ${'x'.repeat(500)}${secret}`, createRedact([secret]));
  expect(line).toHaveLength(512);
  expect(line.startsWith('a b [31m c xxx')).toBe(true);
  expect(survives(line, secret)).toBe(false);
});

test('a very long text costs little', () => {
  expect(cleanLine('sk-'.repeat(5_000_000)).length).toBeLessThanOrEqual(512);
});

test('a key that is named after its provider hides itself and not the provider', () => {
  const redact = createRedact(['demo-anthropic-key'], ['anthropic', 'Anthropic']);
  expect(redact('Anthropic (anthropic) is up')).toBe('Anthropic (anthropic) is up');
  expect(redact('bad key: demo-anthropic-key, from anthropic')).toBe('bad key: •••, from anthropic');
});
