import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import type { BuiltFleet } from '#lib/config/fleet.ts';
import type { Loaded } from '#lib/config/load.ts';
import { type ConfigInput, configSchema } from '#lib/config/schema.ts';
import type { Watched } from '#lib/core/fleet.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import { capsOf, createFleetKeeper } from './fleet-keeper.ts';
import { startLines } from './start-lines.ts';

const noon = Date.UTC(2026, 1, 17, 12);
const loaded = (config: ConfigInput = {}): Loaded => ({
  config: configSchema.parse(config),
  file: null,
  dataDir: '.',
  databaseUrl: null,
  fromEnv: new Map(),
  env: {},
});
const route = (priceUsd: number, everyMs = 60_000) =>
  watchedTarget(
    'completion',
    { gateway: 'openrouter', provider: 'a', model: 'm' },
    { baseUrl: 'http://h', priceUsd, everyMs },
  );
const control = watchedTarget(
  'control',
  { gateway: null, provider: 'c', model: null },
  { baseUrl: 'http://h' },
);

function stage(watched: Watched[]) {
  const built: BuiltFleet = { watched, chains: [], keys: new Map([['k', 's']]), chosen: {}, remarks: [] };
  const store = openMemoryStore({ nowMs: () => noon });
  return { store, built, keeper: createFleetKeeper(store, () => built) };
}

describe('the fleet', () => {
  it('is stored, and said to have changed only when it has', () => {
    const { store, built, keeper } = stage([route(1e-6), control]);
    expect(keeper.rebuild(loaded(), noon)).toBe(true);
    expect(keeper.rebuild(loaded(), noon)).toBe(false);
    expect(store.looks.current().fleet.length).toBe(2);
    built.watched = [control];
    expect(keeper.rebuild(loaded(), noon)).toBe(true);
    expect(store.looks.current().fleet.map((w) => w.key)).toEqual([control.key]);
  });

  it('looks at dear routes more seldom until the day uses three quarters of its budget', () => {
    const { keeper } = stage([route(0.001), control]);
    keeper.rebuild(loaded(), noon);
    const [paid, free] = keeper.fleet().watched as [Watched, Watched];
    expect((86_400_000 / paid.everyMs) * 0.001).toBeLessThanOrEqual(0.375);
    expect(free.everyMs).toBe(control.everyMs);
    expect(paid.everyMs).toBeGreaterThan(3.8 * 60_000);
  });

  it('lets what is asked seldom give way before the core, and all of it when that is not enough', () => {
    const cheap = route(0.00001);
    const { keeper } = stage([cheap, { ...route(0.02), key: 'seldom', everyMs: 1_200_000 }]);
    keeper.rebuild(loaded(), noon);
    expect(keeper.fleet().watched[0]?.everyMs).toBe(cheap.everyMs);
    expect(keeper.fleet().watched[1]?.everyMs).toBeGreaterThan(3.9 * 1_200_000);
    keeper.rebuild(loaded({ budget: { usd_per_day: 0.1 } }), noon);
    expect(keeper.fleet().watched[0]?.everyMs).toBeGreaterThan(10 * 60_000);
  });

  it('holds to what one gateway may cost', () => {
    const { keeper } = stage([route(0.0001)]);
    keeper.rebuild(loaded({ budget: { per_gateway: { openrouter: { requests_per_day: 144 } } } }), noon);
    const day = 86_400_000 / (keeper.fleet().watched[0] as Watched).everyMs;
    expect(day).toBeLessThanOrEqual(108);
    expect(day).toBeGreaterThan(100);
  });

  it('leaves a key of the free tier to its owner', () => {
    const { keeper } = stage([route(1e-6)]);
    const caps = { ...capsOf(loaded().config), perGateway: { openrouter: { requestsPerDay: 5 } } };
    keeper.rebuild(loaded(), noon, caps);
    expect(86_400_000 / (keeper.fleet().watched[0] as Watched).everyMs).toBeLessThanOrEqual(3.75);
  });

  it('keeps intervals as they are said when there is no budget at all', () => {
    const { keeper } = stage([route(0.0001)]);
    keeper.rebuild(loaded({ budget: { usd_per_day: 0 } }), noon);
    expect(keeper.fleet().watched[0]?.everyMs).toBe(60_000);
    expect(keeper.stretch()).toBe(Number.POSITIVE_INFINITY);
  });

  it('spends of a month what is left of it', () => {
    const { store, keeper } = stage([route(0.0001)]);
    const caps = { usdPerDay: 100, usdPerMonth: 100, requestsPerDay: 10, perGateway: {}, reserveShare: 0 };
    store.ledger.reserve(
      {
        id: 'x',
        atMs: noon - 86_400_000,
        gateway: 'openrouter',
        usd: 14.4,
        requests: 1,
        purpose: 'suspicion',
      },
      caps,
    );
    keeper.rebuild(loaded(), noon);
    expect((86_400_000 / (keeper.fleet().watched[0] as Watched).everyMs) * 0.0001).toBeLessThanOrEqual(
      (0.6 / 12) * 0.75,
    );
  });
});

describe('what is said at the start', () => {
  it('names what is watched, what it costs, and how to switch it off', () => {
    const lines = startLines(loaded(), [route(1e-5), control], ['provider x lacks a key'], 1);
    expect(lines[0]).toBe('Watching 2 targets (1 control, 1 route) from "local".');
    expect(lines[1]).toMatch(/^Calls cost about 0\.01 USD a day, 0\.43 USD a month .*"routes: \[\]"/);
    expect(lines[2]).toBe('Not watched: provider x lacks a key.');
  });

  it('says when no call is paid for, and when the budget slows them', () => {
    expect(startLines(loaded(), [control], [], 1)[1]).toMatch(/No calls are paid for/);
    expect(startLines(loaded(), [route(1)], [], 2.5)[2]).toMatch(/2\.50 times less often/);
    expect(startLines(loaded(), [route(1)], [], Number.POSITIVE_INFINITY)[2]).toMatch(/nought/);
  });
});
