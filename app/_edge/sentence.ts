import { type Answer, answerOf } from '#app/_data/answer.ts';
import { readFresh } from '#app/_data/fresh.ts';
import type { Incident } from '#lib/core/plan.ts';
import { overallSentence } from '#lib/core/sentence.ts';
import type { Edge } from './edge.ts';

/** The first line of the page, for everything else that answers in a sentence: the same words everywhere. */
export function answerNow(edge: Edge): { answer: Answer; sentence: string; incidents: Incident[] } {
  const { settings, live, nowMs } = edge;
  const now = nowMs();
  const fresh = readFresh({ settings, facts: live.facts(), nowMs: now });
  const answer = answerOf(fresh, now);
  const sentence =
    fresh.freshness === 'never' ? 'Nothing has been checked yet.' : overallSentence(answer.overall);
  return { answer, sentence, incidents: fresh.incidents };
}
