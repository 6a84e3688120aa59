import type { Attempt, CallOptions } from './call.ts';

/** As much of the Vercel AI SDK's language model as is passed through; the rest is the first model's own. */
interface Model {
  specificationVersion: string;
  provider: string;
  modelId: string;
  doGenerate(options: never): PromiseLike<unknown>;
  doStream(options: never): PromiseLike<{ stream: ReadableStream<Part> }>;
}
interface Part {
  type: string;
  delta?: string;
  error?: unknown;
  finishReason?: string | { unified?: string };
}
interface Asked {
  abortSignal?: AbortSignal;
}
interface Caller {
  call<T>(
    ids: readonly string[],
    fn: (id: string, attempt: Attempt) => Promise<T>,
    options?: CallOptions,
  ): Promise<T>;
  end(id: string, result: { ok: boolean; isOurs?: boolean }): void;
}

/** Parts that come before there is anything to show: a failure after them can still go elsewhere. */
const isPrelude = (part: Part) =>
  /^(stream-start|response-metadata|raw|text-start|reasoning-start)$/.test(part.type) ||
  (/^(text|reasoning)-delta$/.test(part.type) && part.delta === '');

/** The SDK's end of an answer that broke off; plain words up to its version 2, an object since. */
function isBroken({ type, finishReason }: Part): boolean {
  const reason = typeof finishReason === 'object' ? finishReason.unified : finishReason;
  return type === 'error' || (type === 'finish' && (reason === 'error' || reason === 'unknown'));
}

/** One language model for the AI SDK out of several: each request goes where the feed and this process think best. */
export function routed<M extends object>(
  feed: Caller,
  models: Record<string, M>,
  options: CallOptions = {},
): M {
  const all = models as unknown as Record<string, Model>;
  const ids = Object.keys(models);
  const first = all[ids[0] as string] as Model;
  const through = <T>(asked: Asked, fn: (id: string, attempt: Attempt) => Promise<T>) =>
    feed
      .call(ids, fn, { ...options, ...(asked.abortSignal ? { signal: asked.abortSignal } : {}) })
      .catch((error: unknown) => Promise.reject(final(error)));
  const own = {
    provider: 'signalbox',
    doGenerate: (asked: Asked) =>
      through(asked, async (id, { signal }) =>
        (all[id] as Model).doGenerate({ ...asked, abortSignal: signal } as never),
      ),
    doStream: (asked: Asked) =>
      through(asked, (id, attempt) =>
        opened(all[id] as Model, asked, attempt, (result) => feed.end(id, result)),
      ),
  };
  // A model's properties may be getters of its class: they are covered, not assigned.
  const covers = Object.entries(own).map(([name, value]) => [name, { value, enumerable: true }] as const);
  return Object.create(first, Object.fromEntries(covers)) as M;
}

/** All that may be tried was tried: the SDK's own retries on top would multiply it. */
function final(error: unknown): unknown {
  if ((error as { isRetryable?: unknown } | null)?.isRetryable === true)
    Object.defineProperty(error, 'isRetryable', { value: false });
  return error;
}

async function opened(
  model: Model,
  asked: Asked,
  attempt: Attempt,
  end: (result: { ok: boolean; isOurs?: boolean }) => void,
): Promise<{ stream: ReadableStream<Part> }> {
  // The winner's stream outlives its attempt; until it has begun it falls with it.
  const own = new AbortController();
  const give = () => own.abort(attempt.signal.reason);
  attempt.signal.addEventListener('abort', give);
  const caller = asked.abortSignal;
  const abortSignal = caller ? AbortSignal.any([own.signal, caller]) : own.signal;
  try {
    const answer = await model.doStream({ ...asked, abortSignal } as never);
    const { reader, waiting } = await begun(answer.stream, attempt);
    attempt.started(true);
    const over = (ok: boolean) => end({ ok, isOurs: !ok && caller?.aborted === true });
    return { ...answer, stream: rest(reader, waiting, over, () => end({ ok: false, isOurs: true })) };
  } finally {
    attempt.signal.removeEventListener('abort', give);
  }
}

/** A stream counts as begun at its first content: an error before that is thrown, so that somebody else can answer. */
async function begun(stream: ReadableStream<Part>, attempt: Attempt) {
  const reader = stream.getReader();
  const waiting: Part[] = [];
  try {
    for (;;) {
      attempt.signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) throw new Error('the stream ended before it said anything');
      if (isBroken(value)) throw asError(value.error);
      waiting.push(value);
      if (!isPrelude(value)) return { reader, waiting };
    }
  } catch (error) {
    reader.cancel(error).catch(() => undefined);
    throw error;
  }
}

/** What arrives in a stream is often a bare object; its code is a status when it looks like one. */
function asError(found: unknown): Error {
  if (found instanceof Error) return found;
  const { message, code } = (found ?? {}) as { message?: unknown; code?: unknown };
  const text = typeof message === 'string' ? message : typeof found === 'string' ? found : null;
  const error = new Error(text ?? 'the stream broke off before it said anything', { cause: found });
  const status = Number(code);
  return status >= 400 && status < 600 ? Object.assign(error, { statusCode: status }) : error;
}

function rest(
  reader: ReadableStreamDefaultReader<Part>,
  waiting: Part[],
  say: (ok: boolean) => void,
  leave: () => void,
): ReadableStream<Part> {
  let isOver = false;
  const over = (act: () => void) => {
    if (!isOver) act();
    isOver = true;
  };
  let isWhole = false;
  return new ReadableStream<Part>({
    async pull(controller) {
      try {
        const kept = waiting.shift();
        const { done, value } = kept ? { done: false, value: kept } : await reader.read();
        if (done || !value) {
          over(() => say(isWhole));
          return controller.close();
        }
        if (isBroken(value)) over(() => say(false));
        isWhole ||= value.type === 'finish';
        controller.enqueue(value);
      } catch (error) {
        over(() => say(false));
        controller.error(error);
      }
    },
    async cancel(reason) {
      over(leave);
      await reader.cancel(reason);
    },
  });
}
