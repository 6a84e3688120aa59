import { describe, expect, test } from 'vitest';
import { makeScene } from '../testing/scene.ts';
import { feedDocument } from './feed-document.ts';
import type { FeedFacts, FeedWindow } from './feed-facts.ts';
import { wholeFeed } from './feed-query.ts';
import type { LimitsKnown, RouteState } from './plan.ts';
import { targetKey } from './target.ts';

const nowMs = 1_800_000_000_000;
const minuteMs = 60_000;
const scene = makeScene('calm', nowMs).facts;
const base = scene.routes.find((r) => r.target.provider === 'groq') as RouteState;
const key = targetKey('completion', base.target);
const everyMs = scene.fleet.find((one) => one.key === key)?.everyMs ?? minuteMs;

const window = (change: Partial<FeedWindow>): FeedWindow => ({
  targetKey: key,
  windowMs: 5 * minuteMs,
  samples: 0,
  passive: 0,
  ok: 0,
  lastAtMs: null,
  byClass: {},
  firstTokenMs: null,
  totalMs: null,
  worstGapMs: null,
  tokensPerSecond: null,
  ...change,
});

interface Published {
  observed_at: string;
  valid_until: string;
  aliases: Record<string, unknown>;
  circuit: Record<string, unknown>;
  confidence: Record<string, unknown>;
  evidence: Record<string, unknown>;
  price: Record<string, unknown>;
  rate_limit: Record<string, unknown>;
}

function published(change: Partial<FeedFacts>, route: Partial<RouteState> = {}): Published {
  const facts = { ...scene, beatMs: nowMs, routes: [{ ...base, ...route }], ...change };
  const { document } = feedDocument(facts, { ...wholeFeed, view: 'full' }, null);
  return (document.targets as Published[])[0] as Published;
}

describe('what a target in the full view rests on', () => {
  test('a look that changed no decision makes it fresh all the same', () => {
    const old = { ...base.confidence, lastSampleAtMs: nowMs - 5 * minuteMs };
    const lastAtMs = nowMs - 3_000;
    const target = published({ windows: [window({ samples: 9, lastAtMs })] }, { confidence: old });
    expect(target.observed_at).toBe(new Date(lastAtMs).toISOString());
    expect(target.confidence.last_sample_at).toBe(target.observed_at);
    expect(Date.parse(target.valid_until)).toBe(lastAtMs + Math.max(90_000, 3 * everyMs));
  });

  test('own looks and others’ traffic are counted apart', () => {
    const windows = [
      window({ windowMs: 30 * minuteMs, samples: 30, passive: 3 }),
      window({ samples: 9, passive: 2 }),
    ];
    const { evidence } = published({ windows });
    expect(evidence).toMatchObject(
      everyMs <= minuteMs ? { synthetic: 7, passive: 2 } : { synthetic: 27, passive: 3 },
    );
    expect(published({ windows: [] }).evidence).toMatchObject({ synthetic: 0, passive: 0 });
  });

  test('the gateway’s own figures say when they were read, and a price as of when', () => {
    const endpoints = new Map(
      [...scene.endpoints].map(([id, list]) => [
        `${base.target.gateway}|${id}`,
        list.map((e) => ({ ...e, uptime5m: 98.5, readAtMs: nowMs - 20_000 })),
      ]),
    );
    const target = published({ endpoints });
    const at = new Date(nowMs - 20_000).toISOString();
    expect(target.evidence.gateway_stats).toEqual({ uptime_last_5m: 98.5, fetched_at: at });
    expect(target.price.as_of).toBe(at);
  });

  test('the vendor’s own page is quoted in its worst word, while it is read', () => {
    const claim = (status: 'operational' | 'degraded' | 'unknown') => ({
      ...{ component: 'API', provider: null, model: null, status },
      ...{ uptime5m: null, uptime30m: null, uptime1d: null },
    });
    const page = (atMs: number) => ({
      page: 'groq',
      atMs,
      claims: [claim('operational'), claim('degraded')],
    });
    const status = (claims: FeedFacts['claims'], route = {}) =>
      published({ claims }, route).evidence.vendor_status;
    expect(status([page(nowMs - 30_000)])).toBe('degraded');
    expect(status([page(nowMs - 3_600_000)])).toBeNull();
    expect(status([{ ...page(nowMs), page: 'openrouter' }])).toBeNull();
    expect(status([{ ...page(nowMs), claims: [claim('operational'), claim('unknown')] }])).toBe('unknown');
    const any = { target: { ...base.target, provider: 'any' } };
    expect(status([{ ...page(nowMs), page: 'openrouter', claims: [claim('operational')] }], any)).toBe(
      'operational',
    );
  });

  test('a direct route is named there too, and its price is what is reckoned with', () => {
    const target = { gateway: 'direct', provider: 'anthropic', model: 'claude-haiku-4-5' };
    const pattern = scene.fleet.find((one) => one.probe === 'completion');
    if (!pattern) throw new Error('the scene lacks a route');
    const price = { promptUsd: 1e-6, completionUsd: 5e-6, requestUsd: 0 };
    const fleet = [{ ...pattern, key: targetKey('completion', target), target, price }];
    const one = published({ fleet, workerStartedAtMs: nowMs - minuteMs }, { target, endpoint: null });
    expect(one.aliases.vercel).toEqual({ model: 'anthropic/claude-haiku-4.5', provider: 'anthropic' });
    const as_of = new Date(nowMs - minuteMs).toISOString();
    expect(one.price).toEqual({ currency: 'USD', input_per_mtok: 1, output_per_mtok: 5, as_of });
  });

  test('openings are those of the last hour', () => {
    const openedAtMs = [nowMs - 61 * minuteMs, nowMs - 59 * minuteMs, nowMs - minuteMs];
    expect(published({}, { circuit: { ...base.circuit, openedAtMs } }).circuit.opened_count_1h).toBe(2);
    const { openedAtMs: _, ...never } = base.circuit;
    expect(published({}, { circuit: never }).circuit.opened_count_1h).toBe(0);
  });

  test('it is named as Vercel’s gateway would name it', () => {
    const target = { gateway: 'openrouter', provider: 'groq', model: 'meta-llama/llama-3.3-70b-instruct' };
    expect(published({}, { target, endpoint: 'groq' }).aliases.vercel).toEqual({
      model: 'meta/llama-3.3-70b',
      provider: 'groq',
    });
  });
});

