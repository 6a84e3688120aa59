import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import type { Watched } from '#lib/core/fleet.ts';
import type { Caps } from '#lib/store.ts';
import { createBanker } from './banker.ts';

const midnight = Date.UTC(2026, 1, 17);
const evening = midnight + 23 * 3_600_000;

const caps: Caps = {
  usdPerDay: 0.01,
  usdPerMonth: 0.2,
  requestsPerDay: 1_000,
  perGateway: {},
  reserveShare: 0.25,
};

const route = (name: string, more: Partial<Watched> = {}): Watched => ({
  key: `completion|${name}`,
  probe: 'completion',
  target: { gateway: 'openrouter', provider: name, model: 'm' },
  dialect: null,
  baseUrl: 'http://127.0.0.1:1',
  keyName: 'k',
  wireModel: 'm',
  endpoint: null,
  providerName: null,
  everyMs: 60_000,
  timeoutMs: 30_000,
  priceUsd: 0.0001,
  price: null,
  maxTokens: 16,
  supportedParameters: null,
  isReasoningMandatory: false,
  origin: 'config',
  options: {},
  ...more,
});

function open(some: Partial<Caps> = {}, fleet = [route('a')]) {
  const store = openMemoryStore({ nowMs: () => evening });
  const banker = createBanker(store.ledger, { ...caps, ...some });
  banker.setFleet(fleet);
  let n = 0;
  const want = (purpose: 'calm' | 'suspicion' = 'suspicion', targetKey = 'completion|a', atMs = evening) => ({
    id: `w${++n}`,
    atMs,
    targetKey,
    purpose,
  });
  const settle = (id: string, reportedUsd: number | null, isCharged = true) =>
    banker.settle([{ id, targetKey: 'completion|a', atMs: evening, reportedUsd, isCharged }], evening);
  const spent = () => store.ledger.spent({ fromMs: midnight, toMs: midnight + 86_400_000 });
  return { store, banker, want, settle, spent };
}

