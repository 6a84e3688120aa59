import type { Message } from '../core/message.ts';
import { type Channel, fault, type Line, type NotifyIo, type Opened, type Sent } from './channel.ts';
import { post } from './post.ts';
import { readSettings } from './settings.ts';
import { slackBody } from './slack-blocks.ts';
import { sendAsBot } from './slack-bot.ts';

/** Slack, through an incoming webhook or as a bot that keeps one message per incident. */
export const slack: Channel = {
  patience: 'chat',
  isForMachines: false,
  gapMs: 1_000,
  mostInFlight: 50,
  open,
};

const fields = {
  webhook_url: { kind: 'url' },
  bot_token: { kind: 'text', pattern: /^xox[a-z]-/, expected: 'a bot token (xoxb-…)' },
  channel: { kind: 'text', expected: 'a channel id such as C0123456789' },
  api_url: { kind: 'url' },
} as const;

function open(raw: Record<string, unknown>): Opened {
  const read = readSettings(raw, fields);
  if (!read.ok) return read;
  const {
    webhook_url: url,
    bot_token: token,
    channel,
    api_url,
  } = read.values as Record<string, string | undefined>;
  if (url !== undefined && token === undefined && channel === undefined)
    return { ok: true, line: hookLine(url) };
  if (url === undefined && token !== undefined && channel !== undefined) {
    const apiUrl = (api_url ?? 'https://slack.com/api').replace(/\/+$/, '');
    return { ok: true, line: botLine({ token, channel, apiUrl }) };
  }
  const expected = 'either webhook_url alone, or bot_token and channel';
  return { ok: false, problems: [{ path: url === undefined ? 'webhook_url' : 'bot_token', expected }] };
}

function hookLine(url: string): Line {
  const { host } = new URL(url);
  return { host, about: `Slack (${host})`, send: (message, io) => sendToHook(url, message, io) };
}

function botLine(bot: { token: string; channel: string; apiUrl: string }): Line {
  const { host } = new URL(bot.apiUrl);
  return { host, about: `Slack ${bot.channel}`, send: (message, io) => sendAsBot(bot, message, io) };
}

async function sendToHook(url: string, message: Message, io: NotifyIo): Promise<Sent> {
  const answer = await post(io, { url, body: JSON.stringify(slackBody(message)) });
  if (!answer.ok) return answer;
  const word = answer.posted.body.trim();
  return word === 'ok' || word === '' ? { ok: true, note: 'Slack answered ok' } : slackFault(word);
}

const permanentWords = new Set([
  'invalid_payload',
  'invalid_blocks',
  'no_text',
  'too_many_attachments',
  'invalid_token',
  'no_active_hooks',
  'no_service',
  'no_service_id',
  'no_team',
  'team_disabled',
  'channel_not_found',
  'channel_is_archived',
  'is_archived',
  'not_in_channel',
  'user_not_found',
  'action_prohibited',
  'posting_to_general_channel_denied',
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'msg_too_long',
  'restricted_action',
]);

/** Slack says its refusals in words, under 200 as well. A word nobody documented is tried three times. */
export function slackFault(word: string, retryAfterMs: number | null = null): Sent {
  const known = /^[a-z_]{1,60}$/.test(word) ? word : 'odd_answer';
  if (known === 'ratelimited' || known === 'rate_limited')
    return fault('http_429', 'Slack limits the rate', { retryAfterMs });
  return fault(`slack_${known}`, `Slack answered ${known}`, {
    permanent: permanentWords.has(known),
    mostTries: 3,
  });
}
