import type { Seen } from '#lib/core/plan.ts';
import type { Missed, Settlement, ToDeciding, Want } from './messages.ts';

/** Letters to the deciding thread: the first of a quiet moment goes soon, what comes meanwhile goes with it. */

const togetherMs = 4;

export interface Postbox {
  seen(seen: Seen): void;
  missed(missed: Missed): void;
  settled(settlement: Settlement): void;
  want(want: Want): void;
  flush(): void;
}

export function createPostbox(post: (message: ToDeciding) => void): Postbox {
  let seen: Seen[] = [];
  let missed: Missed[] = [];
  let settled: Settlement[] = [];
  let wants: Want[] = [];
  let timer: NodeJS.Timeout | null = null;

  const flush = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    // What was spent is told before what is wanted: a cap must see it first.
    if (seen.length + missed.length + settled.length > 0) post({ type: 'seen', seen, missed, settled });
    if (wants.length > 0) post({ type: 'want', wants });
    seen = [];
    missed = [];
    settled = [];
    wants = [];
  };
  const soon = () => {
    timer ??= setTimeout(flush, togetherMs);
  };
  return {
    seen(one) {
      seen.push(one);
      soon();
    },
    missed(one) {
      missed.push(one);
      soon();
    },
    settled(one) {
      settled.push(one);
      soon();
    },
    want(one) {
      wants.push(one);
      soon();
    },
    flush,
  };
}
