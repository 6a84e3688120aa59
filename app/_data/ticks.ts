import { type OutcomeClass, outcomeClasses } from '#lib/core/outcome-words.ts';
import type { StoredLook } from '#lib/store.ts';

/** One check in a row of checks: how it went, when, and how long until the first word. */
export interface Tick {
  atMs: number;
  result: 'good' | 'bad' | 'limited' | 'neutral';
  class: OutcomeClass;
  firstTokenMs: number | null;
}

const good = new Set<string>(['ok', 'ok_slow', 'wrong_answer']);
const limited = new Set<string>(['limited_key', 'limited_upstream', 'limited_shared']);
/** Says nothing about the target: our own key, credit, prompt, network or process. */
const neutral = new Set<string>([
  'no_credit',
  'key_limit',
  'forbidden',
  'blocked_here',
  'region_restricted',
  'bad_request',
  'refused_moderation',
  'unauthorized',
  'unauthorized_doubtful',
  'truncated_by_us',
  'not_pinned',
  'inconclusive',
  'aborted',
]);

export function resultOf(outcome: string): Tick['result'] {
  if (good.has(outcome)) return 'good';
  if (limited.has(outcome)) return 'limited';
  return neutral.has(outcome) ? 'neutral' : 'bad';
}

export function tickOf(look: StoredLook): Tick {
  const known = outcomeClasses.find((name) => name === look.outcome);
  return {
    atMs: look.observation.atMs,
    result: resultOf(look.outcome),
    class: known ?? 'unknown_error',
    firstTokenMs: look.observation.timing.firstTokenMs,
  };
}
