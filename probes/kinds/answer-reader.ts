import { asObject, decodeText, parseJson } from '#lib/core/loose.ts';
import type { ErrorFacts } from '#lib/core/observation.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { createEventStream } from '../eventstream.ts';
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
  return new Reader(dialect);
}

class Reader implements AnswerReader {
  readonly reading = blankReading();
  isGarbled = false;
  isTooLarge = false;
  #kind: Kind = 'unknown';
  #head: Uint8Array = new Uint8Array(0);
  #whole: Uint8Array[] = [];
  #atMonoMs = 0;
  #isBroken = false;
  #isDone = false;
  readonly #dialect: Dialect;
  readonly #framing: Framing;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    const create = dialect.framing === 'aws-eventstream' ? createEventStream : createSse;
    this.#framing = create(
      (data, event) => this.#takeFrame(data, event),
      (what) => this.#breakOff(what),
    );
  }

  feed(chunk: Uint8Array, monoMs: number): 'stop' | undefined {
    this.#atMonoMs = monoMs;
    if (this.#kind === 'unknown') this.#begin(chunk);
    else this.#take(chunk);
    const { isEnd, error } = this.reading;
    const isOver = this.#kind === 'frames' && (isEnd || error !== null);
    return isOver || this.#isBroken ? 'stop' : undefined;
  }

  finish(monoMs: number): void {
    if (this.#kind === 'frames') {
      this.#framing.end();
      return;
    }
    const json = parseJson(this.raw());
    const body = asObject(Array.isArray(json) ? json[0] : json);
    if (body)
      addPiece(
        this.reading,
        safely(() => this.#dialect.readWhole(body)),
        monoMs,
      );
    else if (this.#whole.length) this.isGarbled = true;
  }

  body(): ErrorFacts['body'] {
    return this.#kind === 'frames' ? 'json' : bodyKindOf(this.raw());
  }

  raw(): string {
    return decodeText(Buffer.concat(this.#whole));
  }

  #begin(chunk: Uint8Array): void {
    this.#head = Buffer.concat([this.#head, chunk]);
    const isBinary = this.#dialect.framing === 'aws-eventstream' && this.#head[0] === 0;
    this.#kind = isBinary ? 'frames' : kindOf(this.#head);
    if (this.#kind !== 'unknown') this.#take(this.#head);
  }

  #take(chunk: Uint8Array): void {
    if (this.#kind === 'frames') this.#framing.feed(chunk);
    else this.#whole.push(chunk);
  }

  #takeFrame(data: string, event: string | null): void {
    // What follows the end must not depend on how the bytes were cut.
    if (this.#isDone) return;
    const text = data.trim();
    if (text === '[DONE]') {
      this.#isDone = true;
      this.reading.isEnd = true;
      return;
    }
    const frame = asObject(parseJson(text));
    if (frame)
      addPiece(
        this.reading,
        safely(() => this.#dialect.readFrame(frame, event)),
        this.#atMonoMs,
      );
    else if (text !== '') this.isGarbled = true;
  }

  #breakOff(what: 'too_large' | 'malformed'): void {
    if (what === 'too_large') this.isTooLarge = true;
    else this.isGarbled = true;
    this.#isBroken = true;
  }
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

/** A frame that surprises a dialect's reader is a frame that says nothing. */
function safely<T>(read: () => T): T | Record<string, never> {
  try {
    return read();
  } catch {
    return {};
  }
}
