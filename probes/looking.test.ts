import { afterAll, describe, expect, it } from 'vitest';
import type { Watched } from '#lib/core/fleet.ts';
import { blankObservation, noTiming, type Observation } from '#lib/core/observation.ts';
import { createTrusted } from '#lib/http.ts';
import { serveHttp } from '#lib/testing/loopback.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import { createClock, type LoopClock } from './clock.ts';
import { createLooking, type Looking } from './looking.ts';
import type { Missed, Settlement, ToDeciding, Want } from './messages.ts';
import type { Probe, ProbeIo } from './probe.ts';

const confirm = { afterMs: 2_000, times: 2 };
const open: Looking[] = [];
afterAll(() => {
  for (const one of open.splice(0)) one.stop();
});

function stage(
  probe: Probe,
  options: { clock?: LoopClock; isGranting?: boolean; followUpAfterMs?: number[] } = {},
) {
  let made = 0;
  const seen: Observation[] = [];
  const missed: Missed[] = [];
  const settled: Settlement[] = [];
  const wants: Want[] = [];
  const others: ToDeciding[] = [];
  const looking = createLooking({
    vantage: 'local',
    probes: { completion: probe, http: probe, control: probe },
    http: createTrusted(),
    clock: options.clock ?? createClock(),
    random: () => 0.5,
    ...(options.followUpAfterMs ? { followUpAfterMs: options.followUpAfterMs } : {}),
    // Wants are posted together: each has a number of its own before any of them is seen here.
    newId: () => `w${made++}`,
    post(message) {
      if (message.type === 'want') {
        wants.push(...message.wants);
        const granted = message.wants.map(({ id }) => id);
        if (options.isGranting !== false) looking.receive({ type: 'grants', granted, refused: [] });
      } else if (message.type === 'seen') {
        seen.push(...message.seen.map((one) => one.observation));
        missed.push(...message.missed);
        settled.push(...message.settled);
      } else others.push(message);
    },
  });
  open.push(looking);
  const watchAgain = (lastSeenAt: Map<string, number>, ...watched: Watched[]) =>
    looking.receive({ type: 'fleet', watched, keys: { k: 'sk-secret-canary' }, lastSeenAt, confirm });
  const watch = (...watched: Watched[]) => watchAgain(new Map(), ...watched);
  return { looking, watch, watchAgain, seen, missed, settled, wants, others };
}

const target = (
  name: string,
  probe: 'completion' | 'http' | 'control' = 'http',
  more: Partial<Watched> = {},
) =>
  watchedTarget(
    probe,
    { gateway: 'openrouter', provider: name, model: 'm' },
    {
      baseUrl: 'http://127.0.0.1:1',
      everyMs: 400,
      keyName: 'k',
      ...more,
    },
  );

const good = (w: Watched, io: ProbeIo, more: Partial<Observation> = {}) => ({
  observation: blankObservation({
    atMs: io.clock.nowMs(),
    vantage: io.vantage,
    probe: w.probe,
    target: w.target,
    why: io.why,
    slot: io.slot,
    reached: 'done' as const,
    status: 200,
    timing: { ...noTiming, totalMs: 1, firstTokenMs: 1 },
    ...more,
  }),
});

const generation = (about: { targetKey: string; lookAtMs: number }) => ({
  kind: 'generation' as const,
  generationId: 'gen-1',
  isDoubtful: true,
  isRecorded: false,
  recordedUsd: null,
  edgeId: null,
  quantization: null,
  fingerprint: null,
  tried: [],
  ...about,
});

async function until(check: () => boolean, limitMs = 30_000): Promise<void> {
  const startedMs = performance.now();
  while (!check()) {
    if (performance.now() - startedMs > limitMs) throw new Error('waited in vain');
    await new Promise((go) => setTimeout(go, 5));
  }
}

