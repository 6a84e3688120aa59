import type { Decision, Snapshot, Surroundings } from './feed-types.ts';
import type { Picture } from './picture.ts';

const silentMs = 45_000;
const failuresToPoll = 3;
const pollsToStream = 30;
const longestWaitMs = 60_000;
const mostTargets = 100_000;
const mostBuffered = 8_000_000;

/** Follows the feed by its event stream, and by asking while that does not work. Ends when the signal does. */
export async function follow(
  address: (path: string) => string,
  picture: Picture,
  around: Surroundings,
  options: { headers: Record<string, string>; signal: AbortSignal; onNews: () => void; canStream: boolean },
): Promise<void> {
  const { signal } = options;
  let { canStream } = options;
  let failures = 0;
  let etag: string | null = null;
  const ask = (url: string, headers: Record<string, string>, ms: number) =>
    around.fetch(url, {
      headers: { ...options.headers, ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ms)]),
      cache: 'no-store',
    });

  /** One snapshot; a 304 renews what is held. */
  async function poll(): Promise<void> {
    const url = address('/api/v1/health');
    const res = await ask(
      url,
      { accept: 'application/json', ...(etag ? { 'if-none-match': etag } : {}) },
      10_000,
    );
    const header = (name: string) => res.headers.get(name);
    picture.setServerTime(header('date'), header('age'));
    if (res.ok) {
      const snapshot = (await res.json()) as Snapshot;
      const isWhole = !snapshot.page?.next_cursor;
      for (let { page } = snapshot; page?.next_cursor; ) {
        const next = await ask(`${url}&cursor=${page.next_cursor}`, {}, 10_000);
        const more = (await next.json()) as Snapshot;
        // Missing targets would be taken for usable ones: all of it or nothing. A problem has no epoch.
        if (more.epoch !== snapshot.epoch || snapshot.targets.length > mostTargets) throw new Error();
        snapshot.targets.push(...more.targets);
        page = more.page;
      }
      if (!picture.take(snapshot)) throw new Error();
      // A tag speaks for one page only.
      etag = isWhole ? header('etag') : null;
    } else if (res.status !== 304) throw new Error();
    // A header beats the body's value, and is all that a 304 has.
    picture.renew({ valid_until: header('signalbox-valid-until') });
    options.onNews();
  }

  /** Until the stream ends. Returns the wait the server asks for. */
  async function stream(): Promise<number> {
    const quiet = new AbortController();
    let timer = setTimeout(() => quiet.abort(), silentMs);
    try {
      const res = await around.fetch(address('/api/v1/health/stream'), {
        headers: {
          ...options.headers,
          accept: 'text/event-stream',
          ...(picture.epoch ? { 'last-event-id': `${picture.epoch}-${picture.seq}` } : {}),
        },
        signal: AbortSignal.any([signal, quiet.signal]),
        cache: 'no-store',
      });
      if (res.status === 204) canStream = false;
      if (res.status !== 200 || !res.body) throw new Error();
      picture.setServerTime(res.headers.get('date'), null);
      const events = eventReader();
      const reader = res.body
        .pipeThrough(new TextDecoderStream() as never)
        .getReader() as ReadableStreamDefaultReader<string>;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return events.retryMs;
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), silentMs);
        for (const event of events.feed(value)) {
          if (event.name === 'reset') return 0;
          apply(picture, event);
          failures = 0;
          options.onNews();
        }
      }
    } finally {
      clearTimeout(timer);
      quiet.abort();
    }
  }

  for (let polls = 0; !signal.aborted; ) {
    const isStreaming = canStream && (failures < failuresToPoll || polls >= pollsToStream);
    let waitMs: number;
    try {
      if (isStreaming) {
        polls = 0;
        waitMs = (await stream()) * around.random();
      } else {
        polls += 1;
        await poll();
        if (!canStream) failures = 0;
        waitMs = picture.pollAfterMs * (0.75 + around.random() * 0.5);
      }
    } catch {
      failures += 1;
      waitMs = around.random() * Math.min(longestWaitMs, 500 * 2 ** Math.min(failures, 8));
    }
    await pause(waitMs, signal);
  }
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

interface FeedEvent {
  name: string;
  id: string | null;
  data: string;
}

/** Server-sent events out of pieces of text; an event that is cut off is never seen. */
export function eventReader(): { feed(text: string): FeedEvent[]; retryMs: number } {
  let rest = '';
  const reader = {
    retryMs: 3_000,
    feed(text: string): FeedEvent[] {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      if (rest.length > mostBuffered) throw new Error();
      return blocks.flatMap((block) => {
        const event: FeedEvent = { name: 'message', id: null, data: '' };
        for (const line of block.split('\n')) {
          const colon = line.indexOf(':');
          const value = line.slice(colon + 1).replace(/^ /, '');
          const field = line.slice(0, colon);
          if (field === 'event') event.name = value;
          else if (field === 'id') event.id = value;
          else if (field === 'data') event.data += value;
          else if (field === 'retry') reader.retryMs = Math.min(30_000, Number(value) || 3_000);
        }
        return event.data === '' ? [] : [event];
      });
    },
  };
  return reader;
}

function apply(picture: Picture, { name, id, data }: FeedEvent): void {
  const body = JSON.parse(data) as Snapshot & Decision;
  const dash = id?.lastIndexOf('-') ?? -1;
  const epoch = id?.slice(0, dash) ?? '';
  const seq = Number(id?.slice(dash + 1));
  if (name === 'snapshot') picture.take(body);
  else if (name === 'target') picture.change(epoch, seq, body);
  else if (name === 'target_removed') picture.remove(epoch, seq, body.id);
  else if (name === 'heartbeat') picture.renew(body);
  else if (name === 'guard')
    picture.renew({ guard: body as { state?: string }, ...(body.self ? { self: body.self } : {}) });
}
