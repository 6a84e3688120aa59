import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseConfig } from '#lib/config/load.ts';
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

describe('Gatus', () => {
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

  it('says when the file is something else', () => {
    expect(fromOpenRouterActivity('a,b\n1,2').left).toEqual(['the file has no column called model']);
  });
});
