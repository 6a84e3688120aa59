import type { Outbox } from '#lib/store.ts';

type Done = Parameters<Outbox['markAllDone']>[0][number];

/** Collects what was sent for a few milliseconds and marks it in one transaction. */
export interface Marker {
  /** Resolves once it is written; rejects when the store refuses, and the lease then runs out by itself. */
  done(items: Done[]): Promise<void>;
  flush(): void;
}

const restMs = 5;
const most = 100;

export function createMarker(outbox: Outbox, by: string, nowMs: () => number): Marker {
  let waiting: { items: Done[]; go: () => void; fail: (cause: unknown) => void }[] = [];
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      outbox.markAllDone(
        batch.flatMap((one) => one.items),
        by,
        nowMs(),
      );
      for (const one of batch) one.go();
    } catch (cause) {
      for (const one of batch) one.fail(cause);
    }
  }

  return {
    flush,
    done: (items) =>
      new Promise((go, fail) => {
        waiting.push({ items, go, fail });
        if (waiting.length >= most) flush();
        else timer ??= setTimeout(flush, restMs);
      }),
  };
}
