import { describe, expect, it } from 'vitest';
import { parseConfig } from './load.ts';
import { ConfigProblem } from './problem.ts';

function flaws(yaml: string, env: Record<string, string> = {}): string {
  try {
    parseConfig(yaml, env, 'signalbox.yaml');
    return '';
  } catch (cause) {
    if (cause instanceof ConfigProblem) return cause.message;
    throw cause;
  }
}

describe('channels in the configuration', () => {
  it('are taken when each channel’s own file is content', () => {
    expect(
      flaws(
        `channels:
  - { type: slack, webhook_url: "\${HOOK}", scope: [gateway:openrouter, chain:chat], min_impact: partial_outage, remind: 30m }
  - { type: email, to: ops@example.com, quiet: { from: "22:00", to: "07:00", time_zone: Europe/Berlin } }
smtp: { url: "smtp://127.0.0.1:25", from: status@example.com }
`,
        { HOOK: 'https://hooks.slack.com/services/a/b/c' },
      ),
    ).toBe('');
  });

  it.each([
    ['{ type: slak, webhook_url: "https://x.example/" }', 'channels[0].type', 'one of slack, email'],
    [
      '{ type: slack, webhok_url: "https://x.example/" }',
      'channels[0].webhok_url',
      'one of the keys webhook_url',
    ],
    [
      '{ type: slack, webhook_url: "${NOPE}" }',
      'channels[0].webhook_url',
      'the environment variable NOPE to be set',
    ],
    ['{ type: email, to: ops@example.com }', 'channels[0].type', 'a mail server under "smtp"'],
    ['{ type: ntfy, url: "https://ntfy.sh/t", on: [incidents] }', 'channels[0].on', 'a list out of incident'],
    [
      '{ type: ntfy, url: "https://ntfy.sh/t", scope: [openrouter] }',
      'channels[0].scope',
      'gateway:openrouter',
    ],
    [
      '{ type: ntfy, url: "https://ntfy.sh/t", quiet: { from: "25:00", to: "07:00" } }',
      'channels[0].quiet.from',
      'a time such as 22:00',
    ],
    ['{ type: pagerduty, routing_key: short }', 'channels[0].routing_key', 'an integration key'],
  ])('are refused with the place, and what was expected: %s', (channel, path, expected) => {
    const text = flaws(`channels:\n  - ${channel}\n`);
    expect(text).toContain(`"${path}"`);
    expect(text).toContain(expected);
    expect(text).toMatch(/signalbox\.yaml:\d+:\d+/);
  });

  it('may be named for the test alarm only when they are there', () => {
    const ntfy = 'channels: [{ type: ntfy, name: phone, url: "https://ntfy.sh/t" }]\n';
    expect(flaws(`${ntfy}canary: { through: [phone] }\n`)).toBe('');
    const text = flaws(`${ntfy}canary: { through: [fone] }\n`);
    expect(text).toContain('"canary.through[0]"');
    expect(text).toContain('the name of a channel: phone');
    expect(text).toMatch(/signalbox\.yaml:2:\d+/);
  });

  it('never show a secret that does not fit', () => {
    const text = flaws('channels:\n  - { type: telegram, bot_token: "123:my-secret-token", chat_id: "1" }\n');
    expect(text).toContain('bot_token');
    expect(text).not.toContain('my-secret-token');
  });
});
