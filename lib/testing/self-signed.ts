import { createSign, generateKeyPairSync } from 'node:crypto';

export interface CertificateShape {
  /** Valid from so many days ago; negative: not yet. */
  sinceDays?: number;
  /** For this name alone. */
  host?: string;
  subject?: string;
  /** Signed by this one instead of by itself. */
  issuer?: { key: string; subject: string };
}

/** A certificate for 127.0.0.1 and localhost, made on the spot: a stored one would expire. */
export function selfSigned(days = 2, shape: CertificateShape = {}): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Date.now();
  const startMs = now - (shape.sinceDays ?? 1 / 24) * 86_400_000;
  const subject = nameOf(shape.subject ?? 'signalbox test');
  const ecdsaSha256 = sequence(oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([0x01, 0x23])),
    ecdsaSha256,
    shape.issuer ? nameOf(shape.issuer.subject) : subject,
    sequence(utcTime(startMs), utcTime(now + days * 86_400_000)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(altNames(shape.host), isAuthority())),
  );
  const signature = createSign('sha256')
    .update(body)
    .sign(shape.issuer?.key ?? privateKey);
  const der = sequence(body, ecdsaSha256, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
  };
}

function nameOf(commonName: string): Buffer {
  return sequence(set(sequence(oid([0x55, 0x04, 0x03]), tlv(0x0c, Buffer.from(commonName)))));
}

function altNames(host: string | undefined): Buffer {
  const own = [tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.from([127, 0, 0, 1]))];
  const names = sequence(...(host ? [tlv(0x82, Buffer.from(host))] : own));
  return sequence(oid([0x55, 0x1d, 0x11]), tlv(0x04, names));
}

function isAuthority(): Buffer {
  return sequence(oid([0x55, 0x1d, 0x13]), tlv(0x04, sequence(tlv(0x01, Buffer.from([0xff])))));
}

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const n = value.length;
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts);
const set = (...parts: Buffer[]) => tlv(0x31, ...parts);
const oid = (bytes: number[]) => tlv(0x06, Buffer.from(bytes));

function utcTime(atMs: number): Buffer {
  const text = new Date(atMs).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${text}Z`));
}
