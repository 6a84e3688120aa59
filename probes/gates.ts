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
  const waitingOf = new Map<string, number>();
  let total = 0;
  let firstUntilMs = Number.POSITIVE_INFINITY;

  const hasRoom = (p: Passage) =>
    total < limits.total &&
    (providers.get(p.provider) ?? 0) < limits.perProvider &&
    (origins.get(p.origin) ?? 0) < limits.perOrigin;

  const take = (p: Passage, by: 1 | -1) => {
    total += by;
    count(providers, p.provider, by);
    count(origins, p.origin, by);
  };

  /** Somebody left: room is only where he was. Without that a long queue would be gone through whole at every end. */
  const admit = (left: Passage, wasFull: boolean) => {
    const freed = { provider: waitingOf.has(left.provider), origin: true };
    const admitted: Waiting[] = [];
    for (let i = 0; i < waiting.length && total < limits.total; ) {
      const w = waiting[i] as Waiting;
      const isSameProvider = freed.provider && w.passage.provider === left.provider;
      const isSameOrigin = freed.origin && w.passage.origin === left.origin;
      if (!(wasFull || isSameProvider || isSameOrigin) || !hasRoom(w.passage)) {
        i += 1;
        continue;
      }
      take(w.passage, 1);
      waiting.splice(i, 1);
      count(waitingOf, w.passage.provider, -1);
      admitted.push(w);
      if (isSameProvider) freed.provider = false;
      if (isSameOrigin) freed.origin = false;
      if (!wasFull && !freed.provider && !freed.origin) break;
    }
    for (const w of admitted) w.go();
  };

  return {
    enter(passage, untilMs, go, tooLate) {
      if (!hasRoom(passage)) {
        waiting.push({ passage, untilMs, go, tooLate });
        count(waitingOf, passage.provider, 1);
        firstUntilMs = Math.min(firstUntilMs, untilMs);
        return;
      }
      take(passage, 1);
      go();
    },
    leave(passage) {
      const wasFull = total >= limits.total;
      take(passage, -1);
      if (waiting.length > 0) admit(passage, wasFull);
    },
    expire(nowMs) {
      if (nowMs < firstUntilMs) return;
      const late = waiting.filter((w) => w.untilMs <= nowMs);
      waiting = waiting.filter((w) => w.untilMs > nowMs);
      for (const w of late) count(waitingOf, w.passage.provider, -1);
      firstUntilMs = waiting.reduce((first, w) => Math.min(first, w.untilMs), Number.POSITIVE_INFINITY);
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
