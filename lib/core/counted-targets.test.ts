import { expect, test } from 'vitest';
import { countedTargets } from './counted-targets.ts';
import { targetId } from './target.ts';

const route = (gateway: string, provider: string, model: string) => ({
  target: { gateway, provider, model },
});
const fleet = [
  route('openrouter', 'any', 'openai/gpt-5-nano'),
  route('openrouter', 'deepinfra/fp8', 'meta-llama/llama-3.3-70b-instruct'),
  route('openrouter', 'groq', 'meta-llama/llama-3.3-70b-instruct'),
  route('tokenmix', 'groq', 'openai/gpt-5-nano'),
  route('direct', 'anthropic', 'claude-haiku-4-5'),
  route('openrouter', 'anthropic', 'anthropic/claude-haiku-4.5'),
];
const counted = (kind: Parameters<typeof countedTargets>[0]['kind'], id: string) =>
  countedTargets({ kind, id }, fleet).map(({ target }) => targetId(target));

// Seen red with every route through a gateway counted as the gateway's.
test('a gateway answers for what it chooses itself, not for the provider a route is pinned to', () => {
  expect(counted('gateway', 'openrouter')).toEqual(['openrouter:any:openai~gpt-5-nano']);
});

test('a gateway of which nothing unpinned is asked is judged by all its routes', () => {
  expect(counted('gateway', 'tokenmix')).toEqual(['tokenmix:groq:openai~gpt-5-nano']);
});

test('a provider answers for all its endpoints through every gateway, a model for all its names', () => {
  expect(counted('provider', 'deepinfra')).toEqual([
    'openrouter:deepinfra~fp8:meta-llama~llama-3.3-70b-instruct',
  ]);
  expect(counted('provider', 'groq')).toHaveLength(2);
  expect(counted('model', 'anthropic/claude-haiku-4.5')).toHaveLength(2);
  expect(counted('route', 'direct/anthropic/claude-haiku-4-5')).toEqual([
    'direct:anthropic:claude-haiku-4-5',
  ]);
  expect(counted('chain', 'chat')).toEqual([]);
});