describe('what is left of our key’s limit', () => {
  const told = {
    atMs: nowMs - 1_000,
    requests: 1_000,
    remaining: 958,
    resetAtMs: nowMs + 55_000,
    retryAtMs: null,
  };
  const limit = (
    known: Partial<LimitsKnown>,
    change: Partial<FeedFacts> = {},
    route: Partial<RouteState> = {},
  ) => published({ limits: new Map([[key, { ...told, ...known }]]), ...change }, route).rate_limit;

  test('is what the far side said', () => {
    expect(limit({})).toMatchObject({
      state: 'ok',
      limit_requests: 1_000,
      remaining_requests: 958,
      reset_at: new Date(nowMs + 55_000).toISOString(),
      retry_after_s: null,
      scope: 'probe_key',
    });
  });

  test('is whole again after its reset, and unknown when it was not heard of for long', () => {
    const past = { remaining: 3, resetAtMs: nowMs - 500 };
    expect(limit(past)).toMatchObject({ remaining_requests: 1_000, reset_at: null, state: 'ok' });
    const longAgo = nowMs - Math.max(90_000, 3 * everyMs) - 1;
    for (const resetAtMs of [null, nowMs - 500])
      expect(limit({ atMs: longAgo, resetAtMs })).toMatchObject({
        limit_requests: null,
        remaining_requests: null,
      });
  });

  test('is near its end at a tenth, and limited when we were turned away, with how long to wait', () => {
    expect(limit({ remaining: 100 }).state).toBe('near');
    expect(limit({ remaining: 101 }).state).toBe('ok');
    const retryAtMs = nowMs + 12_300;
    expect(limit({ remaining: 0, retryAtMs }, {}, { limited: true })).toMatchObject({
      state: 'limited',
      retry_after_s: 13,
    });
    expect(limit({ retryAtMs: nowMs - 1 }).retry_after_s).toBeNull();
  });

  test('is nothing anybody knows past the expiry', () => {
    expect(limit({}, { isExpired: true }).state).toBe('unknown');
  });
});
