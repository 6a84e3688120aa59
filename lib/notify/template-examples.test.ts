import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/load.ts';
import { aMessage, hostileText } from '../testing/messages.ts';
import { fill, template } from './template.ts';

/** The shipped templates, held against what each service's manual asks for. */
const path = new URL('../../deploy/channel-templates.yaml', import.meta.url);
const env = {
  ...{ GOOGLE_CHAT_URL: 'https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t' },
  ...{
    MATTERMOST_URL: 'https://mm.example.com/hooks/x',
    FEISHU_URL: 'https://open.feishu.cn/open-apis/bot/v2/hook/x',
  },
  ...{
    DINGTALK_URL: 'https://oapi.dingtalk.com/robot/send?access_token=x',
    JIRA_SITE: 'acme',
    JIRA_BASIC: 'YTpi',
  },
  ...{
    INCIDENT_IO_SOURCE: '01ABC',
    INCIDENT_IO_TOKEN: 't',
    GRAFANA_ONCALL_URL: 'https://oncall.example.com/x/',
  },
};
const { config } = parseConfig(readFileSync(path, 'utf8'), env, 'channel-templates.yaml');

const down = aMessage();
const over = aMessage({ event: { type: 'incident.resolved' } });
const filled = (name: string, message = down) => {
  const {
    type: _type,
    name: _name,
    on: _on,
    scope: _scope,
    min_impact: _least,
    ...own
  } = config.channels.find((one) => one.name === name) ?? ({} as never);
  expect(template.open(own)).toMatchObject({ ok: true });
  return fill((own as { template: unknown }).template, message) as Record<string, unknown>;
};

describe('the shipped templates', () => {
  it('are all there', () => {
    expect(config.channels.map((one) => one.name)).toEqual([
      ...['google-chat', 'mattermost', 'feishu', 'dingtalk', 'jira', 'incident-io', 'grafana-oncall'],
    ]);
  });

  it.each([
    [
      'google-chat',
      { text: expect.stringContaining('DeepInfra fails'), thread: { threadKey: 'incident:i1' } },
    ],
    ['mattermost', { text: expect.stringContaining('DeepInfra fails') }],
    ['feishu', { msg_type: 'text', content: { text: expect.stringContaining('DeepInfra fails') } }],
    [
      'dingtalk',
      { msgtype: 'text', text: { content: expect.stringMatching(/^Signalbox: DeepInfra fails/) } },
    ],
    ['jira', { fields: { project: { key: 'OPS' }, summary: expect.stringMatching(/^[^\n]{1,255}$/) } }],
    ['incident-io', { title: expect.any(String), status: 'firing', deduplication_key: 'incident:i1' }],
    ['grafana-oncall', { alert_uid: 'incident:i1', state: 'alerting', title: expect.any(String) }],
  ])('%s gets what it asks for', (name, expected) => expect(filled(name)).toMatchObject(expected));

  it('end what they began, under the same key', () => {
    expect(filled('incident-io', over)).toMatchObject({
      status: 'resolved',
      deduplication_key: 'incident:i1',
    });
    expect(filled('grafana-oncall', over)).toMatchObject({ state: 'ok', alert_uid: 'incident:i1' });
  });

  it('keep their shape whatever the far side wrote', () => {
    const hostile = aMessage({ event: { sentence: hostileText } });
    for (const { name } of config.channels)
      expect(shapeOf(filled(String(name), hostile))).toEqual(shapeOf(filled(String(name))));
  });
});

function shapeOf(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shapeOf);
  if (typeof node !== 'object' || node === null) return typeof node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, shapeOf(value)]));
}
