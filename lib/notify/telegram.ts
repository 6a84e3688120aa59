import type { Message, Tone } from '../core/message.ts';
import { type Channel, fault, type NotifyIo, type Opened, type Sent } from './channel.ts';
import { htmlEscape } from './email-body.ts';
import { fitting, plainText } from './plain-text.ts';
import { post } from './post.ts';
import { readSettings } from './settings.ts';

/** Telegram, through a bot; later messages of an incident answer its first. */
export const telegram: Channel = {
  patience: 'chat',
  isForMachines: false,
  skipsUntold: false,
  gapMs: 1_000,
  mostInFlight: 25,
  open,
};

const marks: Record<Tone, string> = { bad: '🔴', warning: '🟡', good: '🟢', info: '🔵', test: '⚪' };

interface Settings {
  url: string;
  chatId: string;
}

function open(raw: Record<string, unknown>): Opened {
  const read = readSettings(raw, {
    bot_token: {
      kind: 'text',
      isRequired: true,
      pattern: /^\d{3,20}:[A-Za-z0-9_-]{20,100}$/,
      expected: 'the token of a bot',
    },
    chat_id: {
      kind: 'text',
      isRequired: true,
      pattern: /^(-?\d{1,20}|@[A-Za-z0-9_]{3,64})$/,
      expected: 'a chat’s number in quotes, or @channel',
    },
    api_url: { kind: 'url' },
  });
  if (!read.ok) return read;
  const {
    bot_token: token,
    chat_id: chatId,
    api_url: api,
  } = read.values as Record<string, string | undefined>;
  const base = (api ?? 'https://api.telegram.org').replace(/\/+$/, '');
  const settings = { url: `${base}/bot${token}/sendMessage`, chatId: chatId as string };
  const line = { host: new URL(base).host, about: `Telegram ${chatId}`, identity: `${token}|${chatId}` };
  return { ok: true, line: { ...line, send: (message, io) => send(settings, message, io) } };
}

async function send(settings: Settings, message: Message, io: NotifyIo): Promise<Sent> {
  const first = typeof io.thread?.messageId === 'number' ? io.thread.messageId : null;
  const answer = await post(io, {
    url: settings.url,
    body: JSON.stringify({
      chat_id: settings.chatId,
      text: telegramText(message),
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      ...(first === null
        ? {}
        : { reply_parameters: { message_id: first, allow_sending_without_reply: true } }),
    }),
  });
  if (!answer.ok) return answer;
  const { body } = answer.posted;
  if (!/^\s*\{\s*"ok"\s*:\s*true/.test(body))
    return fault('odd_answer', 'Telegram did not say ok', { mostTries: 3 });
  const messageId = first ?? Number(/"message_id"\s*:\s*(\d{1,15})/.exec(body)?.[1] ?? Number.NaN);
  const thread = Number.isFinite(messageId) && message.incident ? { thread: { messageId } } : {};
  return { ok: true, note: 'Telegram took it', ...thread };
}

/** 4,096 characters once entities are read; links outside the count of what is cut. */
export function telegramText(message: Message): string {
  const links = message.links
    .map((link) => `<a href="${htmlEscape(link.url)}">${htmlEscape(link.text)}</a>`)
    .join(' · ');
  const rest = fitting(plainText(message, { links: false, headline: false }), 3_400);
  return [`${marks[message.tone]} <b>${htmlEscape(message.headline)}</b>`, htmlEscape(rest), links]
    .filter(Boolean)
    .join('\n\n');
}
