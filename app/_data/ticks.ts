import { classFacts } from '#lib/core/outcome-class.ts';
import { type OutcomeClass, outcomeClasses } from '#lib/core/outcome-words.ts';
import type { StoredLook } from '#lib/store.ts';

/** One check in a row of checks: how it went, when, and how long until the first word. */
export interface Tick {
  atMs: number;
  result: 'good' | 'bad' | 'limited' | 'neutral';
  class: OutcomeClass;
  firstTokenMs: number | null;
}

export function resultOf(outcome: string): Tick['result'] {
  return classFacts[classOf(outcome)].weight;
}

export function classOf(outcome: string): OutcomeClass {
  return outcomeClasses.find((name) => name === outcome) ?? 'unknown_error';
}

export function tickOf(look: StoredLook): Tick {
  return {
    atMs: look.observation.atMs,
    result: resultOf(look.outcome),
    class: classOf(look.outcome),
    firstTokenMs: look.observation.timing.firstTokenMs,
  };
}
