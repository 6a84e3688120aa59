import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { SimCall } from './calls.ts';
import type { Garbage, Step } from './script.ts';

/** One piece of a streamed answer. `token` frames are counted by stalls, cuts and resets. */
export interface Frame {
  bytes: string | Uint8Array;
  role: 'comment' | 'head' | 'token' | 'reasoning' | 'finish' | 'usage' | 'done' | 'error';
}

export interface Pace {
  /** Until the response head. */
  headersMs: number;
  /** From the head to the first token. */
  firstTokenMs: number;
  gapMs: number;
}

export const wallMs = (): number => performance.timeOrigin + performance.now();

/** Timers may be late by a millisecond; what counts is that the instants in the call log are the true ones. */
export async function sleep(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

export async function readBody(req: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  if (parts.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    return parsed && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function sendJson(
  res: ServerResponse,
  call: SimCall,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type =
    typeof body === 'string' && text.trimStart().startsWith('<') ? 'text/html' : 'application/json';
  call.status = status;
  call.headersSentAtMs = wallMs();
  res.writeHead(status, { 'content-type': type, ...headers });
  res.end(text);
  call.endedAtMs = wallMs();
}

/** Faults that strike before a response head. True: the call is over. */
export async function strikeEarly(
  req: IncomingMessage,
  res: ServerResponse,
  call: SimCall,
  step: Step | null,
): Promise<boolean> {
  if (!step) return false;
  if (step.delayMs) await sleep(step.delayMs);
  if (step.resetAfterTokens === -1) return reset(req);
  if (step.hang) return true;
  if (step.garbage) {
    call.status = 200;
    call.headersSentAtMs = wallMs();
    sendGarbage(res, step.garbage);
    return true;
  }
  if (step.headerByteEveryMs !== undefined) {
    await dripHead(req, step.headerByteEveryMs);
    return true;
  }
  if (step.status !== undefined && step.status >= 300) {
    sendJson(res, call, step.status, step.body ?? defaultBody(step.status), step.headers);
    return true;
  }
  return false;
}

function defaultBody(status: number): unknown {
  return { error: { code: status, message: status >= 500 ? 'Internal Server Error' : 'Request failed' } };
}

function reset(req: IncomingMessage): true {
  req.socket.resetAndDestroy();
  return true;
}

async function dripHead(req: IncomingMessage, everyMs: number): Promise<void> {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-padding: ${'p'.repeat(400)}\r\n\r\n`;
  for (const char of head) {
    if (req.socket.destroyed) return;
    req.socket.write(char);
    await sleep(everyMs);
  }
  req.socket.end();
}

const html = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>';

function sendGarbage(res: ServerResponse, kind: Garbage): void {
  const json = { 'content-type': 'application/json' };
  switch (kind) {
    case 'bytes':
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.end(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 131) % 256)));
      return;
    case 'html':
      res.writeHead(200, { 'content-type': 'text/html', 'cf-ray': '8f0000000000000-FRA' });
      res.end(html);
      return;
    case 'broken_json':
      res.writeHead(200, json);
      res.end('{"id":"gen-1","choices":[{"index":0,"message":{"role":"assis');
      return;
    case 'white_space':
      res.writeHead(200, json);
      res.end('\n         \n'.repeat(20));
      return;
    case 'empty_choices':
      res.writeHead(200, json);
      res.end('{"id":"gen-1","object":"chat.completion","choices":[]}');
      return;
    case 'utf16':
      res.writeHead(200, json);
      res.end(Buffer.from('\uFEFF{"data":[]}', 'utf16le'));
      return;
    case 'gzip_bomb':
      res.writeHead(200, { ...json, 'content-encoding': 'gzip' });
      res.end(gzipSync(Buffer.alloc(64 << 20, 32)));
      return;
    case 'header_bomb':
      res.writeHead(200, { ...json, 'x-bomb': 'x'.repeat(300_000) });
      res.end('{}');
      return;
    case 'redirect':
      res.writeHead(302, { location: '/elsewhere' });
      res.end();
      return;
    case 'endless':
    case 'drip':
      pour(res, kind);
      return;
    default:
      kind satisfies never;
  }
}

function pour(res: ServerResponse, kind: 'endless' | 'drip'): void {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = kind === 'drip' ? ':' : `: ${'x'.repeat(16_384)}\n\n`;
  const timer = setInterval(() => res.write(chunk), kind === 'drip' ? 200 : 1);
  res.on('close', () => clearInterval(timer));
}

/** Writes a stream frame by frame, at its pace, until the step says otherwise. */
export async function sendStream(
  req: IncomingMessage,
  res: ServerResponse,
  call: SimCall,
  answer: { frames: Frame[]; pace: Pace; headers: Record<string, string>; step: Step | null },
): Promise<void> {
  const { step, pace } = answer;
  await sleep(pace.headersMs);
  if (res.destroyed) return;
  call.status = 200;
  call.headersSentAtMs = wallMs();
  res.writeHead(200, answer.headers);
  res.flushHeaders();
  const isDone = await writeFrames(req, res, call, answer);
  if (!isDone || res.destroyed) return;
  if (step?.stallAfterTokens === undefined || step.stallMs !== undefined) {
    res.end();
    call.endedAtMs = wallMs();
  }
}

async function writeFrames(
  req: IncomingMessage,
  res: ServerResponse,
  call: SimCall,
  { frames, pace, step }: { frames: Frame[]; pace: Pace; step: Step | null },
): Promise<boolean> {
  let tokens = 0;
  let hasWaited = false;
  for (const frame of frames) {
    const isToken = frame.role === 'token' || frame.role === 'reasoning';
    if (isToken) {
      if (tokens === (step?.stallAfterTokens ?? -1)) {
        if (step?.stallMs === undefined) return false;
        await sleep(step.stallMs);
      }
      if (tokens === step?.cutAfterTokens) return true;
      if (tokens === step?.resetAfterTokens) return !reset(req);
      await sleep(hasWaited ? pace.gapMs : pace.firstTokenMs);
      hasWaited = true;
    }
    if (step?.cutAfterTokens !== undefined && tokens >= step.cutAfterTokens && isEnding(frame)) return true;
    if (step?.resetAfterTokens !== undefined && tokens >= step.resetAfterTokens && isEnding(frame)) {
      return !reset(req);
    }
    if (isEnding(frame) && tokens === step?.stallAfterTokens && step.stallMs === undefined) return false;
    if (res.destroyed) return false;
    if (isToken) {
      const atMs = wallMs();
      call.firstTokenSentAtMs ??= atMs;
      call.tokensSentAtMs.push(atMs);
      tokens += 1;
    }
    res.write(frame.bytes);
  }
  return true;
}

function isEnding(frame: Frame): boolean {
  return frame.role === 'finish' || frame.role === 'usage' || frame.role === 'done';
}
