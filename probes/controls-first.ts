import { hasReached } from '#lib/core/observation.ts';
import type { LoopClock } from './clock.ts';
import type { Run } from './plan-of-target.ts';
import type { Looked } from './runner.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * Our own network is asked first: after a sleep nothing is looked at until a control has answered (a minute at most),
 * and a failure elsewhere brings the controls forward, so that nobody is blamed while we are blind.
 */

const graceMs = 60_000;
const freshMs = 1_500;

export function createControlsFirst(io: { clock: LoopClock; scheduler: Scheduler }) {
  let lastBeganMs = Number.NEGATIVE_INFINITY;

  const controlKeys = () =>
    [...io.scheduler.targets.values()].filter((p) => p.watched.probe === 'control').map((p) => p.watched.key);

  const askControls = (reason: string, keys = controlKeys(), notBeforeMs = io.clock.nowMs()) => {
    io.scheduler.ask(
      keys.map((targetKey) => ({
        targetKey,
        why: 'neighbour' as const,
        notBeforeMs,
        everyMs: null,
        untilMs: null,
        reason,
      })),
    );
  };

  return {
    /** A restart does not wait for its next slot: what was seen by the one that ended says nothing of now. */
    started(lastSeenAt: ReadonlyMap<string, number>): void {
      const nowMs = io.clock.nowMs();
      const isWaiting = (key: string) =>
        nowMs - (lastSeenAt.get(key) ?? 0) < (io.scheduler.targets.get(key)?.watched.everyMs ?? 0);
      const waiting = controlKeys().filter(isWaiting);
      // What was looked at just now is looked at once it would count as a look of its own.
      const lastMs = Math.max(...waiting.map((key) => lastSeenAt.get(key) ?? 0));
      const notBeforeMs = Math.max(nowMs, lastMs + freshMs + 100);
      if (waiting.length > 0) askControls('the worker began', waiting, notBeforeMs);
    },
    began(run: Run): void {
      if (run.watched.probe === 'control') lastBeganMs = io.clock.monoMs();
    },
    ended(run: Run, looked: Looked): void {
      const { observation, localError } = looked;
      if (run.watched.probe === 'control') {
        if (hasReached(observation, 'headers') && io.scheduler.isHeld()) io.scheduler.release();
        return;
      }
      const isFailure = observation.fault !== null || (observation.status ?? 0) >= 500;
      if (!isFailure || localError || io.clock.monoMs() - lastBeganMs < freshMs) return;
      askControls('a look elsewhere failed');
    },
    hold(): void {
      if (controlKeys().length === 0) return;
      io.scheduler.hold(io.clock.nowMs() + graceMs);
    },
  };
}
