import { createParser } from 'eventsource-parser';

export interface Framing {
  feed(bytes: Uint8Array): void;
  /** The stream is over: an event without its blank line still counts. */
  end(): void;
  readonly events: number;
  readonly comments: number;
}

export interface FramingLimits {
  lineChars: number;
  events: number;
}

export const framingLimits: FramingLimits = { lineChars: 65_536, events: 20_000 };

/** Server-sent events: comments anywhere, LF or CRLF, frames split anywhere. `onFault` is called once, then nothing is read. */
export function createSse(
  onData: (data: string, event: string | null) => void,
  onFault: (what: 'too_large') => void,
  limits: FramingLimits = framingLimits,
): Framing {
  const decoder = new TextDecoder();
  let events = 0;
  let comments = 0;
  let isBroken = false;
  const breakOff = () => {
    if (isBroken) return;
    isBroken = true;
    onFault('too_large');
  };
  const parser = createParser({
    maxBufferSize: limits.lineChars,
    onEvent: ({ data, event }) => {
      events += 1;
      if (events > limits.events) breakOff();
      if (!isBroken) onData(data, event ?? null);
    },
    onComment: () => {
      comments += 1;
      if (comments > limits.events) breakOff();
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') breakOff();
    },
  });
  const feed = (text: string) => {
    if (isBroken || text === '') return;
    try {
      parser.feed(text);
    } catch {
      // The parser throws when fed after it has given up; that it gave up was already said.
      breakOff();
    }
  };
  return {
    feed: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    end: () => feed(`${decoder.decode()}\n\n`),
    get events() {
      return events;
    },
    get comments() {
      return comments;
    },
  };
}
