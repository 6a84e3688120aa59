import type { HttpLook } from '#lib/http.ts';
import type { Dialect, Question } from '../dialects/dialect.ts';
import type { ProbeIo } from '../probe.ts';
import { type AnswerReader, createAnswerReader } from './answer-reader.ts';
import { noteOutput } from './reading.ts';

/** One call as it went: the socket's facts, and what was read of the answer. */
export interface Call {
  atMs: number;
  look: HttpLook;
  reader: AnswerReader;
  dialect: Dialect;
}

/** Sends the question and reads the answer as it comes; a suspicion is told when no token came in time. */
export async function callDialect(dialect: Dialect, question: Question, io: ProbeIo): Promise<Call> {
  const asked = await dialect.ask(question);
  const atMs = io.clock.nowMs();
  const reader = createAnswerReader(dialect);
  const suspicion = watchForSlowness(io, reader);
  try {
    const look = await io.http.request({
      url: asked.url,
      method: 'POST',
      headers: asked.headers,
      body: asked.body,
      signal: suspicion.signal,
      limits: { firstByteMs: io.timeoutMs, idleMs: io.timeoutMs, totalMs: io.timeoutMs },
      onChunk: (chunk, monoMs) => reader.feed(chunk, monoMs),
    });
    if (suspicion.hasEnded()) Object.assign(look, { fault: 'timeout', faultCode: 'FIRST_TOKEN_TIMEOUT' });
    const endMonoMs = look.startedMonoMs + look.timing.totalMs;
    reader.finish(endMonoMs);
    // A stall that ended the look is a gap like any other.
    if (look.fault && reader.reading.lastOutputMonoMs !== null) noteOutput(reader.reading, endMonoMs);
    return { atMs, look, reader, dialect };
  } finally {
    suspicion.end();
  }
}

/** No token in time: say so once, and end a confirmation there. */
function watchForSlowness(io: ProbeIo, { reading }: AnswerReader) {
  const { suspicion } = io;
  if (!suspicion) return { signal: io.signal, hasEnded: () => false, end: () => {} };
  const ender = new AbortController();
  let hasEnded = false;
  const timer = setTimeout(() => {
    if (reading.isOutput || reading.hasReasoning || reading.error !== null) return;
    suspicion.tell();
    if (!suspicion.isFinal) return;
    hasEnded = !io.signal.aborted;
    ender.abort();
  }, suspicion.afterMs);
  return {
    signal: AbortSignal.any([io.signal, ender.signal]),
    hasEnded: () => hasEnded,
    end: () => clearTimeout(timer),
  };
}
