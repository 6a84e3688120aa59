import { type Observation, phases } from '#lib/core/observation.ts';
import { cleanLine, redactFamilies } from '#lib/redact.ts';
import type { Question } from '../dialects/dialect.ts';
import { readRetryAfter } from '../dialects/retry-after.ts';
import type { ProbeIo } from '../probe.ts';
import type { Call } from './call.ts';
import {
  errorOf,
  isComplete,
  isMalformed,
  reachedOf,
  retryBody,
  servedOf,
  tokensOf,
  tokenTimes,
} from './call-facts.ts';
import { costOf } from './cost.ts';
import { observe } from './look-facts.ts';

/** Everything one call showed, but for whether its answer was right: that is for the asker to say. */
export function observeCall(call: Call, question: Question, io: ProbeIo): Observation {
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
      finish: reading.finish === null ? null : cleanLine(reading.finish, io.redact ?? redactFamilies, 32),
      done: isDone,
      answer: null,
    },
    costUsd: spentBy(call, question, { isRefused: error !== null && !hasTokens, isWhole: isDone }),
  });
  observation.timing = { ...observation.timing, ...tokenTimes(call) };
  return observation;
}

function spentBy(
  { look, reader: { reading } }: Call,
  { watched, prompt, maxTokens }: Question,
  how: { isRefused: boolean; isWhole: boolean },
): number | null {
  const isSent = phases.indexOf(look.reached) >= phases.indexOf('sent');
  const { usage, outputChars } = reading;
  const spent = { usage, outputChars, promptChars: prompt.length, maxTokens, isSent, ...how };
  return costOf(spent, watched.price, watched.priceUsd);
}
