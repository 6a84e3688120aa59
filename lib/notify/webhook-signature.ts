import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** Standard Webhooks: what is signed is `id.timestamp.body`; several signatures during a rotation. */

export function hmacSignature(secret: Buffer, id: string, timestampS: number, body: string): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}

export function ed25519Signature(key: KeyObject, id: string, timestampS: number, body: string): string {
  return `v1a,${sign(null, Buffer.from(`${id}.${timestampS}.${body}`), key).toString('base64')}`;
}

/** `whsec_` and 24 to 64 bytes in base64, as the standard says. */
export function parseHmacSecret(text: string): Buffer | null {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (!match) return null;
  const bytes = Buffer.from(match[1] as string, 'base64');
  return bytes.length >= 24 && bytes.length <= 64 ? bytes : null;
}

const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `whsk_` and the 32-byte seed, or seed and public key together, in base64. */
export function parseEd25519Key(text: string): KeyObject | null {
  const match = /^whsk_([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (!match) return null;
  const bytes = Buffer.from(match[1] as string, 'base64');
  if (bytes.length !== 32 && bytes.length !== 64) return null;
  return createPrivateKey({
    key: Buffer.concat([pkcs8Head, bytes.subarray(0, 32)]),
    format: 'der',
    type: 'pkcs8',
  });
}

/** `whpk_…`, for the receiver. */
export function publicKeyText(key: KeyObject): string {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return `whpk_${der.subarray(der.length - 32).toString('base64')}`;
}
