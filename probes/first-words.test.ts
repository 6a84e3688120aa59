import { beforeEach, expect, it } from 'vitest';
import { look } from '#lib/testing/observations.ts';
import { createFirstWords, type FirstWords } from './first-words.ts';

let said: string[];
let words: FirstWords;
beforeEach(() => {
  said = [];
  words = createFirstWords({ say: (sentence) => void said.push(sentence), sites: () => 3 });
});

const site = (name: string, fault: 'dns' | null) =>
  look({ probe: 'control', target: { gateway: null, provider: name, model: null }, fault });
const key = (valid: boolean, limitRemainingUsd: number | null = null) =>
  look({
    probe: 'account',
    target: { gateway: 'openrouter', provider: null, model: null },
    account: { valid, limitRemainingUsd, isFreeTier: null },
  });

it('some silent reference sites are their own affair, all of them are no network, said once', () => {
  words.hear(site('a', 'dns'));
  words.hear(site('a', 'dns'));
  words.hear(site('b', 'dns'));
  expect(said).toEqual([]);
  words.hear(site('c', 'dns'));
  expect(said).toEqual([expect.stringMatching(/no network.*unknown until/)]);
  words.hear(site('c', null));
  words.hear(site('a', 'dns'));
  words.hear(site('b', 'dns'));
  expect(said).toHaveLength(2);
});

it('where a site answers nothing is said of the network, whatever fails later', () => {
  words.hear(site('a', null));
  for (const name of ['a', 'b', 'c']) words.hear(site(name, 'dns'));
  expect(said).toEqual([]);
});

it('a refused key and an empty one are told once, a good one never', () => {
  words.hear(key(false));
  words.hear(key(false));
  expect(said).toEqual([expect.stringMatching(/^OpenRouter refuses the key/)]);
  const others: string[] = [];
  const second = createFirstWords({ say: (sentence) => void others.push(sentence), sites: () => 3 });
  second.hear(key(true, 0));
  expect(others).toEqual([expect.stringMatching(/^Nothing is left on the key at OpenRouter/)]);
  const third = createFirstWords({ say: (sentence) => void others.push(sentence), sites: () => 3 });
  third.hear(key(true, 3));
  third.hear(key(false));
  expect(others).toHaveLength(1);
});
