import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffEndpoints, diffModels } from './catalog-diff.ts';
import { catalogEvents } from './catalog-events.ts';
import { nearestReplacements } from './catalog-replacements.ts';
import type { EndpointFact, ModelFact } from './plan.ts';

const nowMs = Date.UTC(2026, 8, 1);

function model(id: string, more: Partial<ModelFact> = {}): ModelFact {
  return {
    id,
    canonicalSlug: null,
    name: id,
    contextLength: 128_000,
    promptUsd: 1e-7,
    completionUsd: 4e-7,
    requestUsd: null,
    supportedParameters: ['max_tokens'],
    inputModalities: ['text'],
    outputModalities: ['text'],
    isReasoningMandatory: false,
    expirationDate: null,
    createdAtMs: null,
    ...more,
  };
}

function endpoint(provider: string, more: Partial<EndpointFact> = {}): EndpointFact {
  return {
    model: 'a/m',
    provider,
    providerName: provider,
    tag: provider,
    quantization: 'fp8',
    contextLength: null,
    maxCompletionTokens: null,
    promptUsd: null,
    completionUsd: null,
    requestUsd: null,
    supportedParameters: [],
    status: null,
    uptime5m: null,
    uptime30m: null,
    uptime1d: null,
    latencyMs: null,
    throughputTps: null,
    ...more,
  };
}

const say = (before: ModelFact[], after: ModelFact[], isComplete = true) =>
  catalogEvents('openrouter', diffModels(before, after, isComplete, nowMs), nowMs);

test('the first reading of a list is no news', () => {
  expect(say([], [model('a/one')])).toEqual([]);
});

test('an unchanged list is no news, in whatever order it comes', () => {
  expect(say([model('a/one'), model('b/two')], [model('b/two'), model('a/one')])).toEqual([]);
});

test('a new model is told with its size and price', () => {
  const [event] = say([model('a/one')], [model('a/one'), model('a/two', { contextLength: 1_048_576 })]);
  expect(event).toMatchObject({ type: 'catalog.model_added', scope: { kind: 'model', id: 'a/two' } });
  expect(event?.sentence).toBe(
    'OpenRouter now lists a/two with 1.049M tokens of context, 0.1/0.4 USD per million tokens.',
  );
});

test('a model that is gone is told with what could take its place', () => {
  const [event] = say([model('a/one-mini'), model('a/two-mini')], [model('a/two-mini')]);
  expect(event).toMatchObject({ type: 'catalog.model_withdrawn', data: { replacements: ['a/two-mini'] } });
});

test('absences mean nothing in an incomplete list', () => {
  expect(say([model('a/one'), model('a/two')], [model('a/two')], false)).toEqual([]);
});

test('an end date is told once, when it appears or moves, and the event carries the day', () => {
  const dated = model('a/one', { expirationDate: '2026-10-01' });
  const [event] = say([model('a/one'), model('a/two')], [dated, model('a/two')]);
  expect(event).toMatchObject({
    type: 'catalog.model_expiring',
    expiresAtMs: Date.UTC(2026, 9, 1),
    data: { replacements: ['a/two'] },
  });
  expect(say([dated], [dated])).toEqual([]);
  expect(say([dated], [model('a/one', { expirationDate: '2026-11-01' })])).toHaveLength(1);
});

test('a new price is told with before and after, a vanished or rounded one is not', () => {
  const [event] = say([model('a/one')], [model('a/one', { promptUsd: 2e-7 })]);
  expect(event?.sentence).toBe(
    'OpenRouter changed the price of a/one: 0.1/0.4 USD per million tokens → 0.2/0.4 USD per million tokens.',
  );
  expect(say([model('a/one')], [model('a/one', { promptUsd: null })])).toEqual([]);
  expect(say([model('a/one')], [model('a/one', { promptUsd: 1.00005e-7 })])).toEqual([]);
});

test('a changed context is told', () => {
  const [event] = say([model('a/one')], [model('a/one', { contextLength: 32_768 })]);
  expect(event?.sentence).toContain('from 128k to 32.77k tokens');
});

test('who serves a model is news: who came, who left, and that only one is left', () => {
  const changes = diffEndpoints('a/m', [endpoint('x'), endpoint('y')], [endpoint('x')]);
  const [event] = catalogEvents('openrouter', changes, nowMs);
  expect(event?.sentence).toBe(
    'a/m at OpenRouter: y no longer serves it; only x is left, so it cannot fail over.',
  );
  expect(diffEndpoints('a/m', [], [endpoint('x')])).toEqual([]);
});

test('the same endpoint at another precision is news', () => {
  const changes = diffEndpoints('a/m', [endpoint('x')], [endpoint('x', { quantization: 'fp4' })]);
  expect(changes).toMatchObject([{ what: [{ kind: 'quantization', before: 'fp8', after: 'fp4' }] }]);
});

test('the nearest replacement is of the same maker and family, not the cheapest of all', () => {
  const others = [
    model('openai/gpt-4o-mini', { promptUsd: 1.5e-7, completionUsd: 6e-7 }),
    model('anthropic/claude-haiku-4.5', { promptUsd: 1e-6, completionUsd: 5e-6 }),
    model('anthropic/claude-opus-4.7', { promptUsd: 5e-6, completionUsd: 2.5e-5 }),
    model('anthropic/claude-haiku-4.5:thinking', { promptUsd: 1e-6, completionUsd: 5e-6 }),
  ];
  const gone = model('anthropic/claude-3.5-haiku', { promptUsd: 8e-7, completionUsd: 4e-6 });
  expect(nearestReplacements(gone, others, nowMs)[0]).toBe('anthropic/claude-haiku-4.5');
  expect(nearestReplacements(gone, others, nowMs)).not.toContain('anthropic/claude-haiku-4.5:thinking');
});

test('a replacement can read what the old one read, and is not leaving itself', () => {
  const gone = model('a/vision', { inputModalities: ['text', 'image'] });
  const others = [
    model('a/blind'),
    model('a/leaving', { inputModalities: ['text', 'image'], expirationDate: '2026-09-03' }),
  ];
  expect(nearestReplacements(gone, others, nowMs)).toEqual([]);
});

test('every change of two arbitrary lists has an id of its own, the same each time', () => {
  const fact = fc.record({
    id: fc.constantFrom('a/1', 'a/2', 'b/1', 'b/2', 'c/1'),
    promptUsd: fc.option(fc.constantFrom(0, 1e-7, 2e-7)),
    contextLength: fc.option(fc.constantFrom(8_192, 131_072)),
    expirationDate: fc.option(fc.constantFrom('2026-10-01', '2026-12-01')),
  });
  const list = fc
    .uniqueArray(fact, { selector: ({ id }) => id })
    .map((facts) => facts.map((f) => model(f.id, f)));
  fc.assert(
    fc.property(list, list, fc.boolean(), (before, after, isComplete) => {
      const ids = say(before, after, isComplete).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(say(before, after, isComplete).map(({ id }) => id)).toEqual(ids);
    }),
  );
});
