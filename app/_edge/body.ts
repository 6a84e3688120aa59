import type { IncomingMessage } from 'node:http';
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
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => req.destroy(), slowestBodyMs);
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}

function checkType(req: IncomingMessage, guard: Guard): void {
  const accepts = guard.accepts ?? ['application/json'];
  const type = String(req.headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase();
  if (accepts.includes('*/*') || accepts.includes(type ?? '')) return;
  throw new Problem('unsupported-media-type', `the body must be ${accepts.join(' or ')}`);
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
