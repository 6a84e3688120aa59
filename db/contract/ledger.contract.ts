import { describe, expect, it } from 'vitest';
import type { Caps, Store } from '../../lib/store.ts';
import { dayMs, monday, type OpenBench } from './samples.contract.ts';

const caps: Caps = {
  usdPerDay: 1,
  usdPerMonth: 2,
  requestsPerDay: 10,
  perGateway: {},
  reserveShare: 0.25,
};

export function describeLedger(open: OpenBench): void {
  let number = 0;
  const reserve = (
    store: Store,
    usd: number,
    change: Partial<Parameters<Store['ledger']['reserve']>[0]> = {},
    limits: Caps = caps,
  ) =>
    store.ledger.reserve(
      {
        id: `r${number++}`,
        atMs: monday,
        gateway: 'openrouter',
        usd,
        requests: 1,
        purpose: 'suspicion',
        ...change,
      },
      limits,
    );
  const today = { fromMs: monday, toMs: monday + dayMs };

  it('refuses what would pass the day’s budget, and says which', () => {
    const { store } = open(monday);
    expect(reserve(store, 0.9)).toEqual({ ok: true });
    const refused = reserve(store, 0.2);
    expect(refused.ok).toBe(false);
    expect(refused.ok ? '' : refused.reason).toContain('1 USD');
    expect(reserve(store, 0.1)).toEqual({ ok: true });
    expect(store.ledger.spent(today)).toEqual({ usd: 1, requests: 2, reservedUsd: 1 });
  });
  it('settles at what it cost, and gives the rest back', () => {
    const { store } = open(monday);
    reserve(store, 0.9, { id: 'a' });
    store.ledger.settle('a', 0.1, monday + 5);
    store.ledger.settle('a', 0.7, monday + 6);
    expect(store.ledger.spent(today)).toEqual({ usd: 0.1, requests: 1, reservedUsd: 0 });
    expect(reserve(store, 0.9)).toEqual({ ok: true });
  });
  it('keeps a quarter for suspicion', () => {
    const { store } = open(monday);
    expect(reserve(store, 0.75, { purpose: 'calm' })).toEqual({ ok: true });
    expect(reserve(store, 0.01, { purpose: 'calm' }).ok).toBe(false);
    expect(reserve(store, 0.25)).toEqual({ ok: true });
  });
  it('begins anew with the UTC day, not with the month', () => {
    const { store } = open(monday);
    reserve(store, 1);
    expect(reserve(store, 1, { atMs: monday + dayMs })).toEqual({ ok: true });
    const third = reserve(store, 0.1, { atMs: monday + 2 * dayMs });
    expect(third.ok ? '' : third.reason).toContain('month');
    expect(reserve(store, 1, { atMs: Date.UTC(2026, 6, 1) })).toEqual({ ok: true });
  });
  it('counts paid requests', () => {
    const { store } = open(monday);
    expect(reserve(store, 0, { requests: 10 })).toEqual({ ok: true });
    expect(reserve(store, 0, { requests: 1 }).ok).toBe(false);
  });
  it('has a cap of its own for a gateway', () => {
    const { store } = open(monday);
    const limits = { ...caps, perGateway: { openrouter: { usdPerDay: 0.5 } } };
    expect(reserve(store, 0.6, {}, limits).ok).toBe(false);
    expect(reserve(store, 0.6, { gateway: 'direct' }, limits)).toEqual({ ok: true });
    expect(store.ledger.spent({ ...today, gateway: 'direct' }).usd).toBe(0.6);
  });
  it('takes the same reservation twice as one', () => {
    const { store } = open(monday);
    reserve(store, 0.6, { id: 'same' });
    expect(reserve(store, 0.6, { id: 'same' })).toEqual({ ok: true });
    expect(store.ledger.spent(today).usd).toBe(0.6);
  });
  it('counts what never settled at its reserved price, also after a restart', () => {
    const bench = open(monday);
    reserve(bench.store, 0.6);
    const store = bench.restart();
    expect(store.ledger.spent(today)).toEqual({ usd: 0.6, requests: 1, reservedUsd: 0.6 });
    expect(reserve(store, 0.6).ok).toBe(false);
  });
  it('is exact over many small sums', () => {
    const { store } = open(monday);
    const many = { ...caps, requestsPerDay: 10_000 };
    for (let i = 0; i < 1000; i++) reserve(store, 0.0000123, { id: `s${i}` }, many);
    expect(store.ledger.spent(today).usd).toBe(0.0123);
  });
  it('gives sums per day and per month', () => {
    const { store } = open(monday);
    reserve(store, 0.5, { id: 'a' });
    reserve(store, 0.25, { id: 'b', atMs: monday + dayMs, gateway: 'direct' });
    store.ledger.settle('a', 0.4, monday);
    expect(store.ledger.days({ fromMs: monday, toMs: monday + 2 * dayMs })).toEqual([
      { dayMs: monday, gateway: 'openrouter', usd: 0.4, requests: 1 },
      { dayMs: monday + dayMs, gateway: 'direct', usd: 0.25, requests: 1 },
    ]);
    expect(store.ledger.months()).toEqual([
      { month: '2026-06', gateway: 'direct', usd: 0.25, requests: 1 },
      { month: '2026-06', gateway: 'openrouter', usd: 0.4, requests: 1 },
    ]);
  });
  it('answers for parts of a day', () => {
    const { store } = open(monday);
    reserve(store, 0.5, { atMs: monday + 5 });
    expect(store.ledger.spent({ fromMs: monday + 5, toMs: monday + 6 }).usd).toBe(0.5);
    expect(store.ledger.spent({ fromMs: monday + 6, toMs: monday + 9 }).usd).toBe(0);
  });
  describe('two workers', () => {
    it('cannot both have the last cent', () => {
      const bench = open(monday);
      const other = bench.reader();
      expect(reserve(bench.store, 0.6)).toEqual({ ok: true });
      expect(reserve(other, 0.6).ok).toBe(false);
    });
  });
}
