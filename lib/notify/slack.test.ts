import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrusted } from '../http.ts';
import { type HostileReceiver, startHostileReceiver } from '../testing/hostile-receiver.ts';
import { aMessage, anIncident, hostileText } from '../testing/messages.ts';
import type { NotifyIo } from './channel.ts';
import { slack } from './slack.ts';
import { slackBlocks, slackBody } from './slack-blocks.ts';

let receiver: HostileReceiver;
beforeEach(async () => {
  receiver = await startHostileReceiver();
});
afterEach(() => receiver.close());

const io = (thread: NotifyIo['thread'] = null): NotifyIo => ({
  http: createTrusted(),
  mail: null,
  nowMs: Date.now,
  signal: AbortSignal.timeout(10_000),
  thread,
  attempt: 1,
});
function open(settings: Record<string, unknown>) {
  const opened = slack.open(settings);
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  return opened.line;
}
const hook = () => open({ webhook_url: `${receiver.url}/services/T/B/x` });
const bot = () => open({ bot_token: 'xoxb-1', channel: 'C1', api_url: `${receiver.url}/api` });
const bodies = () => receiver.got.map((one) => [one.path, JSON.parse(one.body)] as const);

/** What Slack's own parser would make of a mrkdwn text: entities and nothing else may open with `<`. */
function markup(text: string): string[] {
  return [...text.matchAll(/<([^>]*)>/g)].map((match) => match[1] as string);
}

describe('Slack, through an incoming webhook', () => {
  it('shows the headline in a notification and the message in blocks, without unfurling', async () => {
    const own = [
      { key: 'acknowledge' as const, text: 'Acknowledge', url: 'https://status.example.com/acknowledge/t' },
    ];
    expect(await hook().send(aMessage({ context: { own } }), io())).toMatchObject({ ok: true });
    const [, body] = bodies()[0] ?? [];
    expect(body).toMatchObject({ unfurl_links: false, unfurl_media: false });
    expect(body.text).toMatch(/^🔴 DeepInfra fails/);
    const last = body.blocks.at(-1).elements[0].text;
    expect(last).toContain('<https://status.example.com/incidents/i1|Incident>');
    expect(last).toContain('<https://status.example.com/acknowledge/t|Acknowledge>');
    expect(JSON.stringify(body)).not.toContain('"button"');
  });

  it.each([
    [{ status: 200, body: 'ok' }, { ok: true }],
    [
      { status: 200, body: 'invalid_payload' },
      { ok: false, permanent: true },
    ],
    [
      { status: 404, body: 'no_service' },
      { ok: false, permanent: true },
    ],
    [
      { status: 403, body: 'invalid_token' },
      { ok: false, permanent: true },
    ],
    [
      { status: 410, body: 'channel_is_archived' },
      { ok: false, permanent: true, disables: true },
    ],
    [
      { status: 200, body: '<html>captive portal</html>' },
      { ok: false, code: 'slack_odd_answer', permanent: false, mostTries: 3 },
    ],
    [
      { status: 429, headers: { 'retry-after': '30' } },
      { ok: false, permanent: false, retryAfterMs: 30_000 },
    ],
    [
      { status: 500, body: 'rollup_error' },
      { ok: false, permanent: false },
    ],
  ])('answered with %j it is %j', async (answer, expected) => {
    receiver.script(answer);
    expect(await hook().send(aMessage(), io())).toMatchObject(expected);
  });
});

describe('Slack, as a bot', () => {
  it('keeps one message per incident: edits it, and answers in its thread', async () => {
    receiver.script({ status: 200, body: '{"ok":true,"channel":"C1","ts":"1700000000.000100"}' });
    const first = await bot().send(aMessage(), io());
    expect(first).toMatchObject({ ok: true, thread: { ts: '1700000000.000100' } });
    await bot().send(aMessage({ event: { type: 'incident.resolved' } }), io({ ts: '1700000000.000100' }));
    expect(
      bodies().map(([path, body]) => [path, body.ts ?? body.thread_ts ?? null, body.reply_broadcast ?? null]),
    ).toEqual([
      ['/api/chat.postMessage', null, null],
      ['/api/chat.update', '1700000000.000100', null],
      ['/api/chat.postMessage', '1700000000.000100', true],
    ]);
    expect(receiver.got[0]?.headers.authorization).toBe('Bearer xoxb-1');
  });

  it('starts anew when its message was deleted', async () => {
    receiver.script(
      { status: 200, body: '{"ok":false,"error":"message_not_found"}' },
      { status: 200, body: '{"ok":true,"ts":"2.2"}' },
    );
    expect(await bot().send(aMessage(), io({ ts: '1.1' }))).toMatchObject({
      ok: true,
      thread: { ts: '2.2' },
    });
  });

  it.each([
    ['{"ok":false,"error":"channel_not_found"}', { permanent: true }],
    ['{"ok":false,"error":"ratelimited"}', { code: 'http_429', permanent: false }],
    ['{"ok":false,"error":"fatal_error"}', { permanent: false, mostTries: 3 }],
    ['not json', { code: 'slack_odd_answer' }],
  ])('understands %s', async (body, expected) => {
    receiver.script({ status: 200, body });
    expect(await bot().send(aMessage(), io())).toMatchObject({ ok: false, ...expected });
  });
});

describe('blocks', () => {
  it('stay within the documented limits', () => {
    const long = 'x&<'.repeat(5_000);
    const sample = { status: 500, message: long, provider: long, target: long };
    const evidence = {
      ...anIncident().evidence,
      sample,
      working: [long],
      witnesses: [{ component: long, status: long, leadMs: 5 }],
    };
    const message = {
      ...aMessage({ event: { sentence: long }, incident: { evidence, affected: [`a/b/${long}`] } }),
      items: Array(40).fill(long),
    };
    for (const block of slackBlocks(message) as {
      type: string;
      text?: { text: string };
      fields?: { text: string }[];
    }[]) {
      expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3_000);
      for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000);
    }
    expect(slackBlocks(message).length).toBeLessThanOrEqual(50);
  });

  it('P4, U9: let nobody mention, link or format through upstream text', () => {
    const sample = { status: 500, message: hostileText, provider: hostileText, target: hostileText };
    const incident = {
      evidence: { ...anIncident().evidence, sample, working: [hostileText] },
      title: hostileText,
    };
    const body = slackBody(aMessage({ event: { sentence: hostileText }, incident })) as {
      text: string;
      blocks: object[];
    };
    // Plain text is shown as it is; only mrkdwn is read.
    const marked = JSON.stringify(body.blocks).split('"type":"mrkdwn","text":"').slice(1);
    const texts = [body.text, ...marked.map((rest) => rest.slice(0, rest.indexOf('","verbatim"')))];
    expect(texts.length).toBeGreaterThan(2);
    for (const text of texts) {
      for (const opened of markup(text)) expect(opened).toMatch(/^https:\/\/status\.example\.com\//);
      expect(text).not.toMatch(/\u202e|\u001b/);
    }
    const fences = JSON.stringify(body.blocks).match(/```/g) ?? [];
    expect(fences.length % 2).toBe(0);
  });

  it('need a webhook or a bot, not both and not half of one', () => {
    const url = 'https://hooks.slack.com/services/a';
    for (const odd of [
      {},
      { webhook_url: url, bot_token: 'xoxb-1' },
      { bot_token: 'xoxb-1' },
      { bot_token: 'abc', channel: 'C' },
      { webhook: url },
    ])
      expect(slack.open(odd).ok).toBe(false);
  });
});
