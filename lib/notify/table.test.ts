import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../core/message.ts';
import { groupMessages } from '../core/message-group.ts';
import { createTrusted } from '../http.ts';
import { type HostileReceiver, startHostileReceiver } from '../testing/hostile-receiver.ts';
import { aMessage, anIncident, hostileText } from '../testing/messages.ts';
import type { NotifyIo } from './channel.ts';
import { discordBody } from './discord.ts';
import { ntfyBody } from './ntfy.ts';
import { pagerDutyBody } from './pagerduty.ts';
import { type ChannelType, channelOf, channelTable } from './table.ts';
import { teamsBody } from './teams.ts';
import { telegramText } from './telegram.ts';

let receiver: HostileReceiver;
beforeEach(async () => {
  receiver = await startHostileReceiver();
  receiver.script({ status: 200, body: '{"ok":true,"result":{"message_id":7}}' });
});
afterEach(() => receiver.close());

const io = (): NotifyIo => ({
  http: createTrusted(),
  mail: null,
  nowMs: Date.now,
  signal: AbortSignal.timeout(10_000),
  thread: null,
  attempt: 1,
});
const settings: Record<Exclude<ChannelType, 'email' | 'slack'>, () => Record<string, unknown>> = {
  webhook: () => ({ url: receiver.url, secret: `whsec_${Buffer.alloc(32).toString('base64')}` }),
  template: () => ({
    url: receiver.url,
    template: { text: '{{headline}}', at: '{{unix_time}}', nested: [{ a: 'x {{impact}} y' }] },
  }),
  discord: () => ({ webhook_url: receiver.url }),
  teams: () => ({ webhook_url: receiver.url }),
  pagerduty: () => ({ routing_key: 'a'.repeat(32), api_url: receiver.url }),
  telegram: () => ({ bot_token: `123456:${'a'.repeat(35)}`, chat_id: '-100123', api_url: receiver.url }),
  ntfy: () => ({ url: `${receiver.url}/my-topic`, token: 'tk_x' }),
};
const names = Object.keys(settings) as (keyof typeof settings)[];

function open(name: keyof typeof settings) {
  const opened = channelTable[name].open(settings[name]());
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  return opened.line;
}

const long = 'x&<"\\*'.repeat(5_000);
const sample = { status: 500, message: long, provider: long, target: long };
const evidence = {
  ...anIncident().evidence,
  sample,
  working: [long],
  witnesses: [{ component: long, status: long, leadMs: 5 }],
};
const huge: Message = {
  ...aMessage({
    event: { sentence: long },
    incident: { title: long, evidence, affected: Array(500).fill(`a/b/${long.slice(0, 200)}`) },
  }),
  items: Array(40).fill(long),
};
const hostile = aMessage({
  event: { sentence: hostileText },
  incident: {
    title: hostileText,
    evidence: {
      ...evidence,
      sample: { ...sample, message: hostileText, provider: hostileText },
      working: [hostileText],
    },
  },
});

describe.each(names)('%s', (name) => {
  it('sends a message, a test message, a digest, and whatever the far side wrote, as JSON', async () => {
    const test = aMessage({ event: { type: 'endpoint.test', incidentId: null }, incident: null });
    const digest = groupMessages(
      [aMessage(), aMessage({ event: { type: 'notice' } })],
      'digest',
      'LLM status',
    );
    for (const message of [aMessage(), test, digest, hostile, huge])
      expect(await open(name).send(message, io())).toMatchObject({ ok: true });
    expect(receiver.got).toHaveLength(5);
    for (const got of receiver.got) {
      expect(() => JSON.parse(got.body)).not.toThrow();
      expect(got.body).not.toMatch(/\\u001b|\u202e|\u001b/);
    }
  });

  it.each([
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { ok: false, permanent: false, retryAfterMs: 7_000 },
    ],
    [
      { status: 429, body: '{"ok":false,"error_code":429,"parameters":{"retry_after":35}}' },
      { ok: false, permanent: false, retryAfterMs: 35_000 },
    ],
    [
      { status: 429, body: '{"message":"You are being rate limited.","retry_after":64.57,"global":false}' },
      { ok: false, permanent: false, retryAfterMs: 64_570 },
    ],
    [
      { status: 429, body: '{"retry_after":"<script>"}' },
      { ok: false, permanent: false, retryAfterMs: null },
    ],
    [{ status: 404 }, { ok: false, permanent: true }],
    [{ status: 503 }, { ok: false, permanent: false }],
    ['cut' as const, { ok: false, permanent: false }],
  ])('answered with %j it is %j', async (answer, expected) => {
    receiver.script(answer);
    expect(await open(name).send(aMessage(), io())).toMatchObject(expected);
  });

  it('refuses a key it does not know, and a missing one, by name', () => {
    expect(channelTable[name].open({ ...settings[name](), typo: 1 })).toMatchObject({
      ok: false,
      problems: [{ path: 'typo' }],
    });
    expect(channelTable[name].open({}).ok).toBe(false);
  });

  it('says who is meant without telling a secret', () => {
    const { about, host } = open(name);
    expect(`${about} ${host}`).not.toMatch(/a{20}|whsec|tk_x|my-topic/);
  });
});

