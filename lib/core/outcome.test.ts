import { describe, expect, it } from 'vitest';
import { direct, failedLook, goodLook, look, unpinned } from '#lib/testing/observations.ts';
import type { ErrorFacts } from './observation.ts';
import { faults, noTiming, phases } from './observation.ts';
import { classify } from './outcome.ts';
import { classFacts, countsAs } from './outcome-class.ts';
import { feedErrorClasses, outcomeClasses } from './outcome-words.ts';

type Row = [
  name: string,
  status: number,
  error: Partial<ErrorFacts>,
  rule: string,
  outcomeClass: string,
  blame: string,
];

const named = { message: 'Provider returned error', provider: 'Alpha' };

/** The shapes gateways were seen to answer with, and the row of the table each belongs to. */
const bodies: Row[] = [
  ['no key arrived', 401, { message: 'Missing Authentication header' }, 'A1', 'unauthorized', 'prober'],
  ['the older words of it', 401, { message: 'No auth credentials found' }, 'A1', 'unauthorized', 'prober'],
  ['a key nobody knows', 401, { message: 'User not found.' }, 'A2', 'unauthorized_doubtful', 'unknown'],
  ['the provider refuses the gateway', 401, named, 'A3', 'unauthorized_upstream', 'provider'],
  ['a refused parameter', 400, named, 'B2', 'bad_request', 'prober'],
  [
    'no credit',
    402,
    { message: 'Insufficient credits', limit: 'openrouter_credits' },
    'A6',
    'no_credit',
    'account',
  ],
  [
    'too large a reservation',
    402,
    { message: 'This request requires more credits, or fewer max_tokens.' },
    'A5',
    'no_credit',
    'prober',
  ],
  [
    'too much in flight',
    402,
    { type: 'in_flight_budget_exhausted', message: 'would exceed' },
    'A4',
    'limited_key',
    'account',
  ],
  [
    'the limit of the key',
    403,
    { message: 'Key limit exceeded (total limit).' },
    'A7',
    'key_limit',
    'account',
  ],
  [
    'moderation',
    403,
    { message: 'Your input was flagged for "misc".' },
    'A8',
    'refused_moderation',
    'prober',
  ],
  [
    'the wrong kind of key',
    403,
    { message: 'Only management keys can do this' },
    'A9',
    'forbidden',
    'prober',
  ],
  ['a country', 403, { message: 'Not available in your country' }, 'A10', 'region_restricted', 'nobody'],
  [
    'a pin that matches nothing',
    404,
    { message: 'No allowed providers are available' },
    'N1',
    'bad_request',
    'prober',
  ],
  [
    'a stealth model revealed',
    404,
    { message: 'Healer was a stealth model revealed' },
    'N3',
    'model_gone',
    'model',
  ],
  [
    'a model in its envelope',
    404,
    { type: 'model_deprecated', message: 'Quasar was one' },
    'N3',
    'model_gone',
    'model',
  ],
  ['no endpoint', 404, { message: 'No endpoints found for a/b:free.' }, 'N3', 'model_gone', 'model'],
  [
    'no endpoint after our filters',
    404,
    { type: 'routing_funnel', message: 'No endpoints found' },
    'N2',
    'forbidden',
    'account',
  ],
  [
    'our data policy',
    404,
    { message: 'No endpoints found matching your data policy' },
    'N2',
    'forbidden',
    'account',
  ],
  ['not served there now', 404, { type: 'model_unavailable_upstream' }, 'N4', 'not_found', 'provider'],
  [
    'the free quota',
    429,
    { message: 'Rate limit exceeded: free-models-per-day' },
    'R1',
    'limited_key',
    'account',
  ],
  [
    'a shared limit',
    429,
    { message: 'limit_rpm/a/b. High demand for a/b:free' },
    'R2',
    'limited_shared',
    'nobody',
  ],
  [
    'a shared limit by its source',
    429,
    { limit: 'openrouter_shared_capacity' },
    'R2',
    'limited_shared',
    'nobody',
  ],
  ['a saturated provider', 429, named, 'R3', 'limited_upstream', 'provider'],
  [
    'a saturated provider in words',
    429,
    { message: 'temporarily rate-limited upstream' },
    'R3',
    'limited_upstream',
    'provider',
  ],
  [
    'a gateway that sheds load',
    429,
    { limit: 'openrouter_admission_control' },
    'R4',
    'limited_upstream',
    'gateway',
  ],
  ['we are too fast', 429, { message: 'Rate limit exceeded' }, 'R5', 'limited_key', 'account'],
  ['given up', 408, { message: 'Operation timed out.' }, 'G1', 'timeout_total', 'gateway'],
  ['too large', 413, { message: 'Request payload too large' }, 'B1', 'bad_request', 'prober'],
  ['invalid', 422, { message: 'Invalid argument' }, 'B1', 'bad_request', 'prober'],
  ['masked', 500, { message: 'Internal Server Error' }, 'G2', 'http_5xx', 'gateway'],
  ['passed on', 502, { message: 'Provider returned error' }, 'G3', 'http_5xx', 'provider'],
  ['passed on with a name', 503, named, 'G3', 'overloaded', 'provider'],
  ['nobody named', 503, { message: 'Service temporarily unavailable' }, 'G4', 'http_5xx', 'unknown'],
  ['all were tried', 503, { attempt: 2 }, 'G4', 'overloaded', 'provider'],
  ['none was tried', 503, { attempt: 0 }, 'G4', 'http_5xx', 'gateway'],
  ['silent too long', 504, { message: 'Upstream idle timeout exceeded' }, 'G5', 'timeout_total', 'provider'],
  ['given up by the edge', 524, { message: 'Request timed out.' }, 'G6', 'timeout_total', 'unknown'],
  ['overloaded', 529, { message: 'Provider returned error' }, 'G3', 'overloaded', 'provider'],
  ['the edge in HTML', 502, { body: 'html', message: 'Bad gateway' }, 'T2', 'edge_error', 'gateway'],
  ['the edge by its number', 522, { body: 'empty' }, 'T2', 'edge_error', 'gateway'],
  ['a challenge', 403, { body: 'html', message: 'Just a moment' }, 'T3', 'blocked_here', 'prober'],
  ['never seen', 418, { message: 'teapot' }, 'G7', 'unknown_error', 'unknown'],
];

