import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeIdPart } from '#lib/core/target.ts';
import { componentPath, isNamedBy, pathOf, routeRef } from './paths.ts';

describe('addresses of pages', () => {
  it('write a slash as a tilde', () => {
    expect(pathOf.model('anthropic/claude-haiku-4.5')).toBe('/models/anthropic~claude-haiku-4.5');
    expect(pathOf.provider('deepinfra/turbo')).toBe('/providers/deepinfra~turbo');
  });

  it('lead from the id of a route to its page', () => {
    expect(routeRef('openrouter/any/openai/gpt-5-nano')).toEqual({
      gateway: 'openrouter',
      provider: 'any',
      model: 'openai/gpt-5-nano',
    });
    expect(componentPath('route', 'openrouter/any/openai/gpt-5-nano')).toBe(
      '/routes/openrouter:any:openai~gpt-5-nano',
    );
  });

  it('hold only harmless characters, whatever an id is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        expect(pathOf.model(id)).toMatch(/^\/models\/[A-Za-z0-9._~-]*$/);
        expect(isNamedBy([escapeIdPart(id)], id)).toBe(true);
      }),
    );
  });

  it('do not break on a broken escape', () => {
    expect(isNamedBy(['%zz'], 'x')).toBe(false);
  });
});
