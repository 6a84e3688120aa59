import type { Want } from './messages.ts';

/**
 * The looking thread's side of the ledger. Every paid look is reserved before it is made; the answer comes from the
 * other thread, so it is asked for ahead of the slot, and a look that is due earlier waits for it.
 */

export interface Grants {
  ask(targetKey: string, atMs: number, purpose: Want['purpose']): string;
  /** The look is due: `go` as soon as it is granted, `refuse` if it is not. */
  use(id: string, untilMs: number, go: () => void, refuse: (reason: string) => void): void;
  /** The look will not be made: the reservation goes back. */
  giveBack(id: string): void;
  answer(granted: string[], refused: { id: string; reason: string }[]): void;
  expire(nowMs: number): void;
}

interface Reservation {
  state: 'asked' | 'granted' | 'refused' | 'abandoned';
  reason: string;
  use: { untilMs: number; go: () => void; refuse: (reason: string) => void } | null;
}

export function createGrants(io: {
  newId(): string;
  want(want: Want): void;
  release(id: string): void;
}): Grants {
  const open = new Map<string, Reservation>();
  return {
    ask(targetKey, atMs, purpose) {
      const id = io.newId();
      open.set(id, { state: 'asked', reason: '', use: null });
      io.want({ id, atMs, targetKey, purpose });
      return id;
    },
    use(id, untilMs, go, refuse) {
      const r = open.get(id);
      if (!r || r.state === 'abandoned') return refuse('budget');
      if (r.state === 'asked') {
        r.use = { untilMs, go, refuse };
        return;
      }
      open.delete(id);
      if (r.state === 'granted') go();
      else refuse(r.reason);
    },
    giveBack(id) {
      const r = open.get(id);
      if (!r) return;
      // A reservation still on its way is given back when it arrives.
      if (r.state === 'asked') {
        r.state = 'abandoned';
        r.use = null;
        return;
      }
      open.delete(id);
      if (r.state === 'granted') io.release(id);
    },
    answer(granted, refused) {
      for (const id of granted) settleAnswer(open, io.release, id, null);
      for (const { id, reason } of refused) settleAnswer(open, io.release, id, reason);
    },
    expire(nowMs) {
      for (const r of open.values()) {
        if (!r.use || r.use.untilMs > nowMs) continue;
        const { refuse } = r.use;
        r.state = 'abandoned';
        r.use = null;
        refuse('the ledger did not answer in time');
      }
    },
  };
}

function settleAnswer(
  open: Map<string, Reservation>,
  release: (id: string) => void,
  id: string,
  reason: string | null,
): void {
  const r = open.get(id);
  if (!r) {
    if (reason === null) release(id);
    return;
  }
  if (r.state === 'abandoned' || r.use) open.delete(id);
  if (r.state === 'abandoned') {
    if (reason === null) release(id);
    return;
  }
  r.state = reason === null ? 'granted' : 'refused';
  r.reason = reason ?? '';
  if (!r.use) return;
  if (reason === null) r.use.go();
  else r.use.refuse(reason);
}
