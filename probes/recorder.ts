import { endedAtMs, type Observation } from '#lib/core/observation.ts';
import type { Ask, CoreEvent, Found, Plan, Seen } from '#lib/core/plan.ts';
import type { Store } from '#lib/store.ts';
import type { Core } from './core.ts';
import type { Missed } from './messages.ts';

/**
 * Looks → judgement → store: everything that came within 25 ms in one immediate transaction. A store that is locked
 * is tried again; meanwhile looks wait in a queue with an end, and what falls off it is counted.
 */

export interface RecorderIo {
  store: Store;
  core: Core;
  nowMs(): number;
  /** Decides who is told, inside the transaction. */
  address(plan: Plan): Plan;
  /** What the catalogue says now and did not say before; asked before the finding is written. */
  news(found: Found[], atMs: number): CoreEvent[];
  asks(asks: Ask[]): void;
  found(found: Found[]): void;
  /** It is written. */
  recorded(observation: Observation): void;
  /** A sentence for the operator. */
  complain(sentence: string): void;
  /** False once another worker leads: nothing may be written any more. */
  mayWrite(): boolean;
  /** Messages were put into the outbox. */
  poke(): void;
}

export interface Recorder {
  add(seen: Seen[], missed: Missed[]): void;
  advance(): void;
  /** Judges a look without storing it: what follows from it is written. */
  judge(observation: Observation): void;
  /** Writes what is left; false if it could not. */
  flush(): boolean;
  facts(): { queued: number; recorded: number; dropped: number; parked: number; lastBatchMs: number };
  stop(): void;
}

const togetherMs = 20;
const batchLimit = 400;
const queueLimit = 20_000;

export function createRecorder(io: RecorderIo): Recorder {
  let queue: Seen[] = [];
  let missed: Missed[] = [];
  let timer: NodeJS.Timeout | null = null;
  let lastFlushMs = 0;
  let failures = 0;
  const facts = { recorded: 0, dropped: 0, parked: 0, lastBatchMs: 0 };

  const write = (batch: Seen[]): void => {
    let isDecided = false;
    try {
      const plans = io.store.looks.record(batch, (o, found) => {
        isDecided = true;
        const { outcome, plan } = io.core.observe(o, found);
        const news = found.length > 0 ? io.news(found, endedAtMs(o)) : [];
        if (news.length > 0) io.core.hear?.(news);
        const whole = news.length > 0 ? { ...plan, events: [...plan.events, ...news] } : plan;
        return { outcome, plan: io.address(whole) };
      });
      isDecided = false;
      tell(plans);
      const found = batch.flatMap((one) => one.found);
      if (found.length > 0) io.found(found);
      for (const { observation } of batch) io.recorded(observation);
    } catch (cause) {
      // What was decided but not written never happened: the memory must not remember it.
      if (isDecided) io.core.restore(io.store, io.nowMs());
      throw cause;
    }
  };

  const tell = (plans: Plan[]): void => {
    const asks = plans.flatMap((plan) => plan.asks);
    if (asks.length > 0) io.asks(asks);
    if (plans.some((plan) => plan.deliveries?.length)) io.poke();
  };

  /** One look that cannot be judged or stored must not hold up the others. */
  const writeOneByOne = (batch: Seen[]): void => {
    for (const one of batch) {
      try {
        write([one]);
      } catch (cause) {
        if (isPassing(cause)) throw cause;
        facts.parked += 1;
        // The first, the tenth, the hundredth: a flood of the same sentence tells nobody more.
        if (/^10*$/.test(String(facts.parked)))
          io.complain(
            `Looks that could not be judged or stored: ${facts.parked}, last a ${one.observation.probe}: ${text(cause)}`,
          );
      }
    }
  };

  /** One batch, then a breath: after a long lock the queue is long, and the ledger must be answered meanwhile. */
  const flush = (isAll = false): boolean => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (!io.mayWrite()) {
      failures += 1;
      retry();
      return false;
    }
    const startedMs = performance.now();
    try {
      if (missed.length > 0) {
        io.store.looks.recordMissed(missed);
        missed = [];
      }
      do {
        const batch = queue.slice(0, batchLimit);
        try {
          write(batch);
        } catch (cause) {
          if (isPassing(cause)) throw cause;
          writeOneByOne(batch);
        }
        queue = queue.slice(batch.length);
        facts.recorded += batch.length;
      } while (isAll && queue.length > 0);
      failures = 0;
      if (queue.length > 0) timer = setTimeout(() => flush(), 0);
      return true;
    } catch (cause) {
      if (failures++ === 0) io.complain(`The store cannot be written and is tried again: ${text(cause)}`);
      retry();
      return false;
    } finally {
      lastFlushMs = performance.now();
      facts.lastBatchMs = Math.round((lastFlushMs - startedMs) * 10) / 10;
    }
  };

  const decideOnly = (what: string, decide: (nowMs: number) => Plan): void => {
    if (!io.mayWrite()) return;
    let isDecided = false;
    try {
      const plan = io.store.looks.advance(io.nowMs(), (nowMs) => {
        isDecided = true;
        return io.address(decide(nowMs));
      });
      isDecided = false;
      tell([plan]);
    } catch (cause) {
      if (isDecided) io.core.restore(io.store, io.nowMs());
      if (!isPassing(cause)) io.complain(`${what} could not be judged: ${text(cause)}`);
    }
  };

  const retry = (): void => {
    const dropped = queue.length - queueLimit;
    if (dropped > 0) {
      queue = queue.slice(dropped);
      facts.dropped += dropped;
    }
    if (missed.length > queueLimit) missed = missed.slice(-queueLimit);
    timer = setTimeout(
      () => flush(),
      Math.min(5_000, 50 * 2 ** Math.min(failures, 7)) * (0.5 + Math.random() / 2),
    );
  };

  return {
    add(seen, missedNow) {
      queue.push(...seen);
      missed.push(...missedNow);
      const waitMs = Math.max(0, togetherMs - (performance.now() - lastFlushMs));
      timer ??= setTimeout(() => flush(), waitMs);
    },
    advance: () => decideOnly('A second', (nowMs) => io.core.advance(nowMs)),
    judge: (observation) => decideOnly('A look', () => io.core.observe(observation, []).plan),
    flush: () => flush(true),
    facts: () => ({ queued: queue.length, ...facts }),
    stop() {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}

/** Locked, full: the same call may succeed later. */
export function isPassing(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false;
  if ('permanent' in cause && cause.permanent === false) return true;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN)/.test(code);
}

function text(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
