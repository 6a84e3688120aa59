import { LookFault } from './http-faults.ts';
import type { Hop, HopState } from './http-state.ts';

type Stage = 'connect' | 'response' | 'body';

export interface Stop {
  /** Rejects with whatever ended the look early. */
  stopped: Promise<never>;
  stop(fault: LookFault): void;
  enter(stage: Stage): void;
  check(): void;
  end(): void;
}

/** When the stage has lasted too long; the total deadline lies under all of them. */
function dueMonoMs({ limits, shared, startedMonoMs }: Hop, state: HopState, stage: Stage): number {
  const total = startedMonoMs + limits.totalMs;
  if (stage === 'connect') return Math.min(total, startedMonoMs + limits.connectMs);
  if (stage === 'response') return Math.min(total, startedMonoMs + limits.firstByteMs);
  return Math.min(total, (state.lastByteMonoMs ?? shared.monoMs()) + limits.idleMs);
}

function timeoutFault({ limits, shared, startedMonoMs }: Hop, stage: Stage): LookFault {
  const isTotal = shared.monoMs() - startedMonoMs >= limits.totalMs - 1;
  const code = isTotal ? 'TOTAL_TIMEOUT' : `${stage.toUpperCase()}_TIMEOUT`;
  return new LookFault('timeout', code, `nothing more within our own limit (${code})`);
}

/** One timer at a time, moved on from stage to stage. */
export function createStop(hop: Hop, state: HopState): Stop {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  stopped.catch(() => {});
  const stop = (fault: LookFault) => {
    state.marks.stopped ??= fault;
    state.fault ??= fault;
    reject(fault);
    state.marks.socket?.destroy(fault);
  };
  let stage: Stage = 'connect';
  let timer: NodeJS.Timeout | undefined;
  const leftMs = () => dueMonoMs(hop, state, stage) - hop.shared.monoMs();
  const arm = () => {
    clearTimeout(timer);
    // The body's silence is measured from its last byte: a timer set earlier may be early.
    timer = setTimeout(() => (leftMs() > 1 ? arm() : stop(timeoutFault(hop, stage))), Math.max(1, leftMs()));
  };
  const { signal } = hop.request;
  const onAbort = () => stop(new LookFault('aborted', 'ABORTED', 'the look was called off'));
  signal?.addEventListener('abort', onAbort, { once: true });
  arm();
  return {
    stopped,
    stop,
    enter: (next) => {
      stage = next;
      arm();
    },
    check: () => {
      if (signal?.aborted) onAbort();
      if (state.fault) throw state.fault;
    },
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
