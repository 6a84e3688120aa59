import type { ErrorFacts } from '#lib/core/observation.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { createEventStream } from '../eventstream.ts';
import { asObject, decodeText, parseJson } from '../loose.ts';
import { createSse, type Framing } from '../sse.ts';
import { bodyKindOf } from './foreign-text.ts';
import { addPiece, blankReading, type Reading } from './reading.ts';

/** Turns the bytes of an answer into a reading. What it is, is decided by its content, not by what it calls itself. */
export interface AnswerReader {
  readonly reading: Reading;
  /** `stop` once the dialect's own end or an error was seen: nothing of interest follows either. */
  feed(chunk: Uint8Array, monoMs: number): 'stop' | undefined;
  finish(monoMs: number): void;
  /** What the body turned out to be. */
  body(): ErrorFacts['body'];
  /** Raw text of a body that was no stream, bounded. */
  raw(): string;
  /** Something that is no frame of the dialect was in the stream, or the framing broke. */
  readonly isGarbled: boolean;
  readonly isTooLarge: boolean;
}

type Kind = 'unknown' | 'frames' | 'whole';

export function createAnswerReader(dialect: Dialect): AnswerReader {
  const reading = blankReading();
  let kind: Kind = 'unknown';
  let head = new Uint8Array(0);
  const whole: Uint8Array[] = [];
  let atMonoMs = 0;
  let isGarbled = false;
  let isTooLarge = false;
  let isBroken = false;
  const onJson = (data: string, event: string | null) => {
    if (data.trim() === '[DONE]') {
      reading.isEnd = true;
      return;
    }
    const frame = asObject(parseJson(data));
    if (frame)
      addPiece(
        reading,
        safely(() => dialect.readFrame(frame, event)),
        atMonoMs,
      );
    else if (data.trim() !== '') isGarbled = true;
  };
  const onFault = (what: 'too_large' | 'malformed') => {
    if (what === 'too_large') isTooLarge = true;
    else isGarbled = true;
    isBroken = true;
  };
  const isBinary = dialect.framing === 'aws-eventstream';
  const framing: Framing = isBinary ? createEventStream(onJson, onFault) : createSse(onJson, onFault);
  const take = (chunk: Uint8Array) => {
    if (kind === 'frames') framing.feed(chunk);
    else whole.push(chunk);
  };
  return {
    reading,
    feed(chunk, monoMs) {
      atMonoMs = monoMs;
      if (kind === 'unknown') {
        head = concat(head, chunk);
        kind = isBinary && head[0] === 0 ? 'frames' : kindOf(head);
        if (kind !== 'unknown') take(head);
      } else {
        take(chunk);
      }
      const isOver = kind === 'frames' && (reading.isEnd || reading.error !== null);
      return isOver || isBroken ? 'stop' : undefined;
    },
    finish(monoMs) {
      if (kind === 'frames') return framing.end();
      const body = asObject(firstOf(parseJson(decodeText(concat(...whole)))));
      if (body)
        addPiece(
          reading,
          safely(() => dialect.readWhole(body)),
          monoMs,
        );
      else if (whole.length) isGarbled = true;
    },
    body: () => (kind === 'frames' ? 'json' : bodyKindOf(decodeText(concat(...whole)))),
    raw: () => decodeText(concat(...whole)),
    get isGarbled() {
      return isGarbled;
    },
    get isTooLarge() {
      return isTooLarge;
    },
  };
}

/** Padding comes first and says nothing; the first real character tells a stream from a document. */
function kindOf(head: Uint8Array): Kind {
  for (const byte of head.subarray(0, 65_536)) {
    if (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) continue;
    if (byte === 0x3a || /[a-z]/i.test(String.fromCharCode(byte)))
      return looksLikeField(head) ? 'frames' : 'whole';
    return 'whole';
  }
  return head.length > 65_536 ? 'whole' : 'unknown';
}

/** `:` or a field name: `data`, `event`, `id`, `retry`, whole or begun. */
function looksLikeField(head: Uint8Array): boolean {
  const start = decodeText(head.subarray(0, 4_096)).trimStart().slice(0, 6);
  const field = start.split(':')[0] ?? '';
  return start.startsWith(':') || ['data', 'event', 'id', 'retry'].some((name) => name.startsWith(field));
}

function firstOf(json: unknown): unknown {
  return Array.isArray(json) ? json[0] : json;
}

/** A frame that surprises a dialect's reader is a frame that says nothing. */
function safely<T>(read: () => T): T | Record<string, never> {
  try {
    return read();
  } catch {
    return {};
  }
}

function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}