const inBand: Row[] = [
  [
    'an error by name',
    502,
    { message: 'Upstream error from AtlasCloud: token' },
    'G3',
    'error_in_stream',
    'provider',
  ],
  [
    'unavailable',
    502,
    { type: 'provider_unavailable', message: 'Internal server error' },
    'G3',
    'error_in_stream',
    'provider',
  ],
  ['overloaded', 503, { type: 'provider_overloaded', message: 'busy' }, 'G3', 'error_in_stream', 'provider'],
  ['masked', 500, { message: 'Internal Server Error' }, 'G2', 'error_in_stream', 'gateway'],
  [
    'silent',
    504,
    { type: 'timeout', message: 'Upstream idle timeout exceeded' },
    'G5',
    'timeout_total',
    'provider',
  ],
  [
    'limited',
    429,
    { type: 'rate_limit_exceeded', message: 'Rate limit exceeded' },
    'R3',
    'limited_upstream',
    'provider',
  ],
  ['our own token limit', 400, { message: 'Token limit reached' }, 'S4', 'truncated_by_us', 'prober'],
  ['a refusal', 400, { type: 'content_policy_violation' }, 'S3', 'refused_moderation', 'model'],
];

describe('the decision table', () => {
  it.each(bodies)('knows %s', (_, status, error, rule, outcomeClass, blame) => {
    const outcome = classify(failedLook(status, error));
    expect([outcome.rule, outcome.class, outcome.blame]).toEqual([rule, outcomeClass, blame]);
  });

  it.each(inBand)('looks inside a 200: %s', (_, code, error, rule, outcomeClass, blame) => {
    const o = failedLook(200, { ...error, code: String(code), inBand: true });
    const outcome = classify(o);
    expect([outcome.rule, outcome.class, outcome.blame]).toEqual([rule, outcomeClass, blame]);
  });

  it.each([
    ['html', 'T2', 'edge_error'],
    ['text', 'T5', 'malformed'],
    ['empty', 'T5', 'malformed'],
  ] as const)('takes a 200 that is nothing but %s for the gateway’s', (body, rule, outcomeClass) => {
    const o = failedLook(200, { body, code: null, message: 'Login', inBand: true });
    const outcome = classify(o);
    expect([outcome.rule, outcome.class, outcome.blame]).toEqual([rule, outcomeClass, 'gateway']);
  });

  it.each(['catalog', 'account'] as const)('takes a %s that cannot be read for the gateway’s', (probe) => {
    const target = { gateway: 'openrouter', provider: null, model: null };
    const o = look({ probe, target, status: 200, fault: 'malformed', reached: 'done' });
    expect(classify(o)).toMatchObject({ class: 'malformed', blame: 'gateway' });
  });

  it('takes a redirect in place of the gateway’s figures for nothing read', () => {
    const target = { gateway: 'openrouter', provider: null, model: null };
    const o = look({ probe: 'reported', target, status: 302, reached: 'done' });
    expect(classify(o).weight).toBe('neutral');
  });

  it('gives every status, body and naming a row, and never throws', () => {
    for (let status = 100; status < 600; status++) {
      for (const body of ['json', 'html', 'text', 'empty', null] as const) {
        for (const provider of [null, 'Alpha']) {
          for (const target of [unpinned, direct]) {
            const outcome = classify(failedLook(status, { body, provider }, { target }));
            expect(outcomeClasses).toContain(outcome.class);
            expect(outcome.rule).not.toBe('');
            expect(outcome.reason).not.toBe('');
          }
        }
      }
    }
  });

  // Seen red with limits weighed like failures.
  it('H2, H3: never calls a 429 bad and never counts a fault of ours', () => {
    for (const provider of [null, 'Alpha']) {
      for (const limit of [null, 'openrouter_free_tier_daily', 'upstream_provider_shared_pool']) {
        expect(classify(failedLook(429, { provider, limit })).weight).toMatch(/limited|neutral/);
      }
    }
    for (const status of [400, 402, 413, 422])
      expect(classify(failedLook(status)).weight).toMatch(/neutral|limited/);
  });

  it('blames no gateway on a direct route', () => {
    for (const status of [408, 500, 502, 522, 503]) {
      expect(classify(failedLook(status, {}, { target: direct })).blame).not.toBe('gateway');
    }
  });

  it('takes a refusal that names the provider for our own, when the provider key is ours', () => {
    const outcome = classify(failedLook(401, named), { isByok: true });
    expect([outcome.class, outcome.blame]).toEqual(['unauthorized', 'account']);
    expect(classify(failedLook(429, named), { isByok: true }).class).toBe('limited_key');
  });

  it('H4: counts a 404 while the catalogue still lists the model', () => {
    const gone = failedLook(404, { message: 'No endpoints found for a/b.' });
    expect(classify(gone, { isModelListed: true }).class).toBe('not_found');
    expect(classify(gone, { isModelListed: false }).class).toBe('model_gone');
  });
});

