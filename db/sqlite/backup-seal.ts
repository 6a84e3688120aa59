import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { StoreProblem } from './problem.ts';

/**
 * An encrypted backup: magic, salt, proof of the key, AES-256-GCM of the database, tag. Salt and key give every file keys
 * of its own; the proof tells a wrong key from a damaged file.
 */

const magic = Buffer.from('Signalbox backup 1\n', 'latin1');
const saltBytes = 16;
const proofBytes = 16;
const tagBytes = 16;
const headBytes = magic.length + saltBytes + proofBytes;
const chunkBytes = 1 << 20;

/** Of a file that can be read; anything shorter than a head is none. */
export function isSealed(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(magic.length);
    return readSync(file, head, 0, magic.length, 0) === magic.length && head.equals(magic);
  } finally {
    closeSync(file);
  }
}

/** Both files of this name are closed, and the new one is on the disk, when this returns. */
export function sealFile(from: string, to: string, key: Uint8Array): void {
  const salt = randomBytes(saltBytes);
  const keys = derive(key, salt);
  const cipher = createCipheriv('aes-256-gcm', keys.body, keys.iv);
  const head = Buffer.concat([magic, salt, keys.proof]);
  cipher.setAAD(head);
  copyThrough(from, to, { start: 0, end: statSync(from).size }, (write, chunks) => {
    write(head);
    for (const chunk of chunks) write(cipher.update(chunk));
    write(cipher.final());
    write(cipher.getAuthTag());
  });
}

/** Throws a StoreProblem for a wrong key and for a file that is not whole; what was written by then is worth nothing. */
export function openSealed(from: string, to: string, key: Uint8Array | null): void {
  const { size } = statSync(from);
  const head = readAt(from, 0, headBytes);
  const tag = readAt(from, Math.max(0, size - tagBytes), tagBytes);
  if (size < headBytes + tagBytes) throw damaged(from);
  if (!key) throw wrongKey(from, 'there is no key here');
  const keys = derive(key, head.subarray(magic.length, magic.length + saltBytes));
  if (!timingSafeEqual(keys.proof, head.subarray(headBytes - proofBytes)))
    throw wrongKey(from, 'the key here is another one');
  const decipher = createDecipheriv('aes-256-gcm', keys.body, keys.iv, { authTagLength: tagBytes });
  decipher.setAAD(head);
  decipher.setAuthTag(tag);
  copyThrough(from, to, { start: headBytes, end: size - tagBytes }, (write, chunks) => {
    for (const chunk of chunks) write(decipher.update(chunk));
    try {
      write(decipher.final());
    } catch (cause) {
      throw damaged(from, cause);
    }
  });
}

function derive(key: Uint8Array, salt: Uint8Array): { body: Buffer; iv: Buffer; proof: Buffer } {
  const bytes = Buffer.from(hkdfSync('sha256', key, salt, 'signalbox backup', 32 + 12 + 32));
  const proof = createHmac('sha256', bytes.subarray(44)).update('key').digest().subarray(0, proofBytes);
  return { body: bytes.subarray(0, 32), iv: bytes.subarray(32, 44), proof };
}

function copyThrough(
  from: string,
  to: string,
  { start, end }: { start: number; end: number },
  work: (write: (bytes: Uint8Array) => void, chunks: Iterable<Buffer>) => void,
): void {
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'wx', 0o600);
    try {
      work((bytes) => writeAll(target, bytes), chunksOf(source, start, end));
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

function* chunksOf(file: number, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end; ) {
    const chunk = Buffer.alloc(Math.min(chunkBytes, end - at));
    const read = readSync(file, chunk, 0, chunk.length, at);
    if (read === 0) return;
    yield chunk.subarray(0, read);
    at += read;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
}

function readAt(path: string, position: number, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, position);
    return bytes;
  } finally {
    closeSync(file);
  }
}

const wrongKey = (path: string, why: string) =>
  new StoreProblem(
    'wrong_key',
    `The backup ${path} is encrypted and ${why}: set SIGNALBOX_SECRET to what it was then, or put the secret.key it was made with into the data folder.`,
  );
const damaged = (path: string, cause?: unknown) =>
  new StoreProblem('integrity', `The backup ${path} is damaged or was cut short; take another one.`, cause);
