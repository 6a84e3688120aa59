import { expect, test } from 'vitest';
import { chooseUnpinnedByName, type UnpinnedWish } from './fleet-unpinned.ts';
import type { ModelFact } from './plan.ts';

const model = (id: string, promptUsd: number | null = null, more: Partial<ModelFact> = {}): ModelFact => ({
  id,
  canonicalSlug: null,
  name: null,
  contextLength: null,
  promptUsd,
  completionUsd: promptUsd,
  requestUsd: null,
  supportedParameters: [],
  inputModalities: [],
  outputModalities: [],
  isReasoningMandatory: false,
  expirationDate: null,
  createdAtMs: null,
  ...more,
});
const price = (usd: number) => ({ promptUsd: usd, completionUsd: usd, requestUsd: 0 });
const known = new Map([
  ['llama-3.1-8b-instruct', price(2e-8)],
  ['gpt-4.1-nano', price(1e-7)],
  ['claude-haiku-4.5', price(5e-6)],
]);
const choose = (wish: Partial<UnpinnedWish>) =>
  chooseUnpinnedByName({ models: [], own: [], known, previous: [], nowMs: 0, ...wish }).map((r) => r.model);

test('without a list the preset’s own models are called, and of no gateway more than three', () => {
  expect(choose({ own: ['gpt-4o-mini'] })).toEqual(['gpt-4o-mini']);
  expect(choose({ own: ['a', 'b', 'c', 'd'] })).toEqual(['a', 'b', 'c']);
  expect(choose({})).toEqual([]);
});

test('of a list without prices those are called that are cheap by name, each model once', () => {
  const models = [
    'openai/gpt-4.1-nano',
    'gpt-4.1-nano-2025-04-14',
    'meta/llama-3.1-8b-instruct',
    'dear-9000',
    'claude-haiku-4-5',
  ];
  expect(choose({ models: models.map((id) => model(id)) })).toEqual([
    'meta/llama-3.1-8b-instruct',
    'gpt-4.1-nano-2025-04-14',
  ]);
});

test('of a list with prices the cheapest that answer in text, not those that end soon, think or draw', () => {
  const models = [
    model('x/embed-small', 1e-9),
    model('x/draws', 1e-9, { outputModalities: ['image'] }),
    model('x/thinks', 1e-9, { isReasoningMandatory: true }),
    model('x/ends', 1e-9, { expirationDate: '1970-01-05' }),
    model('x/free', 0),
    model('x/b', 3e-8),
    model('x/a', 3e-8),
    model('x/dear', 1e-5),
  ];
  expect(choose({ models, own: ['not/listed', 'x/dear'] })).toEqual(['x/dear', 'x/a', 'x/b']);
});

test('what was chosen stays while it is listed', () => {
  const models = [model('x/a', 1e-8), model('x/b', 2e-8), model('x/c', 3e-8), model('x/d', 4e-8)];
  const previous = ['x/d', 'x/gone'].map((id) => ({
    provider: 'any',
    model: id,
    endpoint: null,
    role: 'unpinned' as const,
    priceUsd: 1e-6,
  }));
  expect(choose({ models, previous })).toEqual(['x/d', 'x/a', 'x/b']);
});