describe('the budget', () => {
  it('is never passed, whatever is asked at once and whatever honest costs come back', () => {
    const step = fc.record({
      many: fc.integer({ min: 1, max: 8 }),
      isCalm: fc.boolean(),
      cost: fc.double({ min: 0, max: 0.0002, noNaN: true }),
      isLost: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { banker, want, settle, spent } = open();
        for (const { many, isCalm, cost, isLost } of steps) {
          const wants = Array.from({ length: many }, () => want(isCalm ? 'calm' : 'suspicion'));
          const { granted, refused } = banker.answer(wants, evening);
          expect(granted.length + refused.length).toBe(many);
          expect(spent().usd).toBeLessThanOrEqual(0.01 + 1e-12);
          // A look whose worker died is never settled: it counts at its reserved price.
          if (!isLost) for (const id of granted) settle(id, cost);
          expect(spent().usd).toBeLessThanOrEqual(0.01 + 1e-12);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('holds to the cent when the far side lies', () => {
    const said = fc.oneof(
      fc.double(),
      fc.constantFrom(null, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e9),
    );
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 200 }), (lies) => {
        const { banker, want, settle, spent } = open();
        for (let i = 0; i < lies.length; i += 4) {
          const wants = lies.slice(i, i + 4).map(() => want());
          const { granted } = banker.answer(wants, evening);
          for (const [k, id] of granted.entries()) settle(id, lies[i + k] ?? null);
          expect(spent().usd).toBeLessThanOrEqual(0.01 + 0.01);
        }
        // Every call that was made counts at least at the catalogue's price.
        expect(spent().usd).toBeGreaterThanOrEqual(Math.min(spent().requests * 0.00001, 0.005) - 1e-12);
      }),
      { numRuns: 60 },
    );
  });

  it('remembers through a crash what was reserved and not settled', () => {
    const { store, banker, want } = open();
    const { granted } = banker.answer([want(), want(), want()], evening);
    const after = createBanker(store.ledger, caps);
    after.setFleet([route('a')]);
    expect(after.facts(evening).usedUsd).toBeCloseTo(granted.length * 0.0002);
  });

  it('keeps a quarter of the day for suspicion', () => {
    const { banker, want, settle, spent } = open();
    for (let i = 0; i < 200; i++)
      for (const id of banker.answer([want('calm')], evening).granted) settle(id, 0.0001);
    const calm = spent().usd;
    expect(calm).toBeLessThanOrEqual(0.0075 + 1e-9);
    expect(banker.answer([want('calm')], evening).refused.length).toBe(1);
    expect(banker.answer([want('suspicion')], evening).granted.length).toBe(1);
  });

  it('does not take what suspicion used for calm looks after a restart', () => {
    const { store, banker, want, settle } = open();
    banker.facts(evening);
    for (let i = 0; i < 40; i++)
      for (const id of banker.answer([want('suspicion')], evening).granted) settle(id, 0.0001);
    for (const id of banker.answer([want('calm')], evening).granted) settle(id, 0.0001);
    const after = createBanker(store.ledger, caps);
    after.recall(JSON.parse(JSON.stringify(banker.facts(evening))));
    expect(after.facts(evening).calm).toMatchObject({ usd: 0.0001, requests: 1 });
    after.recall({ calm: 'nonsense' });
    expect(after.facts(evening).calm.requests).toBe(1);
  });

  it('does not run ahead of the day by more than an hour', () => {
    const { banker, want, settle, spent } = open();
    const early = midnight + 60_000;
    for (let i = 0; i < 50; i++)
      for (const id of banker.answer([want('calm', 'completion|a', early)], early).granted)
        settle(id, 0.0001);
    expect(spent().usd).toBeLessThanOrEqual((0.0075 / 24) * 1.1);
  });

  it('spares a day what the month has left', () => {
    const { banker, want, store } = open({ usdPerMonth: 0.012 });
    store.ledger.reserve(
      {
        id: 'earlier',
        atMs: midnight - 86_400_000,
        gateway: 'openrouter',
        usd: 0.0119,
        requests: 1,
        purpose: 'suspicion',
      },
      { ...caps, usdPerDay: 1, usdPerMonth: 1 },
    );
    expect(banker.answer([want('calm')], evening).refused[0]?.reason).toBe('budget: ahead of its pace');
  });

  it('counts what refused calls cost as nothing', () => {
    const { banker, want, settle, spent } = open();
    for (const id of banker.answer([want()], evening).granted) settle(id, null, false);
    expect(spent()).toMatchObject({ usd: 0, requests: 1 });
  });

  it('learns that a route is dearer than the catalogue says', () => {
    const { banker, want, settle, spent } = open();
    for (const id of banker.answer([want()], evening).granted) settle(id, 0.0006);
    banker.answer([want()], evening);
    expect(spent().reservedUsd).toBeCloseTo(0.00075);
  });

  it('is not drained by one route that claims more and more', () => {
    const { banker, want, settle, spent } = open({ usdPerDay: 1, usdPerMonth: 30 }, [route('a'), route('b')]);
    for (let i = 0; i < 500; i++) for (const id of banker.answer([want()], evening).granted) settle(id, 5);
    expect(spent().usd).toBeLessThan(0.02);
    expect(banker.answer([want()], evening).refused[0]?.reason).toMatch(/far more than its price/);
    expect(banker.answer([want('suspicion', 'completion|b')], evening).granted.length).toBe(1);
    // An hour later it is asked once, and an honest answer ends it.
    const later = evening + 3_600_001;
    const [id] = banker.answer([want('suspicion', 'completion|a', later)], later).granted;
    settle(id ?? '', 0.0001);
    expect(banker.answer([want(), want()], later).granted.length).toBe(2);
  });

  it('says when it is used up, and nothing more is granted', () => {
    const { banker, want } = open({ usdPerDay: 0.001 });
    const { granted } = banker.answer(
      Array.from({ length: 50 }, () => want()),
      evening,
    );
    expect(granted.length).toBe(5);
    expect(banker.facts(evening)).toMatchObject({ isCapped: true, capUsd: 0.001 });
  });

  it('leaves forty-five of the fifty free requests of a day to their owner', () => {
    const { banker, want } = open({ usdPerDay: 100, usdPerMonth: 1_000 }, [route('a', { priceUsd: 0 })]);
    banker.setFreeTier('openrouter', true);
    const { granted } = banker.answer(
      Array.from({ length: 60 }, () => want()),
      evening,
    );
    expect(granted.length).toBe(5);
  });

  it('asks free variants at most ten times a minute', () => {
    const { banker, want } = open({}, [route('a', { priceUsd: 0, wireModel: 'x/y:free' })]);
    const wants = () => Array.from({ length: 15 }, () => want());
    expect(banker.answer(wants(), evening).granted.length).toBe(10);
    expect(banker.answer(wants(), evening + 61_000).granted.length).toBe(10);
  });

  it('grants nothing for what is not watched', () => {
    const { banker, want } = open();
    expect(banker.answer([want('calm', 'completion|gone')], evening).refused.length).toBe(1);
  });
});
