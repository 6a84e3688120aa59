import { Breaker } from './breaker.ts';
import { type Attempt, type CallOptions, callThrough, RetryBudget, Timings } from './call.ts';
import type { Freshness, Surroundings } from './feed-types.ts';
import { follow } from './follow.ts';
import { orderOf } from './order.ts';
import { Picture } from './picture.ts';

export type { Attempt, CallOptions } from './call.ts';
export type { Decision, Freshness, Snapshot } from './feed-types.ts';

export interface ClientOptions extends Partial<Surroundings> {
  /** Address of Signalbox. */
  url: string;
  /** Narrows the feed: `{ model: '…' }`. */
  query?: Record<string, string>;
  /** A token, where reading needs one. */
  key?: string;
  /** false: ask only, never stream. */
  stream?: boolean;
  onChange?: () => void;
}

/** Follows a Signalbox feed and says in which order to try what. Without a feed it is a local circuit breaker. */
export class SignalboxClient {
  #options: ClientOptions;
  #around: Surroundings;
  #picture: Picture;
  #breaker: Breaker;
  #timings = new Timings();
  #budget = new RetryBudget();
  #stop: AbortController | null = null;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#around = {
      fetch: options.fetch ?? fetch,
      monoMs: options.monoMs ?? (() => performance.now()),
      random: options.random ?? Math.random,
    };
    this.#picture = new Picture(this.#around.monoMs, this.#around.random);
    this.#breaker = new Breaker(this.#around.monoMs, this.#around.random);
  }

  /** Resolves with the first picture, or after `waitMs` without one: no feed is no reason not to start. */
  async start(waitMs = 3_000): Promise<this> {
    if (this.#stop) return this;
    const stop = new AbortController();
    this.#stop = stop;
    const { url, query, key, onChange, stream } = this.#options;
    const base = url.replace(/\/+$/, '');
    const address = (path: string) => {
      const search = new URLSearchParams({
        ...query,
        ...(path.endsWith('/health') ? { view: 'routing', limit: '1000' } : {}),
      });
      return `${base}${path}${search.size > 0 ? `?${search}` : ''}`;
    };
    await new Promise<void>((done) => {
      const timer = setTimeout(done, waitMs);
      (timer as { unref?: () => void }).unref?.();
      void follow(address, this.#picture, this.#around, {
        headers: key ? { authorization: `Bearer ${key}` } : {},
        signal: stop.signal,
        canStream: stream ?? true,
        onNews: () => {
          done();
          onChange?.();
        },
      });
    });
    return this;
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
  }

  freshness(): Freshness {
    return this.#picture.freshness();
  }

  /** The position that is followed, as `epoch-seq`. */
  position(): string {
    return `${this.#picture.epoch}-${this.#picture.seq}`;
  }

  /** The ids of a chain that the feed publishes. */
  chain(name: string): string[] {
    return this.#picture.chains.get(name) ?? [];
  }

  /** All of `ids`, the first to be tried first. Never empty unless `ids` is. */
  order(ids: readonly string[]): string[] {
    return orderOf(ids, this.#picture, this.#breaker, this.#around.random);
  }

  begin(id: string): void {
    this.#breaker.begin(id);
  }

  end(id: string, result: { ok: boolean; isOurs?: boolean; retryAfterMs?: number | null }): void {
    this.#breaker.end(id, result, this.#picture.isDoubted(id));
  }

  /** Calls `fn` with one id after another until one answers (a chain's in its order, others' as `order` draws them): at most three, and none once an answer has begun. */
  call<T>(
    chain: string | readonly string[],
    fn: (id: string, attempt: Attempt) => Promise<T>,
    options?: CallOptions,
  ): Promise<T> {
    const isChain = typeof chain === 'string';
    const ids = isChain ? this.chain(chain) : chain;
    const { random } = this.#around;
    const room = {
      ids,
      order: (some: readonly string[]) =>
        orderOf(some, this.#picture, this.#breaker, random, isChain ? () => 0 : random),
      begin: (id: string) => this.begin(id),
      end: (id: string, result: { ok: boolean }) => this.end(id, result),
      groups: (id: string) => this.#picture.groups(id),
      timings: this.#timings,
      budget: this.#budget,
      random,
      monoMs: this.#around.monoMs,
    };
    return callThrough(ids, fn, room, options);
  }
}
