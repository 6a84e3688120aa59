import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { RouteState } from '#lib/core/plan.ts';
import type { Store } from '#lib/store.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

interface Event {
  id: string | null;
  event: string;
  data: Record<string, unknown>;
}
interface Reader {
  events: Event[];
  retryMs: number;
  close(): void;
  isClosed: boolean;
}
const open: { close(): void }[] = [];
const edges: EdgeUnderTest[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  for (const edge of edges.splice(0)) await edge.stop();
});

async function start(options: Parameters<typeof startEdge>[0] = {}): Promise<EdgeUnderTest> {
  const edge = await startEdge({ scene: 'calm', ...options });
  edges.push(edge);
  return edge;
}

async function listen(
  edge: EdgeUnderTest,
  search = '',
  headers: Record<string, string> = {},
): Promise<Reader> {
  const stop = new AbortController();
  const res = await fetch(`${edge.url}/api/v1/health/stream${search}`, { headers, signal: stop.signal });
  expect(res.status).toBe(200);
  const reader: Reader = { events: [], retryMs: 0, isClosed: false, close: () => stop.abort() };
  open.push(reader);
  void (async () => {
    let rest = '';
    try {
      for await (const chunk of (res.body as ReadableStream<Uint8Array>).pipeThrough(
        new TextDecoderStream() as never,
      ) as unknown as AsyncIterable<string>) {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) parse(block, reader);
      }
    } catch {
      // Aborted by the test.
    }
    reader.isClosed = true;
  })();
  return reader;
}

