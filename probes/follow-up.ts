import type { Http } from '#lib/http.ts';
import type { Redact } from '#lib/redact.ts';
import { type Generation, readGenerationRecord } from './generation-record.ts';
import type { Run } from './plan-of-target.ts';
import type { Looked } from './runner.ts';

/**
 * A call whose answer does not say what it cost, or that broke on the way, is looked up by its id some seconds later,
 * because its record is written late. Until then its reservation stands. Costs nothing, and is asked for seldom.
 */

export interface FollowUpIo {
  http: Http;
  redact: Redact;
  keyOf(keyName: string | null): string | null;
  /** What the record says, or null when there is none to be had: then the look's own word holds. */
  done(run: Run, looked: Looked, record: Generation | null): void;
}

export interface FollowUps {
  /** True when the look is followed up, and `done` will be called. */
  take(run: Run, looked: Looked): boolean;
  /** Nothing more is asked; what waits is done at once. */
  stop(): void;
}

export const followUpAfterMs = [8_000, 16_000, 30_000] as const;
const mostAtOnce = 8;

export function createFollowUps(io: FollowUpIo, afterMs: readonly number[] = followUpAfterMs): FollowUps {
  const waiting = new Map<Run, { looked: Looked; timer: NodeJS.Timeout }>();
  let isStopped = false;

  const end = (run: Run, record: Generation | null): void => {
    const entry = waiting.get(run);
    if (!entry) return;
    waiting.delete(run);
    clearTimeout(entry.timer);
    io.done(run, entry.looked, record);
  };

  const wait = (run: Run, looked: Looked, generation: Generation, n: number): void => {
    const delayMs = (afterMs[n] ?? 0) - (afterMs[n - 1] ?? 0);
    const timer = setTimeout(() => void ask(run, looked, generation, n), delayMs);
    waiting.set(run, { looked, timer });
  };

  const ask = async (run: Run, looked: Looked, generation: Generation, n: number): Promise<void> => {
    const key = io.keyOf(run.watched.keyName);
    const record =
      key === null
        ? null
        : await readGenerationRecord(generation, run.watched, { ...io, key }).catch(() => null);
    if (isStopped || !waiting.has(run)) return;
    if (record || key === null || n + 1 >= afterMs.length) end(run, record);
    else wait(run, looked, generation, n + 1);
  };

  return {
    take(run, looked) {
      const generation = looked.found.find((one) => one.kind === 'generation');
      const isOurs = run.watched.options.isOpenRouter === true && generation !== undefined;
      if (!isOurs || !generation.isDoubtful || isStopped || waiting.size >= mostAtOnce) return false;
      wait(run, looked, generation, 0);
      return true;
    },
    stop() {
      isStopped = true;
      for (const run of [...waiting.keys()]) end(run, null);
    },
  };
}