describe('a look without an error', () => {
  it('is good only with a token, a finish and an end', () => {
    const output = goodLook().output!;
    expect(classify(goodLook()).class).toBe('ok');
    expect(classify(goodLook({ reached: 'first_byte', output: { ...output, tokens: 0 } })).class).toBe(
      'empty',
    );
    expect(classify(goodLook({ output: { ...output, finish: null, done: false } })).class).toBe('cut');
    expect(classify(goodLook({ output: { ...output, done: false } })).class).toBe('no_end_marker');
    expect(classify(goodLook({ output: { ...output, finish: 'error' } })).class).toBe('error_in_stream');
    expect(classify(goodLook({ output: { ...output, finish: 'content_filter' } })).class).toBe(
      'refused_moderation',
    );
    expect(classify(goodLook({ reached: 'first_byte', output: null })).class).toBe('cut');
  });

  it('is empty when a recorder calls it done though nothing was counted', () => {
    const empty = { tokens: 0, reasoningTokens: 0, finish: 'stop', done: true } as const;
    const timing = { ...goodLook().timing, firstTokenMs: null };
    for (const answer of ['empty', null] as const)
      expect(classify(goodLook({ timing, output: { ...empty, answer } })).class).toBe('empty');
    expect(classify(goodLook({ output: { ...empty, tokens: null, answer: 'empty' } })).class).toBe('empty');
  });

  it('goes by the last phase where nothing is recorded of the output', () => {
    expect(classify(goodLook({ output: null })).class).toBe('ok');
    expect(classify(goodLook({ reached: 'first_token', output: null })).class).toBe('cut');
  });

  it('takes reasoning for an answer', () => {
    const output = { tokens: 0, reasoningTokens: 40, finish: 'length', done: true, answer: null } as const;
    expect(classify(goodLook({ output })).class).toBe('ok');
  });

  it('calls a wrong answer degraded, not down', () => {
    const outcome = classify(goodLook({ output: { ...goodLook().output!, answer: 'mismatch' } }));
    expect(outcome.weight).toBe('good');
    expect(countsAs(outcome.class, 'openrouter')).toBe('degraded');
  });

  it('is no look at the pinned provider when another one answered, or a cache', () => {
    expect(classify(goodLook({ served: { provider: 'Bravo', model: null } })).class).toBe('wrong_provider');
    expect(classify(goodLook({ served: { provider: 'ALPHA Inc', model: null } })).class).toBe('ok');
    expect(classify(goodLook({ target: unpinned, served: { provider: 'Bravo', model: null } })).class).toBe(
      'ok',
    );
    expect(classify(goodLook({ edge: { cache: 'HIT', ageS: 3, site: null } })).class).toBe('not_pinned');
  });

  it('compares models by family, never by spelling', () => {
    const served = (model: string) => classify(goodLook({ served: { provider: 'alpha', model } })).class;
    expect(served('swift-1-20260101')).toBe('ok');
    expect(served('accounts/alpha/models/swift-v1')).toBe('ok');
    expect(served('other/gopher-7b')).toBe('wrong_model');
  });
});

