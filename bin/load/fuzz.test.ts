import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { fuzzedParsers } from './fuzz-parsers.ts';

it('twenty thousand mutated inputs crash and hang no parser', { timeout: 120_000 }, async () => {
  const done = await fuzz(20_000, 20_261_121, fuzzedParsers, 2_000);
  expect(done.inputs).toBeGreaterThanOrEqual(20_000);
});

it('a crash and a hang are found, with the parser’s name', async () => {
  const seeds = [Buffer.from('{"a":1}')];
  const crash = { name: 'odd', seeds, read: (bytes: Uint8Array) => void JSON.parse(String(bytes)) };
  await expect(fuzz(500, 1, [crash])).rejects.toThrow(/^odd: /);
  const later = { ...crash, read: async (bytes: Uint8Array) => JSON.parse(String(bytes)) };
  await expect(fuzz(500, 1, [later])).rejects.toThrow(/^odd: /);
  const hang = {
    name: 'slow',
    seeds,
    read: (bytes: Uint8Array) => {
      const untilMs = performance.now() + (bytes.length > 2_000 ? 15 : 0);
      while (performance.now() < untilMs);
    },
  };
  let said = '';
  try {
    await fuzz(300, 1, [hang], 4);
  } catch (error) {
    said = String(error);
  }
  expect(said).toMatch(/slow: \d+ ms for/);
}, 90_000);
