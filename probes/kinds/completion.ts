import type { Watched } from '#lib/core/fleet.ts';
import { type ErrorFacts, type Observation, phases } from '#lib/core/observation.ts';
import type { Found } from '#lib/core/plan.ts';
import type { HttpLook } from '#lib/http.ts';
import { cleanLine, redactFamilies } from '#lib/redact.ts';
import type { Dialect, Question } from '../dialects/dialect.ts';
import { extractError } from '../dialects/extract-error.ts';
import { providerIdOf } from '../dialects/openrouter.ts';
import { readRetryAfter } from '../dialects/retry-after.ts';
import { dialectOf } from '../dialects/table.ts';
import { parseJson } from '../loose.ts';
import type { Probe, ProbeIo } from '../probe.ts';
import { type AnswerReader, createAnswerReader } from './answer-reader.ts';
import { costOf } from './cost.ts';
import { foreignText } from './foreign-text.ts';
import { observe } from './look-facts.ts';
import { createSum, judgeAnswer, type Sum } from './question.ts';
import { noteOutput } from './reading.ts';

/** A real streamed call with its whole life timed. */
export const completion: Probe = async (watched, io) => {
  const dialect = dialectOf(watched.dialect, watched.target.api);
  if (!dialect) throw new Error(`no dialect called ${watched.dialect}`);
  const sum = createSum(io.random);
  const question: Question = {
    watched,
    key: io.key,
    prompt: sum.prompt,
    maxTokens: watched.maxTokens,
    isStreamed: true,
    nowMs: io.clock.nowMs(),
  };
  const call = await callDialect(dialect, question, io);
  return conclude(call, sum, question, io);
};

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

function conclude(call: Call, sum: Sum, question: Question, io: ProbeIo): Awaited<ReturnType<Probe>> {
  const { watched } = question;
  const { look, reader } = call;
  const { reading } = reader;
  const error = errorOf(call, watched, io);
  const hasTokens = reading.isOutput || reading.hasReasoning;
  const isDone = isComplete(call, error);
  const observation = observe(watched, io, look, {
    atMs: call.atMs,
    keyed: question.key !== null,
    reached: reachedOf(look, hasTokens || (reading.usage?.completionTokens ?? 0) > 0),
    fault: look.fault ?? (reader.isTooLarge ? 'too_large' : isMalformed(call, error) ? 'malformed' : null),
    error,
    retryAfterMs: error ? readRetryAfter(look.headers, retryBody(call), io.clock.nowMs()) : null,
    served: servedOf(call, watched, io),
    output: {
      tokens: tokensOf(call),
      reasoningTokens: reading.usage?.reasoningTokens ?? null,
      finish: reading.finish === null ? null : reading.finish.slice(0, 32),
      done: isDone,
      answer:
        error || call.dialect.hasAnswer === false
          ? null
          : judgeAnswer(sum.answer, {
              text: reading.text,
              hasReasoning: isThinking(call),
              finish: reading.finish,
            }),
    },
    costUsd: costOf(
      {
        usage: reading.usage,
        outputChars: reading.outputChars,
        promptChars: question.prompt.length,
        maxTokens: question.maxTokens,
        isSent: phases.indexOf(look.reached) >= phases.indexOf('secured'),
        isRefused: (error !== null && !hasTokens) || look.fault === 'refused',
        isWhole: isDone && error === null,
      },
      watched.price,
      watched.priceUsd,
    ),
  });
  observation.timing = { ...observation.timing, ...tokenTimes(call) };
  const found = generationOf(call, watched, io);
  return found ? { observation, found: [found] } : { observation };
}

/** Times of tokens on the look's own clock. */
function tokenTimes({
  look,
  reader: { reading },
}: Call): Pick<Observation['timing'], 'firstReasoningMs' | 'firstTokenMs' | 'worstGapMs'> {
  const since = (monoMs: number | null) =>
    monoMs === null ? null : Math.round((monoMs - look.startedMonoMs) * 10) / 10;
  return {
    firstReasoningMs: since(reading.firstReasoningMonoMs),
    firstTokenMs: since(reading.firstTokenMonoMs),
    worstGapMs: reading.worstGapMs === null ? null : Math.round(reading.worstGapMs * 10) / 10,
  };
}

