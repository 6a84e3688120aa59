import { expect, test } from 'vitest';
import type { EndpointFact, Found, ModelFact } from '#lib/core/plan.ts';
import { catalogNews } from './catalog-news.ts';

const model = (id: string) =>
  ({
    id,
    promptUsd: 1e-7,
    completionUsd: 1e-7,
    contextLength: 1_000,
    expirationDate: null,
    inputModalities: [],
    outputModalities: [],
    supportedParameters: [],
  }) as unknown as ModelFact;
const endpoint = (provider: string) => ({ provider, tag: provider, quantization: null }) as EndpointFact;
const store = {
  models: () => [model('a/one'), model('a/two')],
  endpoints: () => [endpoint('x'), endpoint('y')],
  account: () => null,
  certificate: () => null,
};
const news = (found: Found[], watched = ['a/one']) =>
  catalogNews(store, found, 1_000, (_gateway, id) => watched.includes(id)).map(({ type }) => type);

test('a list is held against what the store knew', () => {
  const models = {
    kind: 'models',
    gateway: 'openrouter',
    models: [model('a/two'), model('a/three')],
    isComplete: true,
  } as Found;
  expect(news([models])).toEqual(['catalog.model_added', 'catalog.model_withdrawn']);
});

test('who serves a model is news only where the model is watched', () => {
  const gone = {
    kind: 'endpoints',
    gateway: 'openrouter',
    model: 'a/one',
    endpoints: [endpoint('x')],
  } as Found;
  expect(news([gone])).toEqual(['catalog.endpoint_changed']);
  expect(news([gone], [])).toEqual([]);
});

test('a model without any endpoint for a moment is left to the list to withdraw', () => {
  expect(news([{ kind: 'endpoints', gateway: 'openrouter', model: 'a/one', endpoints: [] }])).toEqual([]);
});

test('a list of thousands that nobody knew yesterday is news of some hundreds at most', () => {
  const models = Array.from({ length: 3_000 }, (_, i) => model(`b/${i}`));
  const flood = { kind: 'models', gateway: 'openrouter', models, isComplete: true } as Found;
  expect(news([flood])).toHaveLength(200);
});
