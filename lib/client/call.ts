import { pause } from './follow.ts';

/** What a call is given: where to go, how long it may take, and a way to say that the answer has begun. */
export interface Attempt {
  signal: AbortSignal;
  timeoutMs: number;
  /** 1 for the first. */
  number: number;
  /** The first token is there: from now on nothing is tried again. `true`: the answer outlives the attempt, and who reads it says `end`. */
  started(isLasting?: boolean): void;
}

export interface CallOptions {
  attempts?: number;
  signal?: AbortSignal;
  /** A second attempt beside a slow first one, at a target that shares no group with it. */
  hedge?: boolean;
}

export interface CallRoom {
  ids: readonly string[];
  order(ids: readonly string[]): string[];
  begin(id: string): void;
  end(id: string, result: { ok: boolean; isOurs?: boolean; retryAfterMs?: number | null }): void;
  groups(id: string): string[];
  timings: Timings;
  budget: RetryBudget;
  random: () => number;
  monoMs: () => number;
}

const mostAttempts = 3;
const firstWaitMs = 250;
const longestWaitMs = 10_000;

/** How long answers took to begin, per target: for time limits only. It must not steer. */
export class Timings {
  #ms = new Map<string, number[]>();

  add(id: string, ms: number): void {
    const list = this.#ms.get(id) ?? [];
    list.push(ms);
    if (list.length > 200) list.shift();
    this.#ms.set(id, list);
  }

  quantile(id: string, q: number): number | null {
    const list = this.#ms.get(id);
    if (!list || list.length < 5) return null;
    const sorted = [...list].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? null;
  }

  timeoutMs(id: string): number {
    const p99 = this.quantile(id, 0.99);
    return p99 === null ? 30_000 : Math.min(30_000, Math.max(15_000, 3 * p99));
  }
}

/** Retries are a share of the traffic: a storm of them makes an outage worse. */
export class RetryBudget {
  #left = 10;
  earn(): void {
    this.#left = Math.min(10, this.#left + 0.2);
  }
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

export function statusOf(error: unknown): number | null {
  const e = error as { status?: unknown; statusCode?: unknown; response?: { status?: unknown } } | null;
  const status = e?.status ?? e?.statusCode ?? e?.response?.status;
  return typeof status === 'number' ? status : null;
}

/** Seconds or a date, from wherever a library keeps its headers. */
export function retryAfterOf(error: unknown): number | null {
  const e = error as {
    retryAfterMs?: unknown;
    headers?: unknown;
    responseHeaders?: unknown;
    response?: { headers?: unknown };
  } | null;
  if (typeof e?.retryAfterMs === 'number') return e.retryAfterMs;
  const headers = (e?.responseHeaders ?? e?.headers ?? e?.response?.headers) as
    | Headers
    | Record<string, string>
    | undefined;
  const text = headers instanceof Headers ? headers.get('retry-after') : headers?.['retry-after'];
  if (!text) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return ms > 0 ? Math.min(ms, 3_600_000) : null;
}

export async function callThrough<T>(
  ids: readonly string[],
  fn: (id: string, attempt: Attempt) => Promise<T>,
  room: CallRoom,
  options: CallOptions = {},
): Promise<T> {
  const most = Math.min(mostAttempts, options.attempts ?? mostAttempts);
  const tried: string[] = [];
  let failure: unknown = new Error('no target');
  for (let number = 1; number <= most; number += 1) {
    const order = room.order(ids);
    const id = order.find((one) => !tried.includes(one)) ?? order[0];
    if (id === undefined) throw failure;
    tried.push(id);
    const state = { hasStarted: false };
    try {
      const result = await oneAttempt(id, number, fn, room, options, state);
      room.budget.earn();
      return result;
    } catch (error) {
      failure = error;
      const status = statusOf(error);
      const isOurs = status !== null && status >= 400 && status < 500 && status !== 429;
      if (state.hasStarted || isOurs || options.signal?.aborted || number === most || !room.budget.spend())
        throw error;
      const isElsewhere = order.some((one) => !tried.includes(one));
      const backOffMs = firstWaitMs * 2 ** (number - 1) * (0.5 + room.random());
      // Somebody else need not wait for what this one asked.
      const waitMs = isElsewhere ? backOffMs : Math.max(backOffMs, retryAfterOf(error) ?? 0);
      if (waitMs > longestWaitMs) throw error;
      await pause(waitMs, options.signal ?? new AbortController().signal);
    }
  }
  throw failure;
}

async function oneAttempt<T>(
  id: string,
  number: number,
  fn: (id: string, attempt: Attempt) => Promise<T>,
  room: CallRoom,
  options: CallOptions,
  state: { hasStarted: boolean },
): Promise<T> {
  const losers = new AbortController();
  const run = (one: string) =>
    measured(one, number, fn, room, [losers.signal, ...(options.signal ? [options.signal] : [])], state);
  const first = run(id);
  const afterMs = options.hedge ? room.timings.quantile(id, 0.95) : null;
  const groups = room.groups(id);
  try {
    if (afterMs === null) return await first;
    const isSlow = await Promise.race([
      first.then(
        () => false,
        () => false,
      ),
      pause(afterMs, losers.signal).then(() => true),
    ]);
    const other =
      isSlow && !state.hasStarted
        ? room.order(
            room.ids.filter((one) => one !== id && !room.groups(one).some((g) => groups.includes(g))),
          )[0]
        : undefined;
    return other === undefined || !room.budget.spend()
      ? await first
      : await Promise.any([first, run(other)]).catch((e: AggregateError) => Promise.reject(e.errors[0]));
  } finally {
    losers.abort();
  }
}

async function measured<T>(
  id: string,
  number: number,
  fn: (id: string, attempt: Attempt) => Promise<T>,
  room: CallRoom,
  signals: AbortSignal[],
  state: { hasStarted: boolean },
): Promise<T> {
  const timeoutMs = room.timings.timeoutMs(id);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer from ${id}`)), timeoutMs);
  const beganMs = room.monoMs();
  let isTimed = false;
  let isLasting = false;
  const started = (lasts = false) => {
    // Once it has begun it may take its time.
    clearTimeout(timer);
    state.hasStarted = true;
    isLasting = lasts;
    if (!isTimed) room.timings.add(id, room.monoMs() - beganMs);
    isTimed = true;
  };
  room.begin(id);
  try {
    const signal = AbortSignal.any([late.signal, ...signals]);
    const result = await Promise.race([
      fn(id, { signal, timeoutMs, number, started }),
      rejectOn(late.signal),
    ]);
    if (!isTimed) room.timings.add(id, room.monoMs() - beganMs);
    if (!isLasting) room.end(id, { ok: true });
    return result;
  } catch (error) {
    const status = statusOf(error);
    const isOurs = signals.some((s) => s.aborted) || (status !== null && status >= 400 && status < 500);
    room.end(id, {
      ok: false,
      isOurs,
      retryAfterMs: status === 429 || status === 503 ? retryAfterOf(error) : null,
    });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}
