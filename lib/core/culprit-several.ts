import { type Hypothesis, scoreAll } from './culprit-score.ts';
import type { Tally } from './culprit-tally.ts';
import type { State } from './state.ts';

/** Two faults at once look like one that is larger, and half of what the large one covers works. */

const mostParts = 4;
/** What it costs to believe that another thing broke in the same minutes: about one in a thousand. */
const coincidence = 7;

/** The smaller culprits that together explain the failures better than the large one, or null. */
export function betterParts(state: State, tallies: Tally[], wide: Hypothesis): Hypothesis[] | null {
  const parts = partsOf(state, tallies, wide);
  if (parts.length < 2) return null;
  const together = worth(parts) - coincidence * (parts.length - 1);
  if (together <= wide.score) return null;
  // What the large one does not reach is another fault beside it, if it is the answer.
  const own = new Set(wide.tallies);
  const beside = partsOf(
    state,
    tallies.filter((tally) => !own.has(tally)),
    wide,
  );
  return together > wide.score + worth(beside) - coincidence * beside.length ? parts : null;
}

function worth(parts: readonly Hypothesis[]): number {
  return parts.reduce((sum, part) => sum + part.score, 0);
}

function partsOf(state: State, tallies: Tally[], wide: Hypothesis): Hypothesis[] {
  const parts: Hypothesis[] = [];
  let rest = tallies;
  while (parts.length < mostParts) {
    const part = scoreAll(state, rest).find((one) => isSmaller(one, wide));
    if (!part || part.bad < 3 || part.score < state.policy.alarm_evidence) break;
    parts.push(part);
    const explained = new Set(part.tallies);
    rest = rest.filter((tally) => !explained.has(tally));
  }
  return parts;
}

function isSmaller(one: Hypothesis, wide: Hypothesis): boolean {
  return one.scope.kind !== 'gateway' && one.scope.kind !== wide.scope.kind;
}
