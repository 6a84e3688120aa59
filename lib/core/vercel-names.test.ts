import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { vercelAlias, vercelModel, vercelModels, vercelProvider } from './vercel-names.ts';

const typesOfTheirs = readFileSync(
  createRequire(createRequire(import.meta.url).resolve('ai'))
    .resolve('@ai-sdk/gateway')
    .replace(/\.[cm]?js$/, '.d.ts'),
  'utf8',
);

describe('what Vercel’s AI Gateway calls the same', () => {
  it('holds only names that its own client package knows', () => {
    const ours = Object.entries(vercelModels).flatMap(([maker, names]) =>
      names.split(' ').map((name) => `'${maker}/${name}'`),
    );
    expect(ours.filter((id) => !typesOfTheirs.includes(id))).toEqual([]);
    expect(ours.length).toBeGreaterThan(100);
  });

  it.each([
    ['meta-llama/llama-3.3-70b-instruct', 'meta/llama-3.3-70b'],
    ['openai/gpt-5-mini', 'openai/gpt-5-mini'],
    ['anthropic/claude-haiku-4.5', 'anthropic/claude-haiku-4.5'],
    ['qwen/qwen3-32b', 'alibaba/qwen-3-32b'],
    ['z-ai/glm-4.6', 'zai/glm-4.6'],
  ])('%s is %s there', (ours, theirs) => {
    expect(vercelModel(ours)).toBe(theirs);
  });

  it.each(['meta-llama/llama-3.3-70b-instruct:free', 'nobody/gpt-5-mini', 'gpt-5-mini', 'openai/gpt-99', ''])(
    'does not guess what %j would be',
    (model) => {
      expect(vercelModel(model)).toBeNull();
    },
  );

  it('knows providers by their slugs there, and none that it does not have', () => {
    expect(vercelProvider('amazon-bedrock')).toBe('bedrock');
    expect(vercelProvider('groq')).toBe('groq');
    expect(vercelProvider('somebody-else')).toBeNull();
  });

  it('names an endpoint only where it is the provider’s own', () => {
    const model = 'meta-llama/llama-3.3-70b-instruct';
    expect(vercelAlias(model, 'groq')).toEqual({ model: 'meta/llama-3.3-70b', provider: 'groq' });
    expect(vercelAlias(model, 'novita/fp8')).toEqual({ model: 'meta/llama-3.3-70b', provider: 'novita' });
    expect(vercelAlias(model, 'deepinfra/turbo')).toBeNull();
    expect(vercelAlias(model, null)).toEqual({ model: 'meta/llama-3.3-70b', provider: null });
  });
});
