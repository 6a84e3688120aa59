import { expect, it } from 'vitest';
import { parseConfig } from '#lib/config/load.ts';
import { sceneConfig } from './serve.ts';

it('the pictures are taken of a configuration that is accepted', () => {
  const { config } = parseConfig(sceneConfig, {}, null);
  expect(Object.keys(config.chains)).toEqual(['chat']);
});
