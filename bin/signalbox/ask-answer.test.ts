import { describe, expect, it } from 'vitest';
import { blankObservation, type Observation } from '#lib/core/observation.ts';
import { classify } from '#lib/core/outcome.ts';
import { type AskFacts, answerOf, type Checked } from './ask-answer.ts';

function checked(probe: Observation['probe'], more: Partial<Observation> = {}): Checked {
  const target =
    probe === 'completion'
      ? { gateway: 'openrouter', provider: 'any', model: 'openai/gpt-5-nano' }
      : { gateway: 'openrouter', provider: null, model: null };
  const observation = blankObservation({
    atMs: 0,
    vantage: 'local',
    probe,
    target,
    reached: 'done',
    ...more,
  });
  return { observation, outcome: classify(observation) };
}

function error(message: string, provider: string | null = null): Observation['error'] {
  return {
    code: null,
    type: null,
    message,
    provider,
    limit: null,
    attempt: null,
    body: 'json',
    inBand: false,
  };
}

const goodCall = checked('completion', {
  status: 200,
  output: { tokens: 3, reasoningTokens: 0, finish: 'stop', done: true, answer: 'match' },
});
const alive = checked('catalog', { status: 401, error: error('Missing Authentication header') });
const valid = { valid: true, limitRemainingUsd: 5, isFreeTier: false };
const calm: AskFacts = {
  controls: { ok: 3, total: 3 },
  edge: alive,
  account: { ...checked('account', { status: 200, account: valid }), facts: valid, found: null },
  model: null,
  call: goodCall,
  official: 'operational',
};
const failed = (status: number, message: string, provider: string | null = null) =>
  checked('completion', { status, error: error(message, provider) });

describe('whose fault it is', () => {
  it.each<[string, Partial<AskFacts>, string]>([
    ['nothing, when a real call was answered', {}, 'nobody'],
    [
      'yours, when no unrelated place answers',
      { controls: { ok: 0, total: 3 }, edge: checked('catalog', { fault: 'dns', reached: 'none' }) },
      'you',
    ],
    [
      'the gateway’s, when it alone does not answer',
      { edge: checked('catalog', { fault: 'refused', reached: 'resolved' }) },
      'gateway',
    ],
    [
      'uncertain, when your connection is shaky too',
      { controls: { ok: 1, total: 3 }, edge: checked('catalog', { fault: 'refused', reached: 'resolved' }) },
      'unknown',
    ],
    [
      'the provider’s, when the error names it',
      { call: failed(502, 'Provider returned error', 'deepinfra') },
      'provider',
    ],
    [
      'the provider’s, when it limits',
      { call: failed(429, 'temporarily rate-limited upstream', 'groq') },
      'provider',
    ],
    [
      'the gateway’s, when a bare 500 names nobody',
      { call: failed(500, 'Internal Server Error') },
      'gateway',
    ],
    ['yours, when the credit is gone', { call: failed(402, 'Insufficient credits') }, 'you'],
    [
      'the gateway’s, when a call denies a key that is valid',
      { call: failed(401, 'User not found.') },
      'gateway',
    ],
    [
      'the model’s, when the catalogue does not list it',
      { model: { id: 'x/y', isListed: false, providers: [], failing: [] }, call: null },
      'model',
    ],
    ['uncertain, without a key', { account: null, call: null }, 'unknown'],
  ])('is %s', (_what, change, whose) => {
    expect(answerOf({ ...calm, ...change }).whose).toBe(whose);
  });

  it('is not decided by a refused key alone: February 2026 looked like that', () => {
    const refused = checked('account', {
      status: 401,
      error: error('User not found.'),
      account: { valid: false, limitRemainingUsd: null, isFreeTier: null },
    });
    const answer = answerOf({
      ...calm,
      call: null,
      account: { ...refused, facts: refused.observation.account, found: null },
    });
    expect(answer.whose).not.toBe('you');
    expect(answer.sentence).toMatch(/key lookup|key/);
  });
});
