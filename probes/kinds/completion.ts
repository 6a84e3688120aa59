import { dialectOf } from '../dialects/table.ts';
import type { Probe } from '../probe.ts';
import { callDialect } from './call.ts';
import { generationOf, isThinking, quoteOf } from './call-facts.ts';
import { observeCall } from './call-observation.ts';
import { limitsOf } from './limits.ts';
import { createSum, judgeAnswer } from './question.ts';
import { readyKey } from './ready-key.ts';

/** A real streamed call with its whole life timed. */
export const completion: Probe = async (configured, io) => {
  const ready = await readyKey(configured, io);
  if ('observation' in ready) return ready;
  const { watched, key } = ready;
  const dialect = dialectOf(watched.dialect, watched.target.api);
  if (!dialect) throw new Error(`no dialect called ${watched.dialect}`);
  const { prompt, answer } = createSum(io.random);
  const { clock } = io;
  const { maxTokens } = watched;
  const question = { watched, key, prompt, maxTokens, isStreamed: true, nowMs: clock.nowMs() };
  const call = await callDialect(dialect, question, io);
  const observation = observeCall(call, question, io);
  if (observation.output && observation.error === null && dialect.hasAnswer !== false) {
    const { text, finish } = call.reader.reading;
    observation.output.answer = judgeAnswer(answer, { text, finish, hasReasoning: isThinking(call) });
  }
  const found = [
    generationOf(call, watched, observation, io),
    limitsOf(call, watched, observation),
    quoteOf(call, observation, io),
  ].filter((one) => one !== null);
  return found.length > 0 ? { observation, found } : { observation };
};
