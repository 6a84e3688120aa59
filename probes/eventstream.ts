import { crc32 } from 'node:zlib';
import type { Framing, FramingLimits } from './sse.ts';
import { framingLimits } from './sse.ts';

/** Amazon's binary event stream: lengths, a checksum, headers, a payload, a checksum. */
export function createEventStream(
  onData: (data: string, event: string | null) => void,
  onFault: (what: 'too_large' | 'malformed') => void,
  limits: FramingLimits = framingLimits,
): Framing {
  let rest: Buffer = Buffer.alloc(0);
  let events = 0;
  let isBroken = false;
  const breakOff = (what: 'too_large' | 'malformed') => {
    if (isBroken) return;
    isBroken = true;
    rest = Buffer.alloc(0);
    onFault(what);
  };
  const takeOne = (): boolean => {
    if (rest.length < 12) return false;
    const total = rest.readUInt32BE(0);
    if (total < 16 || crc32(rest.subarray(0, 8)) !== rest.readUInt32BE(8))
      return breakOff('malformed') ?? false;
    if (total > limits.lineChars) return breakOff('too_large') ?? false;
    if (rest.length < total) return false;
    const message = rest.subarray(0, total);
    rest = rest.subarray(total);
    if (crc32(message.subarray(0, total - 4)) !== message.readUInt32BE(total - 4))
      return breakOff('malformed') ?? false;
    events += 1;
    if (events > limits.events) return breakOff('too_large') ?? false;
    const headersEnd = 12 + message.readUInt32BE(4);
    if (headersEnd > total - 4) return breakOff('malformed') ?? false;
    onData(
      message.toString('utf8', headersEnd, total - 4),
      eventOf(readHeaders(message.subarray(12, headersEnd))),
    );
    return true;
  };
  return {
    feed: (bytes) => {
      if (isBroken) return;
      rest = rest.length ? Buffer.concat([rest, bytes]) : Buffer.from(bytes);
      while (!isBroken && takeOne());
    },
    end: () => {
      if (rest.length) breakOff('malformed');
    },
    get events() {
      return events;
    },
    comments: 0,
  };
}

function eventOf(headers: Map<string, string>): string | null {
  const type = headers.get(':message-type');
  if (type === 'exception') return `exception:${headers.get(':exception-type') ?? 'unknown'}`;
  if (type === 'error') return `exception:${headers.get(':error-code') ?? 'error'}`;
  return headers.get(':event-type') ?? null;
}

// Lengths of the values whose type has a fixed one: booleans, integers, a timestamp, a UUID.
const fixedLengths: Record<number, number> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

/** Only texts are of interest; the others are stepped over. */
function readHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  while (at + 2 <= bytes.length) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    const name = bytes.toString('utf8', at + 1, nameEnd);
    const type = bytes[nameEnd] ?? -1;
    at = nameEnd + 1;
    const fixed = fixedLengths[type];
    if (fixed !== undefined) {
      at += fixed;
      continue;
    }
    if (at + 2 > bytes.length) break;
    const length = bytes.readUInt16BE(at);
    if (type === 7) headers.set(name, bytes.toString('utf8', at + 2, at + 2 + length));
    at += 2 + length;
  }
  return headers;
}
