/** How many looks may be under way: per provider, per address, and in all. Who does not fit waits its turn, in order. */

export interface GateLimits {
  perProvider: number;
  perOrigin: number;
  total: number;
}

export const defaultGateLimits: GateLimits = { perProvider: 16, perOrigin: 128, total: 512 };

export interface Passage {
  provider: string;
  origin: string;
}

interface Waiting {
  passage: Passage;
  untilMs: number;
  go: () => void;
  tooLate: () => void;
}

export interface Gates {
  /** Runs `go` now or when there is room; `tooLate` if there was none until then. */
  enter(passage: Passage, untilMs: number, go: () => void, tooLate: () => void): void;
  leave(passage: Passage): void;
  expire(nowMs: number): void;
  inFlight(): number;
  queued(): number;
}

export function createGates(limits: GateLimits = defaultGateLimits): Gates {
  const providers = new Map<string, number>();
  const origins = new Map<string, number>();
  let waiting: Waiting[] = [];
  let total = 0;

  const hasRoom = (p: Passage) =>
    total < limits.total &&
    (providers.get(p.provider) ?? 0) < limits.perProvider &&
    (origins.get(p.origin) ?? 0) < limits.perOrigin;

  const take = (p: Passage, by: 1 | -1) => {
    total += by;
    count(providers, p.provider, by);
    count(origins, p.origin, by);
  };

  const admit = () => {
    if (waiting.length === 0) return;
    const admitted: Waiting[] = [];
    waiting = waiting.filter((w) => {
      if (!hasRoom(w.passage)) return true;
      take(w.passage, 1);
      admitted.push(w);
      return false;
    });
    for (const w of admitted) w.go();
  };

  return {
    enter(passage, untilMs, go, tooLate) {
      if (!hasRoom(passage)) {
        waiting.push({ passage, untilMs, go, tooLate });
        return;
      }
      take(passage, 1);
      go();
    },
    leave(passage) {
      take(passage, -1);
      admit();
    },
    expire(nowMs) {
      const late = waiting.filter((w) => w.untilMs <= nowMs);
      if (late.length === 0) return;
      waiting = waiting.filter((w) => w.untilMs > nowMs);
      for (const w of late) w.tooLate();
    },
    inFlight: () => total,
    queued: () => waiting.length,
  };
}

function count(map: Map<string, number>, key: string, by: number): void {
  const next = (map.get(key) ?? 0) + by;
  if (next <= 0) map.delete(key);
  else map.set(key, next);
}