describe('a transport fault', () => {
  it('has a class for every fault at every phase', () => {
    for (const fault of faults) {
      for (const reached of phases) {
        const outcome = classify(look({ fault, reached, timing: { ...noTiming, totalMs: 9_000 } }));
        expect(outcomeClasses).toContain(outcome.class);
        expect(outcome.weight).not.toBe('good');
      }
    }
  });

  it('tells a silent gateway from a silent provider', () => {
    const hung = (reached: 'sent' | 'headers') =>
      classify(look({ fault: 'timeout', reached, status: reached === 'headers' ? 200 : null }));
    expect(hung('sent').blame).toBe('gateway');
    expect(hung('headers').blame).toBe('provider');
  });

  it('N5, C6: is nobody else’s while our own connection is down or our process stood still', () => {
    expect(classify(look({ fault: 'dns' }), { vantageBlind: true }).class).toBe('inconclusive');
    const stalled = look({ fault: 'timeout', stallMs: 8_000, timing: { ...noTiming, totalMs: 30_000 } });
    expect(classify(stalled).class).toBe('inconclusive');
    expect(classify(look({ fault: 'aborted' })).weight).toBe('neutral');
  });

  it('cannot make anyone look slow when our own loop stalled', () => {
    expect(classify(goodLook({ stallMs: 400 })).isTainted).toBe(true);
    expect(classify(goodLook({ stallMs: 20 })).isTainted).toBe(false);
  });
});

describe('free looks', () => {
  const catalog = {
    probe: 'catalog',
    target: { gateway: 'openrouter', provider: null, model: null },
    keyed: false,
  } as const;

  it('take a copy out of a cache for no sign of life', () => {
    const hit = classify(look({ ...catalog, status: 200, edge: { cache: 'HIT', ageS: 900, site: null } }));
    const miss = classify(look({ ...catalog, status: 200, edge: { cache: 'MISS', ageS: 0, site: null } }));
    expect([hit.weight, miss.weight]).toEqual(['neutral', 'good']);
    expect(classify(failedLook(500, {}, catalog)).blame).toBe('gateway');
  });

  it('take a 401 without a key for a good look, and a used-up key for ours', () => {
    const account = {
      probe: 'account',
      target: { gateway: 'openrouter', provider: null, model: null },
    } as const;
    expect(
      classify(failedLook(401, { message: 'Missing Authentication header' }, { ...account, keyed: false }))
        .weight,
    ).toBe('good');
    expect(classify(failedLook(401, { message: 'User not found.' }, account)).class).toBe(
      'unauthorized_doubtful',
    );
    const spent = look({
      ...account,
      status: 200,
      account: { valid: true, limitRemainingUsd: 0, isFreeTier: false },
    });
    expect(classify(spent).class).toBe('key_limit');
  });

  it('take any answer of a control for a sign that we can see', () => {
    const control = { probe: 'control', target: { gateway: null, provider: 'quad9', model: null } } as const;
    expect(classify(look({ ...control, status: 503 })).weight).toBe('good');
    expect(classify(look({ ...control, fault: 'timeout' })).weight).toBe('bad');
  });
});

describe('conventions', () => {
  it('count every class in every convention', () => {
    for (const outcomeClass of outcomeClasses) {
      for (const convention of ['openrouter', 'strict', 'lenient'] as const) {
        expect(['good', 'degraded', 'bad', 'limited', 'left_out']).toContain(
          countsAs(outcomeClass, convention),
        );
      }
      const { feed } = classFacts[outcomeClass];
      if (feed !== null) expect(feedErrorClasses).toContain(feed);
    }
  });

  it('differ where they say they do', () => {
    expect(countsAs('limited_upstream', 'openrouter')).toBe('limited');
    expect(countsAs('limited_upstream', 'strict')).toBe('bad');
    expect(countsAs('limited_key', 'strict')).toBe('left_out');
    expect(countsAs('cut', 'openrouter')).toBe('bad');
    expect(countsAs('cut', 'lenient')).toBe('degraded');
    expect(countsAs('http_5xx', 'lenient')).toBe('bad');
  });

  it('never open a circuit for what is ours', () => {
    for (const one of [
      'bad_request',
      'unauthorized',
      'no_credit',
      'key_limit',
      'refused_moderation',
      'limited_upstream',
    ] as const) {
      expect(classFacts[one].isCountable).toBe(false);
    }
  });
});
