import { describe, expect, it } from 'vitest';
import type { EndpointFact, ModelFact } from '../core/plan.ts';
import { buildFleet, type CatalogueFacts, fleetCostPerDay } from './fleet.ts';
import { parseStep } from './fleet-parts.ts';
import { parseConfig } from './load.ts';

const nowMs = Date.UTC(2026, 10, 1);

function model(id: string): ModelFact {
  return {
    id,
    canonicalSlug: null,
    name: id,
    contextLength: 8_000,
    promptUsd: 1e-7,
    completionUsd: 2e-7,
    requestUsd: 0,
    supportedParameters: ['temperature'],
    inputModalities: ['text'],
    outputModalities: ['text'],
    isReasoningMandatory: false,
    expirationDate: null,
    createdAtMs: null,
  };
}

function endpoint(modelId: string, tag: string, promptUsd = 1e-7): EndpointFact {
  const provider = tag.split('/')[0] as string;
  return {
    model: modelId,
    provider,
    providerName: provider.toUpperCase(),
    tag,
    quantization: null,
    contextLength: 8_000,
    maxCompletionTokens: null,
    promptUsd,
    completionUsd: promptUsd,
    requestUsd: 0,
    supportedParameters: ['max_tokens'],
    status: 0,
    uptime5m: null,
    uptime30m: null,
    uptime1d: null,
    latencyMs: null,
    throughputTps: null,
  };
}

const facts: CatalogueFacts = {
  models: ['a/one', 'b/two', 'c/three', 'd/four'].map(model),
  endpoints: ['a/one', 'b/two', 'c/three', 'd/four'].flatMap((id) =>
    ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'].map((p) => endpoint(id, `${p}/fp8`)),
  ),
  providers: [],
};

function build(yaml: string, env: Record<string, string> = {}, catalogue: CatalogueFacts | null = facts) {
  return buildFleet(
    { config: parseConfig(yaml, env, null).config, env },
    catalogue ? { openrouter: catalogue } : {},
    {},
    nowMs,
  );
}
const keysOf = (yaml: string, env?: Record<string, string>) => build(yaml, env).watched.map(({ key }) => key);

describe('without a key', () => {
  const fleet = build('');

  it('nothing costs money', () => {
    expect(fleetCostPerDay(fleet.watched)).toEqual({ usd: 0, requests: 0 });
    expect(fleet.watched.some(({ probe }) => probe === 'completion')).toBe(false);
  });

  it('watches catalogue, official page, reported figures, controls and every known address', () => {
    const kinds = new Set(fleet.watched.map(({ probe }) => probe));
    expect(kinds).toEqual(new Set(['control', 'catalog', 'official', 'reported', 'http']));
    expect(fleet.watched.filter(({ probe }) => probe === 'control')).toHaveLength(3);
    expect(fleet.watched.filter(({ probe }) => probe === 'http').length).toBeGreaterThan(20);
  });

  it('leaves every provider alone that the file does not name, when told so', () => {
    const watched = build('known_providers: false\nproviders: { anthropic: {} }').watched;
    const direct = watched.filter(({ target }) => target.gateway === 'direct').map(({ key }) => key);
    expect(direct.sort()).toEqual(['http|direct:anthropic:none', 'official|direct:anthropic:none']);
  });

  it('asks an official page at most once a minute', () => {
    const fast = build('gateways: { openrouter: { every: { official: 5s } } }').watched;
    expect(Math.min(...fast.filter(({ probe }) => probe === 'official').map(({ everyMs }) => everyMs))).toBe(
      60_000,
    );
  });
});

