import { describe, expect, it } from 'vitest';
import { chooseDefaultRoutes, fleetShape } from './fleet-default.ts';
import type { EndpointFact, ModelFact } from './plan.ts';

const nowMs = Date.UTC(2026, 10, 1);

function model(id: string, more: Partial<ModelFact> = {}): ModelFact {
  return {
    id,
    canonicalSlug: null,
    name: id,
    contextLength: 8_000,
    promptUsd: 1e-7,
    completionUsd: 2e-7,
    requestUsd: 0,
    supportedParameters: ['temperature'],
    inputModalities: ['text'],
    outputModalities: ['text'],
    isReasoningMandatory: false,
    expirationDate: null,
    createdAtMs: null,
    ...more,
  };
}

function endpoint(
  modelId: string,
  provider: string,
  promptUsd = 1e-7,
  more: Partial<EndpointFact> = {},
): EndpointFact {
  return {
    model: modelId,
    provider,
    providerName: provider,
    tag: `${provider}/fp8`,
    quantization: 'fp8',
    contextLength: 8_000,
    maxCompletionTokens: null,
    promptUsd,
    completionUsd: promptUsd * 2,
    requestUsd: 0,
    supportedParameters: [],
    status: 0,
    uptime5m: null,
    uptime30m: null,
    uptime1d: null,
    latencyMs: null,
    throughputTps: null,
    ...more,
  };
}

const providers = ['alpha', 'beta', 'gamma', 'delta', 'eps', 'zeta', 'eta', 'theta', 'iota', 'kappa'];
const models = ['a/one', 'b/two', 'c/three', 'd/four', 'e/five', 'f/six'].map((id) => model(id));
const endpoints = models.flatMap((m, i) =>
  providers.slice(0, 8).map((p, j) => endpoint(m.id, p, 1e-7 * (1 + ((i * 3 + j) % 5)))),
);
const lone = [endpoint('a/one', 'iota'), endpoint('b/two', 'kappa', 9e-6)];
const facts = { models, endpoints: [...endpoints, ...lone] };

describe('the default fleet', () => {
  const chosen = chooseDefaultRoutes(facts, [], nowMs);
  const core = chosen.filter(({ role }) => role === 'core');

  it('crosses twelve pinned routes over eight providers', () => {
    expect(core).toHaveLength(fleetShape.core);
    expect(new Set(core.map(({ provider }) => provider)).size).toBe(8);
  });

  it('watches every core model on at least two providers', () => {
    for (const { model: id } of core)
      expect(core.filter((route) => route.model === id).length, id).toBeGreaterThanOrEqual(2);
  });

  it('adds three unpinned routes of different models and every other provider once', () => {
    const unpinned = chosen.filter(({ role }) => role === 'unpinned');
    expect(new Set(unpinned.map(({ model: id }) => id)).size).toBe(3);
    expect(
      chosen
        .filter(({ role }) => role === 'other')
        .map(({ provider }) => provider)
        .sort(),
    ).toEqual(['iota', 'kappa']);
  });

  it('is the same whatever the order of the catalogue', () => {
    const shuffled = { models: [...models].reverse(), endpoints: [...facts.endpoints].reverse() };
    expect(chooseDefaultRoutes(shuffled, [], nowMs)).toEqual(chosen);
  });

  it('keeps what it chose when prices move, and replaces only what was withdrawn', () => {
    const gone = core[0]!;
    const moved = facts.endpoints
      .filter((e) => !(e.model === gone.model && e.provider === gone.provider))
      .map((e) => ({ ...e, promptUsd: (e.promptUsd ?? 0) * 1.5 }));
    const next = chooseDefaultRoutes({ models, endpoints: moved }, chosen, nowMs).filter(
      ({ role }) => role === 'core',
    );
    const keys = (list: typeof core) => list.map((r) => `${r.model} ${r.provider}`);
    expect(keys(next)).toEqual(
      expect.arrayContaining(keys(core).filter((key) => key !== `${gone.model} ${gone.provider}`)),
    );
    expect(keys(next)).not.toContain(`${gone.model} ${gone.provider}`);
    expect(next).toHaveLength(fleetShape.core);
  });

  it('does not take a model for withdrawn because its endpoints were not read this time', () => {
    const partial = facts.endpoints.filter((e) => e.model !== core[0]!.model);
    const next = chooseDefaultRoutes({ models, endpoints: partial }, chosen, nowMs);
    expect(next).toContainEqual(core[0]);
  });

  it.each([
    ['a free variant', model('g/free:free')],
    ['a variable price', model('g/auto', { promptUsd: -1 })],
    ['a model that must think', model('g/think', { isReasoningMandatory: true })],
    ['a model about to expire', model('g/old', { expirationDate: '2026-11-05' })],
    ['a model that answers in pictures', model('g/pic', { outputModalities: ['image'] })],
  ])('never chooses %s', (_why, odd) => {
    const cheap = providers.slice(0, 8).map((p) => endpoint(odd.id, p, 1e-9));
    const next = chooseDefaultRoutes(
      { models: [...models, odd], endpoints: [...facts.endpoints, ...cheap] },
      [],
      nowMs,
    );
    expect(next.some(({ model: id }) => id === odd.id)).toBe(false);
  });

  it('finds nothing to watch in an empty catalogue', () => {
    expect(chooseDefaultRoutes({ models: [], endpoints: [] }, [], nowMs)).toEqual([]);
  });
});