describe.concurrent('the looking side', { timeout: 60_000 }, () => {
  it('makes real looks on their slots and posts them', async () => {
    const server = await serveHttp((_req, res) => res.end('ok'));
    const s = stage(async (w, io) => {
      const answer = await io.http.request({ url: w.baseUrl, signal: io.signal });
      return good(w, io, { status: answer.status });
    });
    s.watch(target('a', 'http', { baseUrl: server.url }), target('b', 'http', { baseUrl: server.url }));
    await until(() => s.seen.length >= 6);
    expect(new Set(s.seen.map((o) => o.target.provider))).toEqual(new Set(['a', 'b']));
    expect(s.seen.every((o) => o.status === 200 && o.slot !== null && o.why === 'slot')).toBe(true);
    await server.close();
  });

  it('W5: a probe that throws is our own fault and only its own look', async () => {
    const s = stage(async (w, io) => {
      if (w.target.provider === 'bad') throw new TypeError('sk-secret-canary is not a function');
      return good(w, io);
    });
    s.watch(target('bad'), target('fine'));
    await until(() => new Set(s.seen.map((o) => o.target.provider)).size === 2);
    const bad = s.seen.find((o) => o.target.provider === 'bad');
    expect(bad).toMatchObject({
      fault: 'aborted',
      tainted: true,
      error: { code: 'local', message: 'TypeError' },
    });
    expect(JSON.stringify([s.seen, s.others, s.looking.facts()])).not.toContain('canary');
    expect(s.looking.facts().localErrors).toBeGreaterThan(0);
  });

  it('N10: running out of sockets blames nobody', async () => {
    const s = stage(async () => {
      throw Object.assign(new Error('connect EMFILE'), { code: 'EMFILE' });
    });
    s.watch(target('a'));
    await until(() => s.seen.length > 0);
    expect(s.seen[0]).toMatchObject({ fault: 'aborted', reached: 'none', status: null });
    expect(s.looking.facts().lastLocalError).toBe('Error EMFILE');
  });

  it('hands the secret to the probe and to nothing else', async () => {
    const keys: (string | null)[] = [];
    const s = stage(async (w, io) => {
      keys.push(io.key);
      return good(w, io);
    });
    s.watch(target('a'), target('b', 'http', { keyName: null }));
    await until(() => s.seen.length >= 4);
    expect(new Set(keys)).toEqual(new Set(['sk-secret-canary', null]));
    expect(JSON.stringify([s.seen, s.others])).not.toContain('canary');
  });

  it('starts the confirmation while the first token is still awaited', async () => {
    const whys: string[] = [];
    const s = stage(async (w, io) => {
      whys.push(`${io.why}${io.suspicion?.isFinal ? ' final' : ''}`);
      if (io.why === 'slot') {
        await new Promise((go) => setTimeout(go, 1_700));
        io.suspicion?.tell();
        await new Promise((go) => setTimeout(go, 2_000));
      }
      return good(w, io);
    });
    s.watch(target('a', 'completion', { everyMs: 6_000 }));
    await until(() => s.seen.length > 0);
    expect(s.seen[0]?.why).toBe('confirm');
    // Also of a route that never answered: a confirmation ends where silence becomes suspicious.
    expect(whys.slice(0, 2)).toEqual(['slot', 'confirm final']);
  });

  it('asks other providers of the same gateway, and only them, whether a silence is theirs too', async () => {
    const s = stage(async (w, io) => {
      const isSilent = io.why === 'slot' && w.target.provider === 'a';
      if (isSilent) await new Promise((go) => setTimeout(go, 1_700));
      if (isSilent) io.suspicion?.tell();
      return good(w, io);
    });
    s.watch(
      target('a', 'completion', { everyMs: 6_000 }),
      ...['b', 'c', 'd', 'e'].map((name) => target(name, 'completion', { everyMs: 6_000 })),
    );
    const asked = () => s.seen.filter((o) => o.why === 'neighbour').map((o) => o.target.provider);
    await until(() => new Set(asked()).size >= 2);
    expect(asked()).not.toContain('a');
  });

  it('looks again at once when it stood still itself during a timeout', async () => {
    const clock = createClock();
    const s = stage(
      async (w, io) =>
        io.why === 'slot'
          ? good(w, io, {
              status: null,
              fault: 'timeout',
              reached: 'sent',
              timing: { ...noTiming, totalMs: 1_000 },
            })
          : good(w, io),
      { clock: { ...clock, stallSince: () => 400 } },
    );
    s.watch(target('a', 'http', { everyMs: 6_000 }));
    await until(() => s.seen.length >= 2);
    expect(s.seen.map((o) => o.why)).toEqual(['slot', 'confirm']);
    expect(s.seen[0]).toMatchObject({ stallMs: 400, tainted: true });
  });

  it('waits with paid looks as long as the far side asks', async () => {
    const s = stage(async (w, io) => good(w, io, { status: 429, retryAfterMs: 3_600_000, timing: noTiming }));
    s.watch(target('a', 'completion'));
    await until(() => s.missed.some((one) => one.reason === 'limited'));
    expect(s.seen.length).toBe(1);
    expect(s.settled[0]).toMatchObject({ isCharged: false });
  });

  it('makes no paid look without a grant, and settles each that it makes', async () => {
    const refused = stage(async (w, io) => good(w, io), { isGranting: false });
    const granted = stage(async (w, io) => good(w, io, { costUsd: 0.00002 }));
    for (const s of [refused, granted]) s.watch(target('a', 'completion'));
    await until(() => granted.settled.length >= 3);
    expect(refused.seen).toEqual([]);
    expect(granted.settled[0]).toMatchObject({ reportedUsd: 0.00002, isCharged: true });
    expect(new Set(granted.settled.map((one) => one.id)).size).toBe(granted.settled.length);
  });

  it('settles a doubtful call by its record, and holds its reservation until then', async () => {
    const server = await serveHttp((req, res) =>
      res.end(
        JSON.stringify({
          data: { id: new URL(req.url ?? '', 'http://x').searchParams.get('id'), total_cost: 0.00003 },
        }),
      ),
    );
    const doubtful: Probe = async (w, io) => ({
      ...good(w, io, { costUsd: 0.0009 }),
      found: [generation({ targetKey: w.key, lookAtMs: io.clock.nowMs() })],
    });
    const s = stage(doubtful, { followUpAfterMs: [60] });
    s.watch(
      target('a', 'completion', { baseUrl: server.url, everyMs: 60_000, options: { isOpenRouter: true } }),
    );
    await until(() => s.seen.length > 0);
    expect(s.settled).toEqual([]);
    await until(() => s.settled.length > 0 && s.others.some(({ type }) => type === 'learned'));
    server.close();
    expect(s.settled[0]).toMatchObject({ reportedUsd: 0.00003, isCharged: true });
    expect(s.others.find(({ type }) => type === 'learned')).toMatchObject({
      found: [{ generationId: 'gen-1', isRecorded: true, recordedUsd: 0.00003 }],
    });
  });

  it('looks at the controls as soon as something fails', async () => {
    const s = stage(async (w, io) => {
      if (w.probe === 'control') return good(w, io);
      await new Promise((go) => setTimeout(go, 1_700));
      return good(w, io, { status: null, fault: 'refused', reached: 'resolved' });
    });
    s.watch(target('a', 'http', { everyMs: 6_000 }), target('c', 'control', { everyMs: 6_000 }));
    await until(() => s.seen.some((o) => o.probe === 'control' && o.why === 'neighbour'));
  });

  it('begins with the controls after a restart, though their slot was looked at already', async () => {
    const s = stage(async (w, io) => good(w, io));
    const minute = { everyMs: 3_600_000 };
    const watched = [
      target('x', 'control', minute),
      target('y', 'control', minute),
      target('a', 'http', minute),
    ];
    const startedMs = Date.now();
    s.watchAgain(new Map(watched.map((w) => [w.key, startedMs - 60_000])), ...watched);
    await until(() => s.seen.length >= 2);
    expect(Date.now() - startedMs).toBeLessThan(1_000);
    expect(s.seen.map((o) => [o.target.provider, o.why]).sort()).toEqual([
      ['x', 'neighbour'],
      ['y', 'neighbour'],
    ]);
    s.watchAgain(new Map(), ...watched, target('b', 'http', minute));
    await new Promise((go) => setTimeout(go, 300));
    expect(s.seen.filter((o) => o.probe === 'control')).toHaveLength(2);
  });

  it('begins with the controls a moment later when they were looked at just before the restart', async () => {
    const s = stage(async (w, io) => good(w, io));
    const w = target('x', 'control', { everyMs: 3_600_000 });
    const startedMs = Date.now();
    s.watchAgain(new Map([[w.key, startedMs - 1_000]]), w);
    await until(() => s.seen.length >= 1);
    expect(Date.now() - startedMs).toBeGreaterThan(500);
    expect(Date.now() - startedMs).toBeLessThan(2_500);
  });

  it('drops what is in flight when it is stopped, as missed', async () => {
    const s = stage((_w, io) => new Promise((_go, fail) => io.signal.addEventListener('abort', fail)));
    s.watch(target('a'));
    await until(() => s.looking.facts().inFlight > 0);
    s.looking.stop();
    expect(s.missed.at(-1)?.reason).toBe('stopping');
    expect(s.others.at(-1)).toEqual({ type: 'stopped' });
  });

  it('C6: drops what was in flight while it slept, and begins with the controls', async () => {
    const clock = createClock();
    let isBroken = false;
    const broken: LoopClock = {
      ...clock,
      tick() {
        const now = clock.tick();
        if (!isBroken) return now;
        isBroken = false;
        return { kind: 'paused', lostMs: 5_000 };
      },
    };
    const order: string[] = [];
    const s = stage(
      async (w, io) => {
        order.push(w.probe);
        await new Promise((go) => setTimeout(go, w.probe === 'control' ? 50 : 300));
        return good(w, io);
      },
      { clock: broken },
    );
    s.watch(target('a'), target('b'), target('c', 'control'));
    await until(() => s.looking.facts().inFlight > 0 && s.seen.length > 3);
    order.length = 0;
    isBroken = true;
    await until(() => order.length >= 3);
    expect(order[0]).toBe('control');
    expect(s.others.some((m) => m.type === 'discontinuity')).toBe(true);
  });
});