function parse(block: string, reader: Reader): void {
  const field = (name: string) =>
    block
      .split('\n')
      .find((l) => l.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? null;
  if (field('retry')) reader.retryMs = Number(field('retry'));
  const data = field('data');
  if (data)
    reader.events.push({
      id: field('id'),
      event: field('event') ?? '',
      data: JSON.parse(data) as Record<string, unknown>,
    });
}

async function until(isTrue: () => boolean, what = ''): Promise<void> {
  for (let i = 0; i < 200 && !isTrue(); i++) await new Promise((done) => setTimeout(done, 10));
  expect(isTrue(), what).toBe(true);
}

function change(
  edge: EdgeUnderTest,
  at: number,
  to: Partial<RouteState['circuit']>,
  more: Partial<RouteState> = {},
): RouteState {
  const old = edge.store.looks.current().routes[at] as RouteState;
  const route = { ...old, state: 'down' as const, circuit: { ...old.circuit, ...to }, ...more };
  write(edge.store, route);
  edge.web.edge.live.look();
  return route;
}
function write(store: Store, ...routes: RouteState[]): void {
  store.looks.advance(Date.now(), () => ({
    components: [],
    routes,
    incidents: [],
    events: [],
    guard: null,
    asks: [],
  }));
}
const seqOf = (event: Event | undefined) => Number(event?.id?.split('-').at(-1));

test('a reader gets a whole picture first, then whole objects with positions that only grow', async () => {
  const edge = await start();
  const reader = await listen(edge);
  await until(() => reader.events.length > 0);
  expect(reader.events[0]?.event).toBe('snapshot');
  expect(reader.retryMs).toBeGreaterThanOrEqual(2_000);
  const changed = change(edge, 0, { state: 'open', reason: 'http_5xx' });
  await until(() => reader.events.some((e) => e.event === 'target'));
  const target = reader.events.find((e) => e.event === 'target');
  expect(target?.data).toMatchObject({ id: changed.targetId, circuit: { state: 'open' }, state: 'down' });
  expect(seqOf(target)).toBeGreaterThan(seqOf(reader.events[0]));
  expect(reader.events.some((e) => e.event === 'group')).toBe(true);
});

test('a missed change is sent on resuming, once, and nothing else', async () => {
  const edge = await start();
  const first = await listen(edge);
  await until(() => first.events.length > 0);
  const at = first.events[0]?.id ?? '';
  first.close();
  const changed = change(edge, 1, { state: 'half_open' });
  await until(() => edge.web.edge.live.facts().routes.some((r) => r.circuit.state === 'half_open'));
  const again = await listen(edge, '', { 'last-event-id': at });
  await until(() => again.events.length >= 2);
  expect(again.events.map((e) => e.event)).toEqual(['target', 'heartbeat']);
  expect(again.events[0]?.data.id).toBe(changed.targetId);
});

test('a missed incident and a missed hold are sent on resuming too', async () => {
  const edge = await start({ scene: 'partial' });
  const first = await listen(edge);
  await until(() => first.events.length > 0);
  const at = first.events[0]?.id ?? '';
  first.close();
  const [incident] = edge.scene.incidents;
  const { guard } = edge.store.looks.current();
  edge.store.looks.advance(edge.nowMs(), () => ({
    components: [],
    routes: [],
    incidents: [{ ...incident!, title: 'it has another name now' }],
    events: [],
    guard: { ...guard, state: 'suppressed' },
    asks: [],
  }));
  edge.web.edge.live.look();
  await until(() => edge.web.edge.live.facts().guard.state === 'suppressed');
  const again = await listen(edge, '', { 'last-event-id': at });
  await until(() => again.events.length >= 3);
  expect(again.events.find((e) => e.event === 'incident')?.data.title).toBe('it has another name now');
  expect(again.events.find((e) => e.event === 'guard')?.data.state).toBe('suppressed');
});

test('resuming works across a restart of the web process', async () => {
  const keeper = await start();
  const { dataDir, store } = keeper;
  const before = await startEdge({ dataDir });
  const reader = await listen(before);
  await until(() => reader.events.length > 0);
  const at = reader.events[0]?.id ?? '';
  await before.stop();
  await until(() => reader.isClosed);
  const old = store.looks.current().routes[2] as RouteState;
  write(store, { ...old, state: 'down' });
  const after = await start({ dataDir });
  const again = await listen(after, '', { 'last-event-id': at });
  await until(() => again.events.length >= 2);
  expect(again.events.map((e) => [e.event, e.data.id])).toEqual([
    ['target', old.targetId],
    ['heartbeat', undefined],
  ]);
});

test.each([
  ['another epoch', () => 'ELSEWHERE-3'],
  ['the future', (epoch: string) => `${epoch}-999999`],
  ['garbage', () => '\u00ff;;--'],
  ['nothing', () => ''],
])('a position of %s gets a whole picture', async (_name, id) => {
  const edge = await start();
  const reader = await listen(edge, '', { 'last-event-id': id(edge.web.edge.live.facts().epoch) });
  await until(() => reader.events.length > 0);
  expect(reader.events[0]?.event).toBe('snapshot');
});

test('changes of one target within a quarter of a second arrive as one', async () => {
  const edge = await start();
  const reader = await listen(edge);
  await until(() => reader.events.length > 0);
  change(edge, 0, { state: 'open' });
  change(edge, 0, { state: 'half_open' });
  const last = change(edge, 0, { state: 'closed' });
  await until(() =>
    reader.events.some(
      (e) => e.event === 'target' && (e.data.circuit as { state: string }).state === 'closed',
    ),
  );
  expect(reader.events.filter((e) => e.event === 'target').length).toBeLessThanOrEqual(2);
  expect(last.circuit.state).toBe('closed');
});

test('a reader that asked for one model hears of no other', async () => {
  const edge = await start();
  const { routes } = edge.web.edge.live.facts();
  const model = routes[0]?.target.model ?? '';
  const other = edge.store.looks.current().routes.findIndex((r) => r.target.model !== model);
  const reader = await listen(edge, `?model=${encodeURIComponent(model)}`);
  await until(() => reader.events.length > 0);
  const targets = (reader.events[0]?.data.targets ?? []) as { model: string }[];
  expect(new Set(targets.map((t) => t.model))).toEqual(new Set([model]));
  change(edge, other, { state: 'open' });
  await new Promise((done) => setTimeout(done, 400));
  expect(reader.events.filter((e) => e.event === 'target')).toEqual([]);
});

test('V7: when the worker is silent everything becomes unknown by itself, and comes back with it', async () => {
  const edge = await start();
  const reader = await listen(edge);
  await until(() => reader.events.length > 0);
  const before = (await (await fetch(`${edge.url}/api/v1/health?view=routing`)).json()) as {
    generated_at: string;
  };
  const tag = (await fetch(`${edge.url}/api/v1/health?view=routing`)).headers.get('etag');
  edge.setNow(Date.now() + 100_000);
  edge.web.edge.live.look();
  const after = (await (
    await fetch(`${edge.url}/api/v1/health?view=routing`, { headers: { 'if-none-match': tag ?? '' } })
  ).json()) as {
    generated_at: string;
    self: { status: string };
    targets: { state: string; circuit: { state: string } }[];
  };
  expect(new Set(after.targets.map((t) => `${t.state} ${t.circuit.state}`))).toEqual(
    new Set(['unknown closed']),
  );
  expect(after.self.status).toBe('blind');
  expect(after.generated_at).toBe(before.generated_at);
  await until(() => reader.events.filter((e) => e.event === 'snapshot').length === 2);
  edge.store.upkeep.beat({ atMs: edge.nowMs(), startedAtMs: 0, vantage: 'local', facts: {} });
  edge.store.looks.advance(edge.nowMs(), () => ({
    components: [],
    routes: [],
    incidents: [],
    events: [],
    guard: null,
    asks: [],
  }));
  await until(() => {
    edge.web.edge.live.look();
    return !edge.web.edge.live.facts().isExpired;
  });
});

test('one address has so many streams and no more', async () => {
  const edge = await start({ config: { feed: { streams_per_address: 2 } } });
  await listen(edge);
  const second = await listen(edge);
  const third = await fetch(`${edge.url}/api/v1/health/stream`);
  expect(third.status).toBe(429);
  expect(third.headers.get('retry-after')).not.toBeNull();
  second.close();
  await until(() => edge.web.edge.streams.open === 1);
  await listen(edge);
});

test('a reader that does not read is cut off, and the others never wait for it', async () => {
  const edge = await start();
  const slow = net.connect(Number(new URL(edge.url).port), '127.0.0.1');
  open.push({ close: () => slow.destroy() });
  slow.on('error', () => undefined);
  slow.pause();
  slow.write('GET /api/v1/health/stream HTTP/1.1\r\nHost: x\r\n\r\n');
  const quick = await listen(edge);
  await until(() => edge.web.edge.streams.open === 2);
  const { streams, live } = edge.web.edge;
  const big = 'x'.repeat(200_000);
  for (let i = 0; i < 80 && streams.cut === 0; i++) {
    edge.store.looks.advance(edge.nowMs(), () => ({
      components: [],
      routes: [{ ...(edge.store.looks.current().routes[0] as RouteState), endpoint: `${big}${i}` }],
      incidents: [],
      events: [],
      guard: null,
      asks: [],
    }));
    live.look();
    await new Promise((done) => setTimeout(done, 260));
    live.look();
  }
  expect(streams.cut).toBe(1);
  expect(quick.isClosed).toBe(false);
}, 30_000);