describe('with a key', () => {
  const env = { OPENROUTER_API_KEY: ' sk-or-v1-test ' };

  it('watches the default fleet and never puts the key into it', () => {
    const fleet = build('', env);
    expect(fleet.watched.filter(({ probe }) => probe === 'completion')).toHaveLength(15);
    expect(fleet.keys.get('gateway:openrouter')).toBe('sk-or-v1-test');
    expect(JSON.stringify(fleet.watched)).not.toContain('sk-or-v1');
  });

  it('makes no paid call with an empty list of routes', () => {
    expect(fleetCostPerDay(build('gateways: { openrouter: { routes: [] } }', env).watched).requests).toBe(0);
  });

  it('pins a configured route by its cheapest endpoint tag, and an unpinned one not at all', () => {
    const { watched } = build(
      'gateways: { openrouter: { routes: [{ provider: p1, model: a/one }, { provider: any, model: b/two }] } }',
      env,
    );
    const routes = watched.filter(({ probe }) => probe === 'completion');
    expect(routes.map(({ endpoint: tag, providerName }) => [tag, providerName])).toEqual([
      ['p1/fp8', 'P1'],
      [null, null],
    ]);
  });

  it('works before the catalogue was read', () => {
    const { watched } = build('gateways: { openrouter: { routes: [{ provider: p1, model: a/one }] } }', env);
    const bare = buildFleet(
      {
        config: parseConfig(
          'gateways: { openrouter: { routes: [{ provider: p1, model: a/one }] } }',
          env,
          null,
        ).config,
        env,
      },
      {},
      {},
      nowMs,
    ).watched;
    const routes = (list: typeof bare) =>
      list.filter(({ probe }) => probe === 'completion').map(({ key }) => key);
    expect(routes(bare)).toEqual(routes(watched));
  });

  it('follows every endpoint of a watched model, twice where a provider has two', () => {
    const two = { ...facts, endpoints: [...facts.endpoints, endpoint('a/one', 'p1/turbo')] };
    const { watched } = build('gateways: { openrouter: { routes: [], watch: [a/one] } }', env, two);
    expect(
      watched.filter(({ probe }) => probe === 'completion').map(({ target }) => target.provider),
    ).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8', 'p1/turbo']);
  });

  it('says which watched model does not exist', () => {
    expect(build('gateways: { openrouter: { watch: [x/none] } }', env).remarks.join()).toContain('"x/none"');
  });
});

describe('what is read of the gateway itself', () => {
  const readBy = (catalogue: CatalogueFacts) =>
    build('', {}, catalogue).watched.find(({ probe }) => probe === 'reported')?.options as {
      models: string[];
      others: string[];
    };

  it('is the cheapest models first, as long as nothing could be chosen', () => {
    const many = Array.from({ length: 100 }, (_, i) => model(`x/m${String(i).padStart(3, '0')}`));
    const options = readBy({ models: many, endpoints: [], providers: [] });
    expect(options.models).toHaveLength(60);
    expect(options.others).toHaveLength(40);
  });

  it('is then what is watched every time, and the rest of the catalogue in turns', () => {
    const options = readBy({ ...facts, models: [...facts.models, model('z/rare')] });
    expect(options.models).not.toContain('z/rare');
    expect(options.others).toContain('z/rare');
  });
});

describe('what is asked seldom', () => {
  const env = { OPENROUTER_API_KEY: 'sk-or-v1-test' };
  const buildOne = (more: Partial<EndpointFact> = {}) =>
    build('gateways: { openrouter: { routes: [{ provider: p1, model: a/one }] } }', env, {
      ...facts,
      endpoints: facts.endpoints.map((one) => ({ ...one, ...more })),
    }).watched;

  it('is what a route says it can do, four times a day, and whether its model is the same everywhere', () => {
    const supported = { supportedParameters: ['tools', 'structured_outputs'], contextLength: 131_072 };
    const seldom = buildOne(supported).filter(({ probe }) => probe === 'capability' || probe === 'drift');
    expect(seldom.map(({ key, everyMs }) => [key, everyMs])).toEqual([
      ['capability|openrouter:p1:a~one:api-tools', 6 * 3_600_000],
      ['capability|openrouter:p1:a~one:api-schema', 6 * 3_600_000],
      ['capability|openrouter:p1:a~one:api-unstreamed', 6 * 3_600_000],
      ['capability|openrouter:p1:a~one:api-long_input', 6 * 3_600_000],
      ['capability|openrouter:any:a~one:api-responses', 6 * 3_600_000],
      ['capability|openrouter:any:a~one:api-messages', 6 * 3_600_000],
      ['capability|openrouter:any:openai~text-embedding-3-small:api-embeddings', 6 * 3_600_000],
      ['drift|openrouter:none:a~one', 3_600_000],
    ]);
  });

  it('is not what a route never claimed, nor what would be dear', () => {
    const bare = buildOne({ supportedParameters: [], contextLength: 4_096 });
    const apis = bare.filter(({ probe }) => probe === 'capability').map(({ target }) => target.api);
    expect(apis).toEqual(['unstreamed', 'responses', 'messages', 'embeddings']);
    const dear = buildOne({ promptUsd: 1e-4, completionUsd: 1e-3 });
    expect(
      dear.some(({ probe, endpoint: tag }) => probe === 'drift' || (probe === 'capability' && tag)),
    ).toBe(false);
  });
});

