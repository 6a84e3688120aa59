import type { OutcomeClass } from '#lib/core/outcome-words.ts';

/** Of errors that people paste, only kind and minute are counted; an hour of it, in memory. */
export interface Pasted {
  count(outcomeClass: OutcomeClass, nowMs: number): void;
  /** Kinds pasted within the last hour, with how often. */
  lastHour(nowMs: number): Map<OutcomeClass, number>;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;

export function createPasted(): Pasted {
  const minutes = new Map<number, Map<OutcomeClass, number>>();
  return {
    count(outcomeClass, nowMs) {
      const minute = Math.floor(nowMs / minuteMs);
      for (const old of minutes.keys()) if ((minute - old) * minuteMs > hourMs) minutes.delete(old);
      const here = minutes.get(minute) ?? new Map<OutcomeClass, number>();
      here.set(outcomeClass, (here.get(outcomeClass) ?? 0) + 1);
      minutes.set(minute, here);
    },
    lastHour(nowMs) {
      const sums = new Map<OutcomeClass, number>();
      for (const [minute, classes] of minutes) {
        if (nowMs - minute * minuteMs > hourMs) continue;
        for (const [outcomeClass, times] of classes)
          sums.set(outcomeClass, (sums.get(outcomeClass) ?? 0) + times);
      }
      return sums;
    },
  };
}
