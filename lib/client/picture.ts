import type { Decision, Freshness, Snapshot } from './feed-types.ts';

const staleMs = 300_000;
const holdMs = 120_000;
const futureMs = 60_000;
const readmitMs = 10_000;
const longAgo = Number.NEGATIVE_INFINITY;
const ramp: [number, number][] = [
  [60_000, 100],
  [30_000, 50],
  [15_000, 25],
  [0, 10],
];

interface Held extends Decision {
  /** Monotonic instant from which a closed target is taken back, each reader at another. */
  backAtMs: number;
}

export type Standing =
  | { is: 'in'; weight: number }
  /** Gets a few requests only, to see whether it works again. */
  | { is: 'trial' }
  | { is: 'out'; untilMs: number };

/** What the feed has said, and what of it still counts. Time is monotonic; the server's clock is only ever compared with itself. */
export class Picture {
  epoch = '';
  seq = -1;
  pollAfterMs = 10_000;
  chains = new Map<string, string[]>();
  #held = new Map<string, Held>();
  #validUntilMs = longAgo;
  /** Server time minus monotonic time. */
  #offsetMs = 0;
  #isDoubtful = false;
  #monoMs: () => number;
  #random: () => number;

  constructor(monoMs: () => number, random: () => number) {
    this.#monoMs = monoMs;
    this.#random = random;
  }

  /** `Date` + `Age` of an answer: the only clock that is trusted. */
  setServerTime(date: string | null, age: string | null): void {
    const ms = Date.parse(date ?? '');
    if (ms > 0) this.#offsetMs = ms + (Number(age) || 0) * 1000 - this.#monoMs();
  }

  freshness(): Freshness {
    if (this.epoch === '') return 'none';
    const overMs = this.#monoMs() - this.#validUntilMs;
    if (overMs > staleMs) return 'expired';
    return overMs > 0 || this.#isDoubtful ? 'stale' : 'fresh';
  }

  /** False: it was old, or from the future, and nothing of it was taken. */
  take(snapshot: Snapshot): boolean {
    const isOld = snapshot.epoch === this.epoch && snapshot.seq < this.seq;
    const generatedMs = Date.parse(snapshot.generated_at) - this.#offsetMs;
    if (isOld || generatedMs > this.#monoMs() + futureMs) return false;
    this.renew(snapshot);
    this.epoch = snapshot.epoch;
    this.seq = snapshot.seq;
    this.pollAfterMs = (snapshot.poll_after_s ?? 10) * 1000;
    this.chains = new Map((snapshot.chains ?? []).map((c) => [c.id, c.targets]));
    const ids = new Set(snapshot.targets.map((t) => t.id));
    for (const id of this.#held.keys()) if (!ids.has(id)) this.#held.delete(id);
    for (const target of snapshot.targets) this.#hold(target);
    return true;
  }

  /** One complete target of the stream; false when it is not newer than what is held. */
  change(epoch: string, seq: number, target: Decision): boolean {
    if (epoch !== this.epoch || seq <= this.seq) return false;
    this.seq = seq;
    this.#hold(target);
    return true;
  }

  remove(epoch: string, seq: number, id: string): void {
    if (epoch !== this.epoch || seq <= this.seq) return;
    this.seq = seq;
    this.#held.delete(id);
  }

  /** Heartbeat, snapshot, or the headers of a 304. */
  renew(news: { valid_until?: string | null; guard?: { state?: string }; self?: { status?: string } }): void {
    const validMs = Date.parse(news.valid_until ?? '');
    if (validMs > 0) this.#validUntilMs = validMs - this.#offsetMs;
    const { guard, self } = news;
    if (guard || self) this.#isDoubtful = self?.status === 'blind' || (guard?.state ?? 'normal') !== 'normal';
  }

  #hold(target: Decision): void {
    const before = this.#held.get(target.id);
    const wasOut = before !== undefined && before.circuit.state !== 'closed';
    const isClosed = target.circuit.state !== 'open' && target.circuit.state !== 'half_open';
    const backAtMs =
      isClosed && wasOut
        ? this.#monoMs() + this.#random() * readmitMs
        : isClosed
          ? (before?.backAtMs ?? longAgo)
          : 0;
    // While the feed doubts itself it may close, but opens nothing new and moves no weight.
    const isHeldBack = this.#isDoubtful && (!isClosed || !wasOut);
    if (isHeldBack && before) return;
    if (isHeldBack)
      this.#held.set(target.id, {
        ...target,
        circuit: { state: 'closed', retry_at: null },
        advice: { action: 'use', weight: 100 },
        backAtMs: longAgo,
      });
    else this.#held.set(target.id, { ...target, backAtMs });
  }

  groups(id: string): string[] {
    return this.#held.get(id)?.groups ?? [];
  }

  /** A fresh feed that is not content with a target: one local failure is then enough. */
  isDoubted(id: string): boolean {
    const held = this.#held.get(id);
    return (
      this.freshness() === 'fresh' &&
      held !== undefined &&
      (held.advice.action !== 'use' ||
        held.circuit.state !== 'closed' ||
        held.state === 'degraded' ||
        held.state === 'down')
    );
  }

  standing(id: string): Standing {
    const held = this.#held.get(id);
    const freshness = this.freshness();
    if (!held || freshness === 'none' || freshness === 'expired') return { is: 'in', weight: 100 };
    const nowMs = this.#monoMs();
    const { circuit, advice } = held;
    if (circuit.state === 'half_open') return { is: 'trial' };
    if (circuit.state === 'open' && advice.action !== 'last_resort') {
      const retryMs =
        circuit.retry_at === null ? Number.POSITIVE_INFINITY : Date.parse(circuit.retry_at) - this.#offsetMs;
      // A stale feed keeps what it has opened for a bounded time only; a fresh one decides by itself.
      const untilMs = freshness === 'stale' ? Math.min(retryMs, this.#validUntilMs + holdMs) : retryMs;
      return freshness === 'stale' && nowMs >= untilMs ? { is: 'trial' } : { is: 'out', untilMs };
    }
    const sinceMs = nowMs - held.backAtMs;
    if (sinceMs < 0) return { is: 'out', untilMs: held.backAtMs };
    const rampWeight = ramp.find(([afterMs]) => sinceMs >= afterMs)?.[1] ?? 100;
    return {
      is: 'in',
      weight: Math.max(1, Math.min(rampWeight, Number.isFinite(advice.weight) ? advice.weight : 100)),
    };
  }
}
