import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeScene, sceneNames } from '../testing/scene.ts';
import { feedChains } from './feed-chains.ts';
import { feedDocument } from './feed-document.ts';
import { publishable } from './feed-expire.ts';
import { feedGroups, feedModels } from './feed-groups.ts';
import { wholeFeed } from './feed-query.ts';
import { statuspageStatus } from './feed-statuspage.ts';
import { circuitStates, type RouteState } from './plan.ts';
import { feedStates } from './words.ts';

const nowMs = 1_800_000_000_000;
const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as (a: Ajv2020) => void)(ajv);
const isValid = ajv.compile(
  JSON.parse(readFileSync(new URL('../../app/_edge/health.schema.json', import.meta.url), 'utf8')) as object,
);

describe.each(sceneNames)('in the scene %s', (name) => {
  const { facts } = makeScene(name, nowMs);

  test.each(['full', 'routing'] as const)('the %s document fits its schema', (view) => {
    const { document } = feedDocument(
      facts,
      { ...wholeFeed, view, windows: ['1m', '5m', '1h'] },
      'https://status.example.com',
    );
    expect(isValid(JSON.parse(JSON.stringify(document))) ? [] : isValid.errors).toEqual([]);
  });

  test('past its expiry every opinion is withdrawn, and nothing is green', () => {
    const old = publishable(facts, nowMs + 120_000);
    expect(
      old.routes.every(
        (r) => r.state === 'unknown' && r.circuit.state === 'closed' && r.advice.weight === 100,
      ),
    ).toBe(true);
    expect(old.components.every((c) => c.verdict === 'unknown')).toBe(true);
    expect(statuspageStatus(old, [], nowMs).status.indicator).not.toBe('none');
    expect(publishable(old, nowMs + 130_000).routes).toEqual(old.routes);
  });
});

test('whatever routes are in, the document fits its schema and the counts add up', () => {
  const [pattern] = makeScene('calm', nowMs).facts.routes;
  const route = fc.record({
    state: fc.constantFrom(...feedStates),
    circuit: fc.constantFrom(...circuitStates),
    action: fc.constantFrom('use', 'prefer_not', 'probe', 'avoid', 'last_resort'),
    provider: fc.constantFrom('a', 'b', 'any', 'c/x'),
    model: fc.constantFrom('m/1', 'm/2'),
    reason: fc.constantFrom(null, 'http_5xx', 'limited_key', 'something new', 'slow'),
    samples: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(route, { maxLength: 12 }), (list) => {
      const base = pattern as RouteState;
      const routes = list.map((r, i) => ({
        ...base,
        targetId: `openrouter:${i}`,
        target: { gateway: 'openrouter', provider: r.provider, model: r.model },
        state: r.state,
        circuit: { ...base.circuit, state: r.circuit, reason: r.reason },
        advice: { action: r.action, weight: 10 },
        confidence: { ...base.confidence, samples: r.samples },
      })) as RouteState[];
      const facts = { ...makeScene('calm', nowMs).facts, routes, chains: [] };
      for (const view of ['full', 'routing'] as const) {
        const { document } = feedDocument(facts, { ...wholeFeed, view }, null);
        expect(isValid(JSON.parse(JSON.stringify(document))) ? [] : isValid.errors).toEqual([]);
      }
      for (const group of feedGroups(facts))
        expect(group.targets_open + 0).toBeLessThanOrEqual(group.targets_total);
      expect(feedModels(facts).reduce((sum, m) => sum + m.total, 0)).toBe(routes.length);
    }),
    { numRuns: 100 },
  );
});

test('one light for everything follows the first line: green only when all is known to work', () => {
  const light = (name: (typeof sceneNames)[number], change: object = {}) =>
    statuspageStatus({ ...makeScene(name, nowMs).facts, ...change }, [], nowMs).status.indicator;
  expect(light('calm')).toBe('none');
  expect(light('partial')).toBe('major');
  expect(light('major')).toBe('critical');
  expect(light('own-connection')).toBe('minor');
  expect(light('empty')).toBe('minor');
  const { components } = makeScene('calm', nowMs).facts;
  const tired = components.map((c) => (c.id === 'groq' ? { ...c, verdict: 'degraded' } : c));
  expect(light('calm', { components: tired })).toBe('minor');
  const now = [{ id: 'w', title: 'work', scope: [], fromMs: nowMs - 1, toMs: nowMs + 1 }];
  expect(statuspageStatus(makeScene('calm', nowMs).facts, now, nowMs).status.indicator).toBe('maintenance');
  expect(statuspageStatus(makeScene('partial', nowMs).facts, now, nowMs).status.indicator).toBe('major');
});

test('a chain stands on its first usable step, and steps that share a fate count once', () => {
  const { facts } = makeScene('calm', nowMs);
  const [one, two] = facts.routes.filter(
    (r) => r.target.gateway === 'openrouter' && r.target.provider !== 'any',
  );
  if (!one || !two) throw new Error('the scene lacks routes');
  const out = { ...one, advice: { action: 'avoid' as const, weight: 0 as const } };
  const chains = [
    { id: 'c', steps: [one.target, two.target, { gateway: 'direct', provider: 'nobody', model: 'watched' }] },
  ];
  const [chain] = feedChains({ ...facts, chains, components: [], routes: [out, two] });
  expect(chain).toMatchObject({ step: 1, usable: 2 });
});
