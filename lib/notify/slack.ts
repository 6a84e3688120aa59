import type { Message } from '../core/message.ts';
import type { Channel, Line, NotifyIo, Opened, Sent } from './channel.ts';
import { post } from './post.ts';
import { readSettings } from './settings.ts';
import { slackBody } from './slack-blocks.ts';
import { sendAsBot } from './slack-bot.ts';
import { slackFault } from './slack-fault.ts';

/** Slack, through an incoming webhook or as a bot that keeps one message per incident. */
export const slack: Channel = {
  patience: 'chat',
  isForMachines: false,
  skipsUntold: false,
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
  return {
    host,
    about: `Slack (${host})`,
    identity: url,
    send: (message, io) => sendToHook(url, message, io),
  };
}

function botLine(bot: { token: string; channel: string; apiUrl: string }): Line {
  const { host } = new URL(bot.apiUrl);
  return {
    host,
    about: `Slack ${bot.channel}`,
    identity: `${bot.apiUrl} ${bot.channel}`,
    send: (message, io) => sendAsBot(bot, message, io),
  };
}

async function sendToHook(url: string, message: Message, io: NotifyIo): Promise<Sent> {
  const answer = await post(io, { url, body: JSON.stringify(slackBody(message)) });
  if (!answer.ok) return answer;
  const word = answer.posted.body.trim();
  return word === 'ok' || word === '' ? { ok: true, note: 'Slack answered ok' } : slackFault(word);
}
