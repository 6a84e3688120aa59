import { createReadStream } from 'node:fs';
import type { Progress } from '../progress.ts';

/** A line longer than this is not one of ours. */
const longest = 4_000_000;

export interface Line {
  number: number;
  text: string;
  isTooLong: boolean;
}

/** Lines with their numbers, in batches as they arrive: one await per chunk, not per line. */
export async function* linesOf(file: string, progress?: Progress, bytes = 0): AsyncGenerator<Line[]> {
  const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  stream.setEncoding('utf8');
  let rest = '';
  let number = 0;
  let isSkipping = false;
  let read = 0;
  for await (const chunk of stream) {
    const text: string = rest + chunk;
    read += chunk.length;
    if (bytes > 0) progress?.to(read / bytes, 'read and judged');
    const lines: Line[] = [];
    let from = 0;
    for (let to = text.indexOf('\n', from); to >= 0; to = text.indexOf('\n', from)) {
      number += 1;
      lines.push({ number, text: text.slice(from, to), isTooLong: isSkipping });
      isSkipping = false;
      from = to + 1;
    }
    rest = text.slice(from);
    if (rest.length > longest) {
      rest = '';
      isSkipping = true;
    }
    yield lines;
  }
  if (rest !== '' || isSkipping) yield [{ number: number + 1, text: rest, isTooLong: isSkipping }];
}
