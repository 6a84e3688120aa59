import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Secrets at rest and links that prove themselves. One key for both processes; it is never in the store. */
export interface Sealer {
  /** AES-256-GCM; `owner` (a row's id) is bound in, so a sealed text opens only where it was put. */
  seal(plain: string, owner: string): string;
  /** null: not sealed by this key for this owner, or changed since. */
  open(sealed: string, owner: string): string | null;
  /** A keyed digest: the same text always gives the same one, and nobody else can make it. */
  digest(purpose: string, text: string): string;
  /** A text that proves itself in a link. */
  signToken(purpose: string, subject: string, expiresAtMs: number | null): string;
  checkToken(purpose: string, token: string, nowMs: number): string | null;
}

/** One sentence for the operator. */
export class KeyProblem extends Error {
  readonly code = 'key';
  readonly permanent = true;
}

export const secretFileName = 'secret.key';

/** The key comes from the environment, or from a file beside the data that is made once, mode 0600. */
export function openSealer(from: KeySource): Sealer {
  return createSealer(keyOf(from));
}

export interface KeySource {
  secret?: string | null | undefined;
  file: string;
}

/** The same key as bytes, for what is encrypted as a whole; made where there is none yet. */
export function keyOf(from: KeySource): Buffer {
  return findKey(from) ?? makeKey(from.file);
}

/** Null where there is none: what another machine encrypted opens with no key made just now. */
export function findKey(from: KeySource): Buffer | null {
  const secret = from.secret?.trim();
  if (!secret) return readKey(from.file);
  if (secret.length < 16)
    throw new KeyProblem('SIGNALBOX_SECRET is shorter than 16 characters: choose a longer one.');
  return Buffer.from(secret);
}

function readKey(file: string): Buffer | null {
  try {
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
    if (key.length !== 32)
      throw new KeyProblem(`${file} does not hold a key; restore it from a backup of that file.`);
    return key;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

/** Written aside and linked into place: two processes that start together end with the same whole key. */
function makeKey(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = openSync(aside, 'wx', 0o600);
  try {
    writeSync(handle, `${randomBytes(32).toString('base64url')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(aside, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    unlinkSync(aside);
  }
  return readKey(file) as Buffer;
}

export function createSealer(key: Buffer): Sealer {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', key, 'signalbox', use, 32));
  const sealKey = derive('seal');
  const macKey = derive('mac');
  const mac = (purpose: string, text: string) =>
    createHmac('sha256', macKey).update(`${purpose}\n${text}`).digest('base64url');
  return {
    seal: (plain, owner) => sealText(sealKey, plain, owner),
    open: (sealed, owner) => openText(sealKey, sealed, owner),
    digest: mac,
    signToken(purpose, subject, expiresAtMs) {
      const body = `${Buffer.from(subject).toString('base64url')}.${expiresAtMs === null ? '' : Math.floor(expiresAtMs / 1_000).toString(36)}`;
      return `${body}.${mac(`token:${purpose}`, body)}`;
    },
    checkToken(purpose, token, nowMs) {
      const match = /^([A-Za-z0-9_-]{1,400})\.([0-9a-z]{0,9})\.([A-Za-z0-9_-]{43})$/.exec(token);
      if (!match) return null;
      const [, subject = '', expiry = '', given = ''] = match;
      if (!isSame(given, mac(`token:${purpose}`, `${subject}.${expiry}`))) return null;
      if (expiry !== '' && Number.parseInt(expiry, 36) * 1_000 < nowMs) return null;
      return Buffer.from(subject, 'base64url').toString();
    },
  };
}

function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

const version = 's1.';

function sealText(key: Buffer, plain: string, owner: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(owner));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return version + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

function openText(key: Buffer, sealed: string, owner: string): string | null {
  if (!sealed.startsWith(version)) return null;
  const bytes = Buffer.from(sealed.slice(version.length), 'base64url');
  if (bytes.length < 28) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(owner));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