describe('documented limits', () => {
  it('of Discord are kept: title, description, fields and the whole', () => {
    for (const message of [huge, hostile]) {
      const [embed] = discordBody(message).embeds as {
        title: string;
        description: string;
        fields: { name: string; value: string }[];
      }[];
      expect(embed?.title.length).toBeLessThanOrEqual(256);
      expect(embed?.description.length).toBeLessThanOrEqual(4_096);
      for (const field of embed?.fields ?? [])
        expect([field.name.length <= 256, field.value.length <= 1_024]).toEqual([true, true]);
      const all = [
        embed?.title,
        embed?.description,
        ...(embed?.fields ?? []).flatMap((f) => [f.name, f.value]),
      ].join('');
      expect(all.length).toBeLessThanOrEqual(6_000);
    }
    expect(discordBody(hostile)).toMatchObject({ allowed_mentions: { parse: [] } });
  });

  it('of Teams are kept: 28 kB', () => {
    expect(Buffer.byteLength(JSON.stringify(teamsBody(huge)))).toBeLessThan(27_000);
  });

  it('of PagerDuty are kept: summary, dedup key, and the three actions', () => {
    const body = pagerDutyBody('k', huge) as { payload: { summary: string }; dedup_key: string };
    expect([body.payload.summary.length <= 1_024, body.dedup_key.length <= 255]).toEqual([true, true]);
    const actions = [
      aMessage(),
      aMessage({ event: { type: 'incident.changed', data: { what: 'acknowledged' } } }),
      aMessage({ event: { type: 'incident.resolved' } }),
    ].map((m) => pagerDutyBody('k', m));
    expect(actions.map((one) => [one.event_action, one.dedup_key])).toEqual([
      ['trigger', 'signalbox:incident:i1'],
      ['acknowledge', 'signalbox:incident:i1'],
      ['resolve', 'signalbox:incident:i1'],
    ]);
  });

  it('PagerDuty closes what an address of our own opened, by the same key', () => {
    const scope = { kind: 'http' as const, id: 'our-api' };
    const about = { type: 'notice' as const, incidentId: null, scope };
    const down = aMessage({
      event: { ...about, impact: 'major_outage', data: { what: 'down' } },
      incident: null,
    });
    const back = aMessage({ event: { ...about, impact: null, data: { what: 'back' } }, incident: null });
    const bodies = [down, back].map((one) => pagerDutyBody('k', one));
    expect(bodies.map((one) => [one.event_action, one.dedup_key])).toEqual([
      ['trigger', 'signalbox:http:our-api'],
      ['resolve', 'signalbox:http:our-api'],
    ]);
    expect(bodies[0]).toMatchObject({ payload: { severity: 'critical' } });
  });

  it('of Telegram are kept: 4,096 characters as shown, and no markup but ours', () => {
    for (const message of [huge, hostile]) {
      const text = telegramText(message);
      const shown = text.replace(/<[^>]+>/g, '').replace(/&(amp|lt|gt|quot|#39);/g, 'x');
      expect(shown.length).toBeLessThanOrEqual(4_096);
      expect(
        [...text.matchAll(/<(\/?[a-z]+)/g)].every((match) =>
          ['a', '/a', 'b', '/b'].includes(match[1] as string),
        ),
      ).toBe(true);
    }
  });

  it('of ntfy are kept: 4,096 bytes', () => {
    const body = ntfyBody('t', { ...huge, headline: '🔴'.repeat(200) }) as { message: string; title: string };
    expect([Buffer.byteLength(body.message) <= 4_096, Buffer.byteLength(body.title) <= 250]).toEqual([
      true,
      true,
    ]);
  });
});

describe('a template', () => {
  it('is filled after it was parsed: nothing said can leave its place', async () => {
    await open('template').send(hostile, io());
    const body = JSON.parse(receiver.got[0]?.body ?? '');
    expect(Object.keys(body)).toEqual(['text', 'at', 'nested']);
    expect(body.at).toBe(Math.floor(hostile.atMs / 1_000));
    expect(body.nested).toEqual([{ a: 'x partial_outage y' }]);
  });

  it('may be written as a text, and names a placeholder nobody knows', () => {
    const { open: read } = channelTable.template;
    expect(read({ url: receiver.url, template: '{"msgtype":"text","text":{"content":"{{text}}"}}' }).ok).toBe(
      true,
    );
    expect(read({ url: receiver.url, template: { text: '{{headlin}}' } })).toMatchObject({
      ok: false,
      problems: [{ path: 'template' }],
    });
    for (const odd of ['not json', '"text"', 5, undefined])
      expect(read({ url: receiver.url, template: odd }).ok).toBe(false);
  });

  it('notices a refusal under 200 when it is told what a yes looks like', async () => {
    receiver.script(
      { status: 200, body: '{"errcode":310000,"errmsg":"sign not match"}' },
      { status: 200, body: '{"errcode": 0}' },
    );
    const opened = channelTable.template.open({ ...settings.template(), answer_contains: '"errcode":0}' });
    if (!opened.ok) throw new Error('not opened');
    expect(await opened.line.send(aMessage(), io())).toMatchObject({ ok: false, code: 'unexpected_answer' });
    expect(await opened.line.send(aMessage(), io())).toMatchObject({ ok: true });
  });
});

describe('the table', () => {
  it('knows every channel by its name and nothing that only looks like one', () => {
    expect(Object.keys(channelTable)).toEqual([
      'slack',
      'email',
      'webhook',
      'template',
      'discord',
      'teams',
      'pagerduty',
      'telegram',
      'ntfy',
    ]);
    expect([channelOf('slack') === channelTable.slack, channelOf('toString'), channelOf('fax')]).toEqual([
      true,
      null,
      null,
    ]);
  });
});
