import { decodeText } from '#lib/core/loose.ts';
import type { Http, HttpLook } from '#lib/http.ts';
import type { PageAddress, PageFacts, Platform } from './page.ts';
import { isPlatformId, type PlatformId, platformIds, platforms } from './table.ts';

/** What is kept between looks at one page: who it turned out to be, and copies for conditional requests. */
export interface PageMemory {
  platform: PlatformId | null;
  parseFailures: number;
  copies: Map<string, { etag: string | null; lastModified: string | null; text: string }>;
}

export function blankPageMemory(): PageMemory {
  return { platform: null, parseFailures: 0, copies: new Map() };
}

export interface PageReading {
  platform: PlatformId | null;
  facts: PageFacts | null;
  /** The look at the deciding document. */
  look: HttpLook;
}

export interface PageIo {
  http: Http;
  signal: AbortSignal;
  timeoutMs: number;
  monoMs: () => number;
}

/** After this many documents that do not parse, the page has probably moved to other software. */
const failuresBeforeDetecting = 2;

/** Reads a page: by what it was last time, by the hint, else by trying every platform in order. */
export async function readPage(
  page: PageAddress,
  hint: string | null,
  memory: PageMemory,
  io: PageIo,
): Promise<PageReading | null> {
  const reading = await readOrDetect(page, hint, memory, io);
  keepCopies(page, memory, reading);
  return reading;
}

/** What was fetched while trying other platforms is of no use; it may be megabytes. */
function keepCopies(page: PageAddress, memory: PageMemory, reading: PageReading | null): void {
  const isRead = reading?.facts && reading.platform;
  const useful = new Set(isRead ? platforms[isRead].documents(page) : []);
  for (const url of memory.copies.keys()) if (!useful.has(url)) memory.copies.delete(url);
}

async function readOrDetect(
  page: PageAddress,
  hint: string | null,
  memory: PageMemory,
  io: PageIo,
): Promise<PageReading | null> {
  const untilMono = io.monoMs() + io.timeoutMs;
  const fetcher = createFetcher(memory, io, untilMono);
  const known = memory.platform ?? (isPlatformId(hint) ? hint : null);
  if (known && memory.parseFailures < failuresBeforeDetecting) {
    const reading = await readAs(known, page, fetcher);
    if (reading) {
      memory.parseFailures = reading.facts ? 0 : memory.parseFailures + (isAnswer(reading.look) ? 1 : 0);
      if (reading.facts) memory.platform = known;
      return reading;
    }
  }
  const found = await detect(page, fetcher, () => io.monoMs() < untilMono);
  if (found?.facts) {
    memory.platform = found.platform;
    memory.parseFailures = 0;
  }
  return found;
}

function isAnswer(look: HttpLook): boolean {
  return look.fault === null && look.status !== null && look.status < 500;
}

type Fetch = (url: string, bodyBytes: number) => Promise<{ look: HttpLook; text: string | null }>;

async function readAs(id: PlatformId, page: PageAddress, fetch: Fetch): Promise<PageReading | null> {
  const platform: Platform = platforms[id];
  const [first, ...rest] = platform.documents(page);
  if (!first) return null;
  const limit = platform.bodyBytes ?? 4 << 20;
  const main = await fetch(first, limit);
  if (main.text === null) return { platform: id, facts: null, look: main.look };
  const others: (string | null)[] = [];
  if (safely(() => platform.read([main.text ?? ''], page)) !== null || rest.length > 0) {
    for (const url of rest) others.push((await fetch(url, limit)).text);
  }
  const facts = safely(() => platform.read([main.text ?? '', ...others], page));
  return { platform: id, facts, look: main.look };
}

async function detect(page: PageAddress, fetch: Fetch, hasTime: () => boolean): Promise<PageReading | null> {
  let last: PageReading | null = null;
  for (const id of platformIds) {
    if (!hasTime()) break;
    const reading = await readAs(id, page, fetch);
    if (reading?.facts) return reading;
    if (!reading) continue;
    last = { ...reading, platform: null };
    // A host that cannot be reached cannot be anything.
    if (reading.look.status === null) return last;
  }
  return last;
}

/** A parser that trips over something unforeseen has not read the page. */
function safely<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function createFetcher(memory: PageMemory, io: PageIo, untilMono: number): Fetch {
  const seen = new Map<string, { look: HttpLook; text: string | null }>();
  return async (url, bodyBytes) => {
    const before = seen.get(url);
    if (before) return before;
    const copy = memory.copies.get(url);
    const totalMs = Math.max(500, untilMono - io.monoMs());
    const look = await io.http.request({
      url,
      headers: {
        accept: 'application/json, application/rss+xml;q=0.9, application/xml;q=0.9, text/html;q=0.5',
        ...(copy?.etag ? { 'if-none-match': copy.etag } : {}),
        ...(copy?.lastModified ? { 'if-modified-since': copy.lastModified } : {}),
      },
      signal: io.signal,
      maxRedirects: 3,
      limits: { firstByteMs: totalMs, totalMs, wireBytes: bodyBytes, bodyBytes },
    });
    const result = { look, text: textOf(look, copy?.text ?? null) };
    if (look.status === 200 && result.text !== null) {
      memory.copies.set(url, {
        etag: look.headers.etag ?? null,
        lastModified: look.headers['last-modified'] ?? null,
        // Without a validator a copy is never asked for again.
        text: look.headers.etag || look.headers['last-modified'] ? result.text : '',
      });
    }
    seen.set(url, result);
    return result;
  };
}

function textOf(look: HttpLook, copy: string | null): string | null {
  if (look.fault !== null) return null;
  if (look.status === 304) return copy;
  return look.status === 200 ? decodeText(look.body) : null;
}
