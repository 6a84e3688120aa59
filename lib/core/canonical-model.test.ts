import { describe, expect, it } from 'vitest';
import { canonicalModel, isSameModel } from './canonical-model.ts';

describe('names of one model', () => {
  it.each([
    ['claude-haiku-4-5', 'anthropic/claude-haiku-4.5'],
    ['claude-haiku-4-5-20251001', 'anthropic/claude-haiku-4.5'],
    ['openai/gpt-5-mini-2025-08-07', 'openai/gpt-5-mini'],
    ['gpt-4.1-nano', 'openai/gpt-4.1-nano'],
    ['meta-llama/llama-3.3-70b-instruct:free', 'meta-llama/Llama-3.3-70B-Instruct'],
    ['accounts/fireworks/models/gpt-oss-20b', 'openai/gpt-oss-20b'],
    ['llama-3.1-8b-instant', 'meta-llama/llama-3.1-8b-instruct'],
    ['us.amazon.nova-micro-v1:0', 'amazon/nova-micro-v1'],
    ['mistral-large-latest', 'mistralai/mistral-large'],
    // DeepSeek's own interface serves its newest model under this name.
    ['deepseek-chat', 'deepseek/deepseek-v4-flash'],
    ['deepseek/deepseek-chat', 'deepseek/deepseek-chat-v3'],
  ])('%s is %s', (a, b) => {
    expect(isSameModel(a, b)).toBe(true);
  });

  it.each([
    ['openai/gpt-5-mini', 'openai/gpt-5-nano'],
    ['anthropic/claude-haiku-4.5', 'anthropic/claude-sonnet-4.5'],
    ['qwen/qwen3-8b', 'qwen/qwen3-32b'],
    ['x-ai/grok-4', 'x-ai/grok-4.1'],
    // In OpenRouter's list it is the third version. Seen red with every spelling of it joined to the fourth.
    ['deepseek/deepseek-chat', 'deepseek/deepseek-v4-flash'],
    ['deepseek/deepseek-chat', 'deepseek-chat'],
  ])('%s is not %s', (a, b) => {
    expect(isSameModel(a, b)).toBe(false);
  });

  it('follow what the operator says is the same', () => {
    const sameAs = new Map([['my-model', 'openai/gpt-5-mini']]);
    expect(isSameModel('my-model', 'openai/gpt-5-mini', sameAs)).toBe(true);
  });

  it('stay what they are when made canonical twice', () => {
    for (const name of ['anthropic/claude-haiku-4.5', 'qwen/qwen3-235b-a22b-2507', 'z-ai/glm-4.6', 'o3'])
      expect(canonicalModel(canonicalModel(name))).toBe(canonicalModel(name));
  });
});