/** A whole answer without a token never reached the token: its last phase is the first byte. */
function reachedOf(look: HttpLook, hasTokens: boolean): Observation['reached'] {
  if (look.reached !== 'done') return hasTokens ? 'first_token' : look.reached;
  if (hasTokens || (look.status ?? 0) >= 300) return 'done';
  return look.timing.firstByteMs === null ? 'headers' : 'first_byte';
}

/** Usage counts hidden reasoning that never shows as text. */
function isThinking({ reader: { reading } }: Call): boolean {
  return reading.hasReasoning || (reading.usage?.reasoningTokens ?? 0) > 0;
}

function tokensOf({ reader: { reading } }: Call): number | null {
  const counted = reading.usage?.completionTokens ?? null;
  // Usage that claims nothing while text came is not believed.
  const seen = reading.outputChars > 0 ? Math.max(1, Math.ceil(reading.outputChars / 12)) : 0;
  return counted === null ? (seen > 0 ? seen : null) : Math.max(counted, seen);
}

function isComplete({ look, reader: { reading }, dialect }: Call, error: ErrorFacts | null): boolean {
  if (look.reached !== 'done' || look.fault || error) return false;
  if (look.status === null || look.status >= 300) return false;
  if (dialect.end === 'marker') return reading.isEnd;
  if (dialect.end === 'finish') return reading.finish !== null;
  return reading.isEnd || reading.finish !== null;
}

/** A 200 that is neither a stream nor a document of this dialect. */
function isMalformed({ look, reader }: Call, error: ErrorFacts | null): boolean {
  if (look.status === null || look.status >= 300 || error || look.reached !== 'done') return false;
  return reader.isGarbled && !reader.reading.isOutput && !reader.reading.hasReasoning;
}

function errorOf(call: Call, watched: Watched, io: ProbeIo): ErrorFacts | null {
  const { look, reader } = call;
  if (look.status === null) return null;
  const isErrorStatus = look.status >= 300;
  const body = reader.body();
  const isForeign = body === 'html' || body === 'text' || body === 'empty';
  const carrier = isErrorStatus ? (reader.reading.error ?? parseJson(reader.raw())) : reader.reading.error;
  const redact = io.redact ?? redactFamilies;
  if (carrier === null || carrier === undefined) {
    const isBodyWrong = look.status < 300 && isForeign && look.reached === 'done';
    if (!isErrorStatus && !isBodyWrong) return null;
    return { ...noError, message: foreignText(reader.raw(), redact), body, inBand: !isErrorStatus };
  }
  return extractError(carrier, {
    headers: look.headers,
    redact,
    inBand: !isErrorStatus,
    body,
    providerId: (name) => providerIdOf(name, watched),
  });
}

const noError: ErrorFacts = {
  code: null,
  type: null,
  message: null,
  provider: null,
  limit: null,
  attempt: null,
  body: null,
  inBand: false,
};

function retryBody({ reader }: Call): unknown {
  return reader.reading.error ?? parseJson(reader.raw()) ?? null;
}

function servedOf({ reader, look }: Call, watched: Watched, io: ProbeIo): Observation['served'] {
  const { served } = reader.reading;
  const name = served.provider ?? look.headers['x-provider-name'] ?? null;
  if (!name && !served.model) return null;
  const redact = io.redact ?? redactFamilies;
  return {
    provider: name ? cleanLine(providerIdOf(name, watched), redact, 64) : null,
    model: served.model ? cleanLine(served.model, redact, 128) : null,
  };
}

function generationOf({ reader: { reading }, look }: Call, watched: Watched, io: ProbeIo): Found | null {
  const { id, fingerprint, quantization } = reading.generation;
  const generationId = look.headers['x-generation-id'] ?? id;
  if (!generationId || look.status === null || look.status >= 300) return null;
  const redact = io.redact ?? redactFamilies;
  const short = (text: string | null) => (text === null ? null : cleanLine(text, redact, 96) || null);
  return {
    kind: 'generation',
    generationId: short(generationId) ?? '',
    edgeId: short(look.headers['cf-ray'] ?? null),
    quantization: short(quantization),
    fingerprint: short(fingerprint),
    tried: reading.tried.map(({ provider, status }) => ({
      provider: providerIdOf(provider, watched),
      status,
    })),
  };
}
