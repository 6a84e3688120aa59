import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { createLeadership, leaseMs } from './heartbeat.ts';

function stage() {
  let nowMs = Date.UTC(2026, 1, 17);
  const store = openMemoryStore({ nowMs: () => nowMs });
  const worker = (bootId: string, pid = 1, isAlive = (_pid: number) => true) =>
    createLeadership({
      store,
      vantage: 'local',
      bootId,
      nowMs: () => nowMs,
      monoMs: () => nowMs,
      pid,
      isAlive,
    });
  return { store, worker, pass: (ms: number) => (nowMs += ms), now: () => nowMs };
}

describe('leadership', () => {
  // Seen red with the lease taken whoever has it.
  it('W1: belongs to one of three', () => {
    const { worker } = stage();
    const three = [worker('a', 11), worker('b', 12), worker('c', 13)];
    expect(three.map((one) => one.renew())).toEqual([true, false, false]);
    expect(three.map((one) => one.holds())).toEqual([true, false, false]);
  });

  it('passes on when its holder has gone quiet', () => {
    const { worker, pass } = stage();
    const [a, b] = [worker('a', 11), worker('b', 12)];
    a.renew();
    pass(leaseMs - 1);
    expect(b.renew()).toBe(false);
    pass(2);
    expect(b.renew()).toBe(true);
    expect(a.renew()).toBe(false);
  });

  it('W2: is not held by one who slept through it', () => {
    const { worker, pass } = stage();
    const [a, b] = [worker('a', 11), worker('b', 12)];
    a.renew();
    pass(2 * leaseMs);
    b.renew();
    expect(a.holds()).toBe(false);
  });

  it('is taken back by one who slept while nobody else was there', () => {
    const { worker, pass } = stage();
    const a = worker('a');
    a.renew();
    pass(2 * leaseMs);
    expect(a.holds()).toBe(true);
  });

  it('is taken at once from a worker of this machine that was killed', () => {
    const { worker } = stage();
    worker('a', 11).renew();
    expect(worker('b', 12, (pid) => pid !== 11).renew()).toBe(true);
  });

  it('is taken at once from an earlier process with our own number', () => {
    const { worker, store, now } = stage();
    store.upkeep.lease(`${hostname()}|7|earlier`, now(), leaseMs);
    store.upkeep.note('lease.owner', `${hostname()}|7|earlier`);
    expect(worker('b', 7).renew()).toBe(true);
  });

  it('is given back at a clean stop', () => {
    const { worker } = stage();
    const a = worker('a', 11);
    a.renew();
    a.release();
    expect(worker('b', 12).renew()).toBe(true);
  });

  it('renews the freshness of everything with each beat', () => {
    const { store, worker, pass, now } = stage();
    const a = worker('a');
    a.beat({ n: 1 });
    pass(2_500);
    a.beat({ n: 2 });
    expect(store.upkeep.lastBeat()).toMatchObject({ atMs: now(), vantage: 'local', facts: { n: 2 } });
  });
});
