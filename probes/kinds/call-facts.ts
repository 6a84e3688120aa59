import type { Watched } from '#lib/core/fleet.ts';
import { parseJson } from '#lib/core/loose.ts';
import type { ErrorFacts, Observation } from '#lib/core/observation.ts';
import type { Found } from '#lib/core/plan.ts';
import { extractError } from '#lib/error-facts.ts';
import type { HttpLook } from '#lib/http.ts';
import { cleanLine, redactFamilies } from '#lib/redact.ts';
import { providerIdOf } from '../dialects/openrouter.ts';
import type { ProbeIo } from '../probe.ts';
import type { Call } from './call.ts';
import { foreignText } from './foreign-text.ts';

/** Times of tokens on the look's own clock. */
export function tokenTimes({
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
export function reachedOf(look: HttpLook, hasTokens: boolean): Observation['reached'] {
  if (look.reached !== 'done') return hasTokens ? 'first_token' : look.reached;
  if (hasTokens || (look.status ?? 0) >= 300) return 'done';
  return look.timing.firstByteMs === null ? 'headers' : 'first_byte';
}

/** Usage counts hidden reasoning that never shows as text. */
export function isThinking({ reader: { reading } }: Call): boolean {
  return reading.hasReasoning || (reading.usage?.reasoningTokens ?? 0) > 0;
}

export function tokensOf({ reader: { reading } }: Call): number | null {
  const counted = reading.usage?.completionTokens ?? null;
  // Usage that claims nothing while text came is not believed.
  const seen = reading.outputChars > 0 ? Math.max(1, Math.ceil(reading.outputChars / 12)) : 0;
  return counted === null ? (seen > 0 ? seen : null) : Math.max(counted, seen);
}

export function isComplete({ look, reader: { reading }, dialect }: Call, error: ErrorFacts | null): boolean {
  if (look.reached !== 'done' || look.fault || error) return false;
  if (look.status === null || look.status >= 300) return false;
  if (dialect.end === 'marker') return reading.isEnd;
  if (dialect.end === 'finish') return reading.finish !== null;
  return reading.isEnd || reading.finish !== null;
}

/** A 200 that is neither a stream nor a document of this dialect. */
export function isMalformed({ look, reader }: Call, error: ErrorFacts | null): boolean {
  if (look.status === null || look.status >= 300 || error || look.reached !== 'done') return false;
  return reader.isGarbled && !reader.reading.isOutput && !reader.reading.hasReasoning;
}

export function errorOf(call: Call, watched: Watched, io: ProbeIo): ErrorFacts | null {
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

/** How the edges of the providers call what they let through. */
const edgeHeaders = [
  'cf-ray',
  'x-request-id',
  'request-id',
  'x-amzn-requestid',
  'apim-request-id',
  'x-ms-request-id',
] as const;

/** A call that failed, by the numbers under which the far side can find it. */
export function quoteOf(
  { reader: { reading }, look }: Call,
  o: Pick<Observation, 'error' | 'fault'>,
  io: Pick<ProbeIo, 'redact'>,
): Found | null {
  if (o.error === null && o.fault === null) return null;
  const redact = io.redact ?? redactFamilies;
  // What is no number of anything is not passed on as one.
  const short = (text: string | null | undefined) => {
    const line = text ? cleanLine(text, redact, 96) : '';
    return /^[\w.:•…=/+~-]+$/.test(line) ? line : null;
  };
  const edge = edgeHeaders.find((name) => look.headers[name]);
  const quote = {
    generationId: short(look.headers['x-generation-id'] ?? reading.generation.id),
    edgeId: short(edge && look.headers[edge]),
  };
  return quote.generationId || quote.edgeId ? { kind: 'quote', ...quote } : null;
}

export function retryBody({ reader }: Call): unknown {
  return reader.reading.error ?? parseJson(reader.raw()) ?? null;
}

export function servedOf({ reader, look }: Call, watched: Watched, io: ProbeIo): Observation['served'] {
  const { served } = reader.reading;
  const name = served.provider ?? look.headers['x-provider-name'] ?? null;
  if (!name && !served.model) return null;
  const redact = io.redact ?? redactFamilies;
  return {
    // Cleaned before it becomes an id: an id has lost the characters by which a key is known.
    provider: name ? providerIdOf(cleanLine(name, redact, 64), watched) : null,
    model: served.model ? cleanLine(served.model, redact, 128) : null,
  };
}

export function generationOf(
  { reader: { reading }, look }: Call,
  watched: Watched,
  observation: Observation,
  io: ProbeIo,
): Found | null {
  const { id, fingerprint, quantization } = reading.generation;
  const generationId = look.headers['x-generation-id'] ?? id;
  if (!generationId || look.status === null || look.status >= 300) return null;
  const redact = io.redact ?? redactFamilies;
  const short = (text: string | null) => (text === null ? null : cleanLine(text, redact, 96) || null);
  return {
    kind: 'generation',
    generationId: short(generationId) ?? '',
    targetKey: watched.key,
    lookAtMs: observation.atMs,
    isDoubtful: isDoubtful(observation, reading.usage?.costUsd ?? null),
    isRecorded: false,
    recordedUsd: null,
    edgeId: short(look.headers['cf-ray'] ?? null),
    quantization: short(quantization),
    fingerprint: short(fingerprint),
    tried: reading.tried.map(({ provider, status }) => ({
      provider: providerIdOf(cleanLine(provider, redact, 64), watched),
      status,
    })),
  };
}

/** Not whole, or with another cost than the answer itself names. */
function isDoubtful(o: Observation, saidUsd: number | null): boolean {
  if (o.error !== null || o.fault !== null || o.output?.done !== true) return true;
  return saidUsd === null || Math.abs(saidUsd - (o.costUsd ?? Number.NaN)) > 1e-11;
}
