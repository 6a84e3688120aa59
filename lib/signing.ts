import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** The feed's Ed25519 signature: vouches for a body, or for a 304 the reader has the body of. */

export interface FeedSigner {
  kid: string;
  /** `whpk_` and the 32 raw bytes in base64. */
  publicKey: string;
  sign(facts: SignedFacts, nowMs: number): string;
}

export interface SignedFacts {
  epoch: string;
  seq: number;
  validUntilMs: number;
  /** The ETag without `W/` and quotes. */
  tag: string;
  /** Hex SHA-256 of the decoded body, or `304`. */
  digest: string;
}

const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

export function signedText({ epoch, seq, validUntilMs, tag, digest }: SignedFacts, t: number): string {
  return `sb1.${t}.${epoch}.${seq}.${Math.floor(validUntilMs / 1000)}.${tag}.${digest}`;
}

/** A key as PEM, or its 32 secret bytes in base64, with `whsk_` in front or not. Throws a sentence. */
export function openSigner(key: string): FeedSigner {
  const privateKey = readKey(key.trim());
  const raw = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(spkiHead.length);
  const kid = `sb-${createHash('sha256').update(raw).digest('hex').slice(0, 8)}`;
  return {
    kid,
    publicKey: `whpk_${raw.toString('base64')}`,
    sign(facts, nowMs) {
      const t = Math.floor(nowMs / 1000);
      const signature = sign(null, Buffer.from(signedText(facts, t)), privateKey).toString('base64');
      return `k=${kid}; t=${t}; v1a=${signature}`;
    },
  };
}

function readKey(text: string): KeyObject {
  try {
    if (text.includes('BEGIN')) {
      const key = createPrivateKey(text);
      if (key.asymmetricKeyType === 'ed25519') return key;
    } else {
      const seed = Buffer.from(text.replace(/^whsk_/, ''), 'base64');
      // The form of Standard Webhooks carries the public half behind the secret one.
      if (seed.length === 32 || seed.length === 64)
        return createPrivateKey({
          key: Buffer.concat([pkcs8Head, seed.subarray(0, 32)]),
          format: 'der',
          type: 'pkcs8',
        });
    }
  } catch {
    // The sentence below says what was expected; the cause may hold a piece of the key.
  }
  const sentence =
    'feed.signing_key is not usable; expected an Ed25519 key as PEM, or whsk_ and 32 bytes in base64.';
  throw Object.assign(new Error(sentence), { code: 'bad_signing_key', permanent: true });
}

/** For readers of ours: whether a header vouches for these facts. */
export function isSigned(header: string, publicKey: string, facts: SignedFacts): boolean {
  const parts = new Map(
    header.split(';').map((part) => part.trim().split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  const raw = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64');
  const key = createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: 'der', type: 'spki' });
  const text = Buffer.from(signedText(facts, Number(parts.get('t'))));
  return verify(null, text, key, Buffer.from(parts.get('v1a') ?? '', 'base64'));
}
