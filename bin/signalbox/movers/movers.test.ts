import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseConfig } from '#lib/config/load.ts';
import { dispatch } from '../main.ts';
import { fromGatus } from './gatus.ts';
import { fromLitellm } from './litellm.ts';
import type { Moved } from './mover.ts';
import { fromOpenRouterActivity } from './openrouter-activity.ts';
import { fromUptimeKuma } from './uptime-kuma.ts';

/** Whatever moves must be a configuration we take ourselves. */
function accepted(moved: Moved) {
  return parseConfig(stringify(moved.config), { OPENROUTER_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' }, null)
    .config;
}

describe('LiteLLM', () => {
  const moved = fromLitellm(
    parse(`
model_list:
  - { model_name: chat, litellm_params: { model: openrouter/openai/gpt-5-mini, api_key: os.environ/OPENROUTER_API_KEY } }
  - { model_name: backup, litellm_params: { model: anthropic/claude-haiku-4-5, api_key: os.environ/ANTHROPIC_API_KEY } }
  - { model_name: local, litellm_params: { model: openai/llama, api_base: "http://127.0.0.1:8000/v1", api_key: sk-plain-secret } }
  - { model_name: strange, litellm_params: { model: nowhere/m } }
router_settings: { fallbacks: [{ chat: [backup, strange] }] }
`),
  );

  it('turns deployments into routes and providers, fallbacks into chains', () => {
    const config = accepted(moved);
    expect(config.gateways.openrouter?.routes).toEqual([{ provider: 'any', model: 'openai/gpt-5-mini' }]);
    expect(Object.keys(config.providers)).toEqual(['anthropic', 'local']);
    expect(config.chains.chat).toEqual([
      'openrouter/any/openai/gpt-5-mini',
      'direct/anthropic/claude-haiku-4-5',
    ]);
  });

  it('never copies a key, and says what stayed behind', () => {
    expect(JSON.stringify(moved)).not.toContain('sk-plain-secret');
    expect(moved.left.join('\n')).toMatch(/"local": its key stands in the file/);
    expect(moved.left.join('\n')).toMatch(/"nowhere" is not known/);
    expect(moved.left.join('\n')).toMatch(/fallbacks of "chat": strange/);
  });
});

describe('a LiteLLM file of real life', () => {
  const moved = fromLitellm(
    parse(`
model_list:
  - { model_name: gpt-4o, litellm_params: { model: azure/my-deploy, api_base: os.environ/AZURE_BASE, api_key: os.environ/AZURE_KEY, api_version: "2024-10-21" } }
  - { model_name: gpt-4o, litellm_params: { model: gpt-4o, api_key: os.environ/OPENAI_API_KEY } }
  - { model_name: claude, litellm_params: { model: bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0, aws_region_name: us-east-1 } }
  - { model_name: "*", litellm_params: { model: "openrouter/*" } }
  - { model_name: vectors, litellm_params: { model: text-embedding-3-small }, model_info: { mode: embedding } }
  - { model_name: free, litellm_params: { model: "openrouter/meta-llama/llama-3.3-70b-instruct:free", api_key: sk-or-v1-plain-plain } }
  - null
  - 7
litellm_settings: { fallbacks: [{ gpt-4o: [claude, free] }], context_window_fallbacks: [{ gpt-4o: [claude] }] }
`),
  );
  const env = {
    OPENROUTER_API_KEY: 'k',
    AZURE_KEY: 'a',
    OPENAI_API_KEY: 'o',
    AZURE_BASE: 'https://x.openai.azure.com',
  };

  it('is a configuration we take, with addresses and keys by their names in the environment', () => {
    const { config } = parseConfig(stringify(moved.config), env, null);
    expect(config.providers['gpt-4o']).toMatchObject({
      dialect: 'azure-openai',
      base_url: 'https://x.openai.azure.com',
      options: { api_version: '2024-10-21' },
    });
    expect(config.chains['gpt-4o']).toHaveLength(4);
    expect(config.gateways.openrouter?.routes).toHaveLength(1);
  });

  it('names all that stayed behind, and none of its secrets', () => {
    const left = moved.left.join('\n');
    for (const word of [
      'all of openrouter/*',
      'embedding',
      'context_window_fallbacks',
      '"free": its key',
      'names no model',
    ])
      expect(left).toContain(word);
    expect(JSON.stringify(moved)).not.toContain('plain-plain');
  });
});

describe('Gatus', () => {
  it('reads intervals as Go writes them, and says what it cannot read', () => {
    const moved = fromGatus(
      parse(`
endpoints:
  - { name: a, url: "https://e.example/a", interval: 1h30m }
  - { name: b, url: "https://e.example/b", interval: soon, conditions: "[STATUS] == 200" }
  - { name: c, url: "javascript:alert(1)" }
  - null
`),
    );
    expect(accepted(moved).http.map(({ every }) => every)).toEqual([5_400_000, 60_000]);
    expect(moved.left.join('\n')).toMatch(/interval soon[\s\S]*no list[\s\S]*javascript/);
  });

  it('takes addresses, intervals and the conditions we have', () => {
    const moved = fromGatus(
      parse(`
endpoints:
  - { name: API, group: core, url: "https://api.example.com/health", interval: 30s, conditions: ["[STATUS] == 200", "[BODY].status == UP", "[RESPONSE_TIME] < 300"] }
  - { name: dns, url: "8.8.8.8" }
alerting: { slack: { webhook-url: x } }
`),
    );
    expect(accepted(moved).http[0]).toMatchObject({
      name: 'core-api',
      every: 30_000,
      expect: { status: 200, json: { path: 'status', equals: 'UP' } },
    });
    expect(moved.left).toHaveLength(3);
  });
});

describe('Uptime Kuma', () => {
  it('takes HTTP, keyword and push monitors, and names the rest', () => {
    const base = { active: 1, interval: 60 };
    const moved = fromUptimeKuma(
      [
        {
          ...base,
          id: 1,
          name: 'Site',
          type: 'http',
          url: 'https://example.com',
          accepted_statuscodes_json: '["200","204"]',
        },
        {
          ...base,
          id: 2,
          name: 'Site',
          type: 'keyword',
          url: 'https://example.com/x',
          keyword: 'ok',
          interval: 120,
        },
        { ...base, id: 3, name: 'Cron', type: 'push' },
        { ...base, id: 4, name: 'Ping', type: 'ping' },
        { ...base, id: 5, name: 'Off', type: 'http', url: 'https://off.example', active: 0 },
      ],
      () => 'a-token-of-some-length',
    );
    const config = accepted(moved);
    expect(config.http.map(({ name }) => name)).toEqual(['site', 'site-2']);
    expect(config.http[1]).toMatchObject({ every: 120_000, expect: { body_contains: 'ok' } });
    expect(config.heartbeats).toHaveLength(1);
    expect(moved.left).toHaveLength(3);
  });
});

describe('OpenRouter activity', () => {
  it('watches what is really used, dearest first', () => {
    const csv =
      'created_at,model,cost_total\n2026-01-01,"openai/gpt-5-mini",0.1\n2026-01-01,x-ai/grok-4,2\n2026-01-02,openai/gpt-5-mini,0.1\n';
    expect(accepted(fromOpenRouterActivity(csv)).gateways.openrouter?.watch).toEqual([
      'x-ai/grok-4',
      'openai/gpt-5-mini',
    ]);
  });

  it('is not led astray by rows that name no model', () => {
    const csv = `model,cost\n"=cmd()|x",5\n${'x'.repeat(100_000)},1\nopenai/gpt-5-mini,NaN\nopenai/gpt-5-mini,-5\n`;
    const moved = fromOpenRouterActivity(csv);
    expect(accepted(moved).gateways.openrouter?.watch).toEqual(['openai/gpt-5-mini']);
    expect(moved.left).toEqual(['2 rows that name no model']);
  });

  it('says when the file is something else', () => {
    expect(fromOpenRouterActivity('a,b\n1,2').left).toEqual(['the file has no column called model']);
  });
});

describe('a file that was made to break the reader', () => {
  const laugh = [
    'x: &a [lol, lol]',
    ...'bcdefghij'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(', ')}]`),
  ].join('\n');

  it.each([
    ['cut', 'model_list:\n  - {a: [\n'],
    ['of aliases that grow', `model_list: []\n${laugh}`],
    ['too deep', `model_list: ${'['.repeat(20_000)}`],
    ['binary', 'model_list:\u0000\u0001\u0002: ['],
  ])('%s is one sentence and no stack', async (_what, text) => {
    const cwd = mkdtempSync(join(tmpdir(), 'signalbox-import-'));
    writeFileSync(join(cwd, 'config.yaml'), text);
    const said: string[] = [];
    const out = (line: string) => void said.push(line);
    const io = { out, err: out, isTerminal: false, env: {}, cwd, root: process.cwd() };
    expect(await dispatch(['import', 'config.yaml', '--from', 'litellm'], io)).toBe(2);
    expect(said[0]).toMatch(/^signalbox import: the file is no YAML that can be read: /);
    rmSync(cwd, { recursive: true });
  });
});
