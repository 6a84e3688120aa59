import type { IncomingMessage } from 'node:http';
import { gunzip } from 'node:zlib';
import type { Guard } from './guard.ts';
import { Problem } from './reply.ts';

const slowestBodyMs = 20_000;

export function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Reads a body up to the line's limit, and not a byte further. */
export async function readBody(req: IncomingMessage, guard: Guard): Promise<Buffer> {
  if (!hasBody(req)) return Buffer.alloc(0);
  const limit = guard.bodyLimitBytes;
  if (limit === 0) throw new Problem('too-large', 'this address takes no body');
  checkType(req, guard);
  if (Number(req.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  // Spread, so that thousands that came together are not all ended in one instant.
  const timer = setTimeout(() => req.destroy(), slowestBodyMs * (0.7 + 0.3 * Math.random()));
  try {
    const sent = await collect(req, limit);
    return isPacked(req) ? await unpack(sent, limit) : sent;
  } finally {
    clearTimeout(timer);
  }
}

/** Past the limit nothing is kept, but it is still taken in: who is sending does not listen yet. */
function collect(req: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((done, refuse) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        refuse(tooLarge(limit));
      }
    });
    req.once('end', () => done(Buffer.concat(chunks)));
    const broken = () => refuse(new Problem('bad-request', 'the body broke off'));
    req.once('error', broken).once('close', broken);
  });
}

const longestLingerMs = 10_000;
const silentLingerMs = 2_000;

/**
 * Reads on into nothing after the answer was written: a connection that is closed on somebody who is still sending
 * is reset, and the answer is lost with it. Not for ever, and not for who has fallen silent.
 */
export function linger(req: IncomingMessage, end: () => void): void {
  const stop = () => {
    clearTimeout(longest);
    clearTimeout(silence);
    req.off('data', heard).off('end', stop).off('close', stop);
    end();
  };
  const heard = () => void silence.refresh();
  const longest = setTimeout(stop, longestLingerMs);
  const silence = setTimeout(stop, silentLingerMs);
  req.on('data', heard).once('end', stop).once('close', stop);
  req.resume();
}

function isPacked(req: IncomingMessage): boolean {
  return (req.headers['content-encoding'] ?? 'identity').trim().toLowerCase() === 'gzip';
}

/** The limit holds for what comes out: a bomb is given up there. */
function unpack(sent: Buffer, limit: number): Promise<Buffer> {
  return new Promise((done, refuse) => {
    gunzip(sent, { maxOutputLength: limit }, (error, body) => {
      if (!error) done(body);
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') refuse(tooLarge(limit));
      else refuse(new Problem('invalid-body', 'the body is not gzip, though it says so'));
    });
  });
}

function checkType(req: IncomingMessage, guard: Guard): void {
  const accepts = guard.accepts ?? ['application/json'];
  const type = String(req.headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase();
  const coding = String(req.headers['content-encoding'] ?? 'identity').toLowerCase();
  const codings = guard.mayBePacked ? ['identity', 'gzip'] : ['identity'];
  if (!codings.includes(coding.trim()))
    throw new Problem('unsupported-media-type', `the body may be sent as ${codings.join(' or ')}`, {
      headers: { 'accept-encoding': codings.join(', ') },
    });
  if (accepts.includes('*/*') || accepts.includes(type ?? '')) return;
  const hint = type === 'application/x-protobuf' ? ' (in OpenTelemetry’s words: the protocol http/json)' : '';
  throw new Problem('unsupported-media-type', `the body must be ${accepts.join(' or ')}${hint}`);
}

function tooLarge(limit: number): Problem {
  return new Problem('too-large', `the body may have at most ${limit} bytes`, {
    headers: { connection: 'close' },
  });
}

export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Problem('invalid-body', 'the body is not JSON', {
      errors: [{ field: '', detail: 'not JSON' }],
    });
  }
}
