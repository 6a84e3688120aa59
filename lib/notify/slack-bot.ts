import type { Message } from '../core/message.ts';
import type { NotifyIo, Sent } from './channel.ts';
import { post } from './post.ts';
import { readRetryAfterMs } from './retry-after.ts';
import { slackBody } from './slack-blocks.ts';
import { slackFault } from './slack-fault.ts';

export interface Bot {
  token: string;
  channel: string;
  apiUrl: string;
}

type Called = { ok: true; ts: string | null } | Extract<Sent, { ok: false }>;

/** The first message of an incident opens a thread; later ones edit it to what is true now and say the change below it. */
export async function sendAsBot(bot: Bot, message: Message, io: NotifyIo): Promise<Sent> {
  const ts = typeof io.thread?.ts === 'string' ? io.thread.ts : null;
  if (ts === null || message.incident === null) return first(bot, message, io);
  const edited = await call(bot, io, 'chat.update', { ts, ...slackBody(message) });
  if (!edited.ok) return edited.code === 'slack_message_not_found' ? first(bot, message, io) : edited;
  const isLoud = message.tone === 'good' || message.tone === 'bad';
  const said = await call(bot, io, 'chat.postMessage', {
    thread_ts: ts,
    reply_broadcast: isLoud,
    ...slackBody(message),
  });
  return said.ok ? { ok: true, note: 'edited, and answered in its thread', thread: { ts } } : said;
}

async function first(bot: Bot, message: Message, io: NotifyIo): Promise<Sent> {
  const posted = await call(bot, io, 'chat.postMessage', slackBody(message));
  if (!posted.ok) return posted;
  return { ok: true, note: 'posted', ...(posted.ts ? { thread: { ts: posted.ts } } : {}) };
}

async function call(bot: Bot, io: NotifyIo, method: string, body: Record<string, unknown>): Promise<Called> {
  const answer = await post(io, {
    url: `${bot.apiUrl}/${method}`,
    headers: { authorization: `Bearer ${bot.token}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ channel: bot.channel, ...body }),
  });
  if (!answer.ok) return answer;
  const { ok, ts, error } = readAnswer(answer.posted.body);
  if (ok) return { ok: true, ts };
  const retryAfterMs = readRetryAfterMs(answer.posted.headers['retry-after'], io.nowMs());
  return slackFault(error, retryAfterMs) as Called;
}

/** Answers are cut at four kilobytes, so the two words we need are looked for, not parsed. */
function readAnswer(body: string): { ok: boolean; ts: string | null; error: string } {
  return {
    ok: /"ok"\s*:\s*true/.test(body.slice(0, 200)),
    ts: /"ts"\s*:\s*"([0-9.]{1,40})"/.exec(body)?.[1] ?? null,
    error: /"error"\s*:\s*"([a-z_]{1,60})"/.exec(body)?.[1] ?? 'odd_answer',
  };
}
