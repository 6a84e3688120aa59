import type { Attempt, CallOptions } from './call.ts';

/** As much of the Vercel AI SDK's language model as is passed through; the rest is copied from the first model. */
interface Model {
  specificationVersion: string;
  provider: string;
  modelId: string;
  doGenerate(options: never): PromiseLike<unknown>;
  doStream(options: never): PromiseLike<{ stream: ReadableStream<Part> }>;
}
interface Part {
  type: string;
  error?: unknown;
}
interface Caller {
  call<T>(
    ids: readonly string[],
    fn: (id: string, attempt: Attempt) => Promise<T>,
    options?: CallOptions,
  ): Promise<T>;
  begin(id: string): void;
  end(id: string, result: { ok: boolean }): void;
}

/** Parts that come before there is anything to show: a failure after them can still go elsewhere. */
const isPrelude = (part: Part) =>
  /^(stream-start|response-metadata|raw|text-start|reasoning-start)$/.test(part.type);

/** One language model for the AI SDK out of several: each request goes where the feed and this process think best. */
export function routed<M extends object>(
  feed: Caller,
  models: Record<string, M>,
  options: CallOptions = {},
): M {
  const all = models as unknown as Record<string, Model>;
  const ids = Object.keys(models);
  const first = all[ids[0] as string] as Model;
  const through = <T>(
    asked: { abortSignal?: AbortSignal },
    fn: (model: Model, passed: never, attempt: Attempt, id: string) => Promise<T>,
  ) =>
    feed.call(
      ids,
      (id, attempt) => fn(all[id] as Model, { ...asked, abortSignal: attempt.signal } as never, attempt, id),
      { ...options, ...(asked.abortSignal ? { signal: asked.abortSignal } : {}) },
    );
  const model = {
    doGenerate: (asked: { abortSignal?: AbortSignal }) =>
      through(asked, async (one, passed) => one.doGenerate(passed)),
    doStream: (asked: { abortSignal?: AbortSignal }) =>
      through(asked, async (one, passed, attempt, id) => {
        // The winner's stream outlives its attempt, so it gets the caller's own signal.
        const opened = await one.doStream({
          ...(passed as object),
          ...(asked.abortSignal ? { abortSignal: asked.abortSignal } : { abortSignal: undefined }),
        } as never);
        return {
          ...opened,
          stream: await begun(
            opened.stream,
            attempt,
            () => feed.begin(id),
            (ok) => feed.end(id, { ok }),
          ),
        };
      }),
  };
  return Object.assign(Object.create(first) as M, model, {
    provider: 'signalbox',
    modelId: first.modelId,
    specificationVersion: first.specificationVersion,
  });
}

/** A stream counts as begun at its first content: an error before that is thrown, so that somebody else can answer. */
async function begun(
  stream: ReadableStream<Part>,
  attempt: Attempt,
  begin: () => void,
  end: (ok: boolean) => void,
): Promise<ReadableStream<Part>> {
  const reader = stream.getReader();
  const waiting: Part[] = [];
  for (;;) {
    if (attempt.signal.aborted) throw attempt.signal.reason;
    const { done, value } = await reader.read();
    if (done) throw new Error('the stream ended before it said anything');
    if (value.type === 'error') throw value.error ?? new Error('error in the stream');
    waiting.push(value);
    if (!isPrelude(value)) break;
  }
  attempt.started();
  begin();
  let isOver = false;
  const over = (ok: boolean) => {
    if (!isOver) end(ok);
    isOver = true;
  };
  return new ReadableStream<Part>({
    async pull(controller) {
      try {
        const next =
          waiting.length > 0 ? { done: false as const, value: waiting.shift() as Part } : await reader.read();
        if (next.done) {
          over(true);
          controller.close();
          return;
        }
        if (next.value.type === 'error') over(false);
        controller.enqueue(next.value);
      } catch (error) {
        over(false);
        controller.error(error);
      }
    },
    async cancel(reason) {
      over(true);
      await reader.cancel(reason);
    },
  });
}
