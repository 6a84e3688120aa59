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

/** One timer at a time, moved on from stage to stage; the total deadline lies under all of them. */
export function createStop(hop: Hop, state: HopState): Stop {
  const { limits, shared, startedMonoMs, request } = hop;
  let reject: (fault: LookFault) => void = () => {};
  const stopped = new Promise<never>((_, no) => {
    reject = no;
  });
  stopped.catch(() => {});
  const stop = (fault: LookFault) => {
    state.marks.stopped ??= fault;
    state.fault ??= fault;
    reject(fault);
    state.marks.socket?.destroy(fault);
  };
  let stage: Stage = 'connect';
  let timer: NodeJS.Timeout | undefined;
  const dueMonoMs = (): number => {
    const total = startedMonoMs + limits.totalMs;
    if (stage === 'connect') return Math.min(total, startedMonoMs + limits.connectMs);
    if (stage === 'response') return Math.min(total, startedMonoMs + limits.firstByteMs);
    return Math.min(total, (state.lastByteMonoMs ?? shared.monoMs()) + limits.idleMs);
  };
  const arm = () => {
    clearTimeout(timer);
    timer = setTimeout(onTimer, Math.max(1, dueMonoMs() - shared.monoMs()));
  };
  const onTimer = () => {
    // The body's silence is measured from its last byte: a timer set earlier may be early.
    if (dueMonoMs() - shared.monoMs() > 1) return arm();
    const isTotal = shared.monoMs() - startedMonoMs >= limits.totalMs - 1;
    const code = isTotal ? 'TOTAL_TIMEOUT' : `${stage.toUpperCase()}_TIMEOUT`;
    stop(new LookFault('timeout', code, `nothing more within our own limit (${code})`));
  };
  const onAbort = () => stop(new LookFault('aborted', 'ABORTED', 'the look was called off'));
  request.signal?.addEventListener('abort', onAbort, { once: true });
  arm();
  return {
    stopped,
    stop,
    enter: (next) => {
      stage = next;
      arm();
    },
    check: () => {
      if (request.signal?.aborted) onAbort();
      if (state.fault) throw state.fault;
    },
    end: () => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    },
  };
}
