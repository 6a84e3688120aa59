import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';

/**
 * An answer kept in memory, with its headers laid out as node:http writes them and its compressed form beside it.
 * Header values of one answer never change: a new picture is a new object.
 */
export class Prepared {
  readonly etag: string;
  readonly body: Buffer;
  #plain: string[];
  #gzipped: string[] | null = null;
  #unchanged: string[];
  #packed: Buffer | null = null;
  /** From its Last-Modified, where it has one. */
  #modifiedAtMs: number | null;
  /** Each form as last written, good for the second its Date names. */
  #whole: Partial<Record<'plain' | 'gzipped' | 'unchanged', { date: string; bytes: Buffer }>> = {};
  /** Settled once the compressed form is there, or is not worth having. */
  readonly ready: Promise<void>;
  /** Whether it may still be sent without asking its handler; asked on every request. */
  readonly isFresh: () => boolean;

  constructor(
    body: Buffer,
    options: {
      etag: string;
      headers: Record<string, string>;
      /** What a 304 says otherwise (a signature covers the word 304). */
      unchangedHeaders?: Record<string, string>;
      vary?: string;
      isFresh: () => boolean;
    },
  ) {
    this.body = body;
    this.etag = options.etag;
    this.isFresh = options.isFresh;
    const modified = options.headers['Last-Modified'];
    this.#modifiedAtMs = modified === undefined ? null : Date.parse(modified);
    const vary = options.vary ?? 'Accept-Encoding';
    const lasting = Object.entries(options.headers).flat();
    const unchanged = Object.entries({ ...options.headers, ...options.unchangedHeaders }).filter(
      ([name]) => name.toLowerCase() !== 'content-type',
    );
    this.#unchanged = ['ETag', options.etag, 'Vary', vary, ...unchanged.flat()];
    this.#plain = ['ETag', options.etag, 'Vary', vary, ...lasting, 'Content-Length', String(body.length)];
    // Until the compressed form is there the plain one is served; only pages wait for it.
    this.ready = body.length < 860 ? Promise.resolve() : this.#pack(options.etag, vary, lasting);
  }

  #pack(etag: string, vary: string, lasting: string[]): Promise<void> {
    return new Promise((done) => {
      gzip(this.body, { level: 6 }, (error, packed) => {
        if (!error && packed.length < this.body.length) {
          this.#packed = packed;
          this.#gzipped = [
            ...['ETag', etag, 'Vary', vary, ...lasting],
            ...['Content-Encoding', 'gzip', 'Content-Length', String(packed.length)],
          ];
        }
        done();
      });
    });
  }

  /** About what it holds in memory: the body, its compressed form, and each once more with its head. */
  get bytesHeld(): number {
    return Math.ceil(2.5 * this.body.length) + 4_096;
  }

  /** The whole answer as bytes, head and all, for whoever writes to a socket without node:http in between. */
  bytes(isUnchanged: boolean, isGzipWanted: boolean): Buffer {
    const date = httpDate();
    const form = isUnchanged ? 'unchanged' : isGzipWanted && this.#gzipped ? 'gzipped' : 'plain';
    const kept = this.#whole[form];
    if (kept?.date === date) return kept.bytes;
    const head = form === 'unchanged' ? this.#unchanged : form === 'gzipped' ? this.#gzipped : this.#plain;
    const body = form === 'unchanged' ? null : form === 'gzipped' ? this.#packed : this.body;
    const status = form === 'unchanged' ? 'HTTP/1.1 304 Not Modified' : 'HTTP/1.1 200 OK';
    const lines = [status];
    for (let i = 0; head && i < head.length; i += 2) lines.push(`${head[i]}: ${head[i + 1]}`);
    const top = Buffer.from(
      `${lines.join('\r\n')}\r\nDate: ${date}\r\nConnection: keep-alive\r\n\r\n`,
      'latin1',
    );
    const bytes = body ? Buffer.concat([top, body]) : top;
    this.#whole[form] = { date, bytes };
    return bytes;
  }

  /** To one reader, and for no cache between us: the page is not for everybody. */
  sendPrivately(res: ServerResponse): void {
    const headers = this.#plain.map((value, i) =>
      i % 2 === 1 && this.#plain[i - 1]?.toLowerCase() === 'cache-control' ? 'private, no-store' : value,
    );
    res.writeHead(200, headers);
    res.end(this.body);
  }

  /** A tag decides; only who has none is asked for a date (RFC 9110, 13.1.3). */
  #isKnown(headers: IncomingMessage['headers']): boolean {
    const tag = headers['if-none-match'];
    if (tag !== undefined) return tag === this.etag || isMatch(tag, this.etag);
    const sinceMs = Date.parse(headers['if-modified-since'] ?? '');
    return this.#modifiedAtMs !== null && sinceMs >= this.#modifiedAtMs;
  }

  send(req: IncomingMessage, res: ServerResponse): void {
    const { headers } = req;
    if (this.#isKnown(headers)) {
      res.writeHead(304, this.#unchanged);
      res.end();
      return;
    }
    if (this.#gzipped && this.#packed && acceptsGzip(headers['accept-encoding'])) {
      res.writeHead(200, this.#gzipped);
      res.end(this.#packed);
      return;
    }
    res.writeHead(200, this.#plain);
    res.end(this.body);
  }
}

/** Weak comparison over a list; what is no tag matches nothing. */
export function isMatch(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  const wanted = etag.replace(/^W\//, '');
  return header
    .slice(0, 4_096)
    .split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === wanted);
}

export function acceptsGzip(header: string | string[] | undefined): boolean {
  if (header === undefined) return false;
  const text = String(header);
  if (!text.includes('gzip')) return false;
  return !/gzip\s*;\s*q\s*=\s*0(\.0{0,3})?\s*(,|$)/.test(text);
}

let dateText = '';
let dateUntilMs = 0;

/** The Date header, made once a second. */
function httpDate(): string {
  const nowMs = Date.now();
  if (nowMs >= dateUntilMs || nowMs < dateUntilMs - 1_000) {
    dateText = new Date(nowMs).toUTCString();
    dateUntilMs = nowMs - (nowMs % 1_000) + 1_000;
  }
  return dateText;
}
