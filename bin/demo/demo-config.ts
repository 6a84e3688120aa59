import { stringify } from 'yaml';
import type { ConfigInput } from '#lib/config/schema.ts';
import type { Places } from './places.ts';

/** Twelve routes over eight providers, crossed so that provider, model and route can be told apart. */
export const routes = [
  ['anthropic', 'anthropic/claude-haiku-4.5'],
  ['amazon-bedrock', 'anthropic/claude-haiku-4.5'],
  ['google-vertex', 'anthropic/claude-haiku-4.5'],
  ['openai', 'openai/gpt-4o-mini'],
  ['azure', 'openai/gpt-4o-mini'],
  ['openai', 'openai/gpt-4.1-nano'],
  ['azure', 'openai/gpt-4.1-nano'],
  ['groq', 'meta-llama/llama-3.1-8b-instruct'],
  ['deepinfra', 'meta-llama/llama-3.1-8b-instruct'],
  ['groq', 'meta-llama/llama-3.3-70b-instruct'],
  ['deepinfra', 'meta-llama/llama-3.3-70b-instruct'],
  ['novita', 'meta-llama/llama-3.3-70b-instruct'],
] as const;

const unpinned = ['openai/gpt-4.1-nano', 'anthropic/claude-haiku-4.5', 'meta-llama/llama-3.3-70b-instruct'];

/** Shown nowhere and accepted by nobody but the simulator. */
export const demoKey = 'sk-or-v1-demo-demo-demo-demo';
const webhookSecret = `whsec_${Buffer.from('signalbox demo, no secret at all').toString('base64')}`;

export interface DemoPace {
  completion: string;
  free: string;
}

/** Quick, because it costs nothing here: a fault is to be seen within seconds. */
export const livePace: DemoPace = { completion: '4s', free: '5s' };
/** As a real one would have been watched. */
export const pastPace: DemoPace = { completion: '60s', free: '60s' };

/** Checks come fifteen times as often as usual: what is waited for in many of them is waited for less long. */
export const quickPolicy = {
  close_calm_ms: 8_000,
  close_calm_total_ms: 5_000,
  share_window_ms: 15_000,
  incident_every_ms: 2_000,
  join_ms: 20_000,
  span_ms: 6_000,
};

export function demoConfig(places: Places, dataDir: string, pace: DemoPace): ConfigInput {
  const at = (port: number): string => `http://${places.host}:${port}`;
  const every = { completion: pace.completion };
  return {
    url: at(places.page),
    listen: { host: places.host, port: places.page },
    data: dataDir,
    vantage: 'demo',
    page: {
      title: 'Signalbox demo',
      groups: [],
    },
    gateways: {
      openrouter: {
        base_url: `${at(places.gateway)}/api/v1`,
        key: demoKey,
        status_page: at(places.gatewayStatus),
        every: { ...every, catalog: pace.free, account: pace.free, reported: '60s', official: '60s' },
        timeout: { completion: '10s' },
        routes: [
          ...routes.map(([provider, model]) => ({ provider, model })),
          ...unpinned.map((model) => ({ provider: 'any', model })),
        ],
      },
    },
    providers: {
      anthropic: {
        base_url: `${at(places.direct.anthropic)}/v1`,
        key: 'demo-anthropic-key',
        model: { id: 'claude-haiku-4-5', same_as: 'anthropic/claude-haiku-4.5' },
        every,
      },
      openai: {
        base_url: `${at(places.direct.openai)}/v1`,
        key: 'demo-openai-key',
        model: { id: 'gpt-4.1-nano', same_as: 'openai/gpt-4.1-nano' },
        every,
      },
      'google-ai-studio': {
        base_url: `${at(places.direct.google)}/v1beta`,
        key: 'demo-google-key',
        model: { id: 'gemini-2.5-flash-lite', same_as: 'google/gemini-2.5-flash-lite' },
        every,
      },
    },
    chains: {
      chat: [
        'openrouter/anthropic/anthropic/claude-haiku-4.5',
        'openrouter/amazon-bedrock/anthropic/claude-haiku-4.5',
        'direct/anthropic/claude-haiku-4-5',
      ],
    },
    controls: places.controls.map((port, i) => ({ name: `reference-${i + 1}`, url: `${at(port)}/` })),
    confirm: { after: '1500ms', times: 2 },
    ...(pace === livePace ? { policy: quickPolicy } : {}),
    budget: { usd_per_day: 1000, usd_per_month: 30_000, requests_per_day: 5_000_000 },
    channels: [
      {
        type: 'slack',
        name: 'team',
        webhook_url: `${at(places.mailbox)}/slack`,
        on: ['incident', 'account'],
      },
      { type: 'webhook', name: 'router', url: `${at(places.mailbox)}/webhook`, secret: webhookSecret },
      { type: 'email', name: 'on-call', to: 'on-call@example.com' },
    ],
    smtp: { url: `smtp://${places.host}:${places.smtp}`, from: 'status@example.com' },
  };
}

export function demoYaml(config: ConfigInput): string {
  return `# Made by the demo at each start.\n${stringify(config)}`;
}
