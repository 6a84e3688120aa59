import { hostname } from 'node:os';
import type { Store } from '#lib/store.ts';

/** One worker only: a lease in the store, renewed with every beat. Freshness of everything published hangs on the beat. */

export const beatEveryMs = 2_500;
export const leaseMs = 10_000;
const ownerNote = 'lease.owner';
/** Workers of this very process: an owner with our number that is not among them is long gone. */
const bootsHere = new Set<string>();

export interface Leadership {
  /** Takes or renews the lease; false: another worker has it. */
  renew(): boolean;
  /** False when we slept so long that another may have taken over and we could not get it back. */
  holds(): boolean;
  beat(facts: Record<string, unknown>): void;
  release(): void;
}

export interface LeadershipIo {
  store: Store;
  vantage: string;
  bootId: string;
  nowMs(): number;
  monoMs(): number;
  pid?: number;
  isAlive?: (pid: number) => boolean;
}

export function createLeadership(io: LeadershipIo): Leadership {
  const pid = io.pid ?? process.pid;
  const by = `${hostname()}|${pid}|${io.bootId}`;
  const startedAtMs = io.nowMs();
  bootsHere.add(by);
  let renewedMono = Number.NEGATIVE_INFINITY;

  const take = (): boolean => {
    if (!io.store.upkeep.lease(by, io.nowMs(), leaseMs)) return false;
    renewedMono = io.monoMs();
    return true;
  };

  /** A dead worker of this machine needs no patience: its lease is given back for it. */
  const buryDead = (): boolean => {
    const owner = io.store.upkeep.noted(ownerNote);
    const [host, ownerPid] = owner?.split('|') ?? [];
    if (!owner || host !== hostname() || !ownerPid) return false;
    const isDead =
      Number(ownerPid) === pid ? !bootsHere.has(owner) : !(io.isAlive ?? isAlive)(Number(ownerPid));
    if (isDead) io.store.upkeep.lease(owner, io.nowMs(), 0);
    return isDead;
  };

  return {
    renew() {
      if (take() || (buryDead() && take())) {
        if (io.store.upkeep.noted(ownerNote) !== by) io.store.upkeep.note(ownerNote, by);
        return true;
      }
      renewedMono = Number.NEGATIVE_INFINITY;
      return false;
    },
    holds() {
      return io.monoMs() - renewedMono < leaseMs || take();
    },
    beat(facts) {
      io.store.upkeep.beat({ atMs: io.nowMs(), startedAtMs, vantage: io.vantage, facts });
    },
    release() {
      bootsHere.delete(by);
      io.store.upkeep.lease(by, io.nowMs(), 0);
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
