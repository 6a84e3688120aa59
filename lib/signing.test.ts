import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSigned, openSigner } from './signing.ts';

const facts = { epoch: 'E', seq: 7, validUntilMs: 1_800_000_090_000, tag: 'E-7-abc', digest: '304' };
const seed = Buffer.alloc(32, 7).toString('base64');

test('a signature vouches for exactly what was signed', () => {
  const signer = openSigner(`whsk_${seed}`);
  const header = signer.sign(facts, 1_800_000_000_500);
  expect(header).toMatch(/^k=sb-[0-9a-f]{8}; t=1800000000; v1a=/);
  expect(isSigned(header, signer.publicKey, facts)).toBe(true);
  expect(isSigned(header, signer.publicKey, { ...facts, seq: 8 })).toBe(false);
  expect(isSigned(header.replace('t=1800000000', 't=1800000001'), signer.publicKey, facts)).toBe(false);
});

test('the same key is known by the same name, however it is written', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const raw = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32).toString('base64');
  expect(openSigner(pem).publicKey).toBe(openSigner(raw).publicKey);
  expect(openSigner(pem).kid).toBe(openSigner(`whsk_${raw}`).kid);
});

test.each(['', 'short', 'whsk_AAAA', '-----BEGIN PRIVATE KEY-----\nnonsense'])(
  '%j is refused with a sentence that shows nothing of it',
  (key) => {
    expect(() => openSigner(key)).toThrow(/^feed\.signing_key is not usable/);
  },
);