describe('direct providers', () => {
  it('are called when their key is in the environment', () => {
    const fleet = build('', { ANTHROPIC_API_KEY: 'sk-ant-test' });
    const direct = fleet.watched.filter(({ probe }) => probe === 'completion');
    expect(direct.map(({ key, dialect }) => [key, dialect])).toEqual([
      ['completion|direct:anthropic:claude-haiku-4-5', 'anthropic-messages'],
    ]);
  });

  it('say what they lack', () => {
    const own = 'base_url: "http://127.0.0.1:4000/v1", model: m';
    const { remarks } = build(`providers: { my-litellm: { ${own} } }`);
    expect(remarks).toContain('provider my-litellm lacks a key: it is not called directly');
    expect(build('providers: { azure: { key: k, model: m } }').remarks.join()).toContain('lacks an address');
  });

  it('get their tenant address from options', () => {
    const { watched } = build('providers: { azure: { key: k, model: m, options: { resource: acme } } }');
    expect(watched.find(({ probe }) => probe === 'completion')?.baseUrl).toBe(
      'https://acme.openai.azure.com/openai/v1',
    );
  });
});

describe('chains', () => {
  it('are read step by step', () => {
    expect(parseStep('openrouter/any/openai/gpt-5-mini')).toEqual({
      gateway: 'openrouter',
      provider: 'any',
      model: 'openai/gpt-5-mini',
    });
    expect(parseStep('openrouter/any')).toBeNull();
  });
});

it('two targets never share a key', () => {
  const keys = keysOf('accounts: [{ name: second, key: k }]', {
    OPENROUTER_API_KEY: 'k',
    OPENAI_API_KEY: 'k2',
  });
  expect(new Set(keys).size).toBe(keys.length);
});

it('takes a list price that no look can have for none, so that it slows nothing else down', () => {
  const listed = { ...facts, endpoints: [endpoint('a/one', 'p1', 0.1), endpoint('b/two', 'p2')] };
  const yaml = `gateways: { openrouter: { key: k, routes: [{ provider: p1, model: a/one }, { provider: p2, model: b/two }] } }`;
  const prices = build(yaml, {}, listed)
    .watched.filter(({ probe }) => probe === 'completion')
    .map(({ priceUsd, price }) => [priceUsd < 0.001, price !== null]);
  expect(prices).toEqual([
    [true, false],
    [true, true],
  ]);
});

describe('a gateway that does not say who serves what', () => {
  const called = (yaml: string, catalogue: Record<string, CatalogueFacts> = {}) =>
    buildFleet({ config: parseConfig(yaml, {}, null).config, env: {} }, catalogue, {}, nowMs);
  const routesOf = ({ watched }: ReturnType<typeof called>) =>
    watched.filter(({ probe }) => probe === 'completion');

  it('is called as users call it, on three small models of its list, each with the price that is known', () => {
    const models = ['gpt-4.1-nano', 'llama-3.1-8b-instruct', 'gpt-4o-mini', 'gpt-99'].map((id) => ({
      ...model(id),
      promptUsd: null,
      completionUsd: null,
    }));
    const routes = routesOf(
      called('gateways: { tokenmix: { key: k } }', { tokenmix: { models, endpoints: [], providers: [] } }),
    );
    expect(routes.map(({ target }) => `${target.provider} ${target.model}`)).toEqual([
      'any gpt-4o-mini',
      'any llama-3.1-8b-instruct',
      'any gpt-4.1-nano',
    ]);
    expect(routes.every(({ endpoint, priceUsd }) => endpoint === null && priceUsd > 0)).toBe(true);
    expect(fleetCostPerDay(routes).usd).toBeLessThan(0.1);
  });

  it('carries its key the way its preset says, and only where a key is needed', () => {
    const { watched } = called('gateways: { portkey: { key: k, routes: [{ provider: any, model: m }] } }');
    const header = { auth: { header: 'x-portkey-api-key' } };
    expect(watched.find(({ probe }) => probe === 'completion')?.options).toMatchObject(header);
    expect(watched.find(({ probe }) => probe === 'catalog')).toMatchObject({
      options: header,
      keyName: 'gateway:portkey',
    });
  });

  it('says so when nothing of it is known to be cheap, and calls nothing that was switched off', () => {
    expect(called('gateways: { litellm: { base_url: "http://127.0.0.1:1/v1", key: k } }').remarks).toEqual([
      expect.stringMatching(/gateways\.litellm\.routes/),
    ]);
    expect(routesOf(called('gateways: { tokenmix: { key: k, routes: [] } }'))).toEqual([]);
  });
});
