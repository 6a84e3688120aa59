import { expect, it } from 'vitest';
import type { ModelFact } from '../core/plan.ts';
import { listedNames } from './listed-names.ts';

const model = (id: string, canonicalSlug: string | null): ModelFact => ({
  id,
  canonicalSlug,
  name: null,
  contextLength: null,
  promptUsd: null,
  completionUsd: null,
  requestUsd: null,
  supportedParameters: [],
  inputModalities: [],
  outputModalities: [],
  isReasoningMandatory: false,
  expirationDate: null,
  createdAtMs: null,
});
const models = [
  model('anthropic/claude-haiku-4.5', 'anthropic/claude-4.5-haiku-20251001'),
  model('qwen/qwen3-coder:free', 'qwen/qwen3-coder-480b-a35b-07-25'),
  model('qwen/qwen3-coder', 'qwen/qwen3-coder-480b-a35b-07-25'),
  model('openai/gpt-4o', 'openai/gpt-4o'),
];

it.each([
  ['anthropic/claude-4.5-haiku-20251001', 'anthropic/claude-haiku-4.5'],
  ['anthropic/claude-haiku-4.5', 'anthropic/claude-haiku-4.5'],
  ['qwen/qwen3-coder-480b-a35b-07-25', 'qwen/qwen3-coder'],
  ['qwen/qwen3-coder-480b-a35b-07-25:free', 'qwen/qwen3-coder:free'],
  ['openai/gpt-4o:extended', 'openai/gpt-4o'],
  ['nobody/knows', 'nobody/knows'],
])('%s is listed as %s', (name, id) => {
  expect(listedNames(models, [name])).toEqual([id]);
});

it('two names of one model are one, and without a catalogue names stay as they are', () => {
  const both = ['anthropic/claude-4.5-haiku-20251001', 'anthropic/claude-haiku-4.5'];
  expect(listedNames(models, both)).toEqual(['anthropic/claude-haiku-4.5']);
  expect(listedNames(undefined, both)).toEqual(both);
});
