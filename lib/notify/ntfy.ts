import type { Message, Tone } from '../core/message.ts';
import { cutAtBytes } from '../core/message-text.ts';
import type { Urgency } from '../core/routing-match.ts';
import type { Channel, NotifyIo, Opened, Sent } from './channel.ts';
import { fittingBytes, plainText } from './plain-text.ts';
import { post } from './post.ts';
import { readSettings } from './settings.ts';

/** ntfy: the topic's address as one would open it in a browser. */
export const ntfy: Channel = {
  patience: 'chat',
  isForMachines: false,
  skipsUntold: false,
  gapMs: 1_000,
  mostInFlight: 25,
  open,
};

const tags: Record<Tone, string> = {
  bad: 'rotating_light',
  warning: 'warning',
  good: 'white_check_mark',
  info: 'information_source',
  test: 'test_tube',
};
/** Five rings through silence; two makes no sound. */
const priorities: Record<Urgency, number> = { page: 5, ticket: 3, note: 2 };

function priorityOf({ tone, urgency }: Message): number {
  return tone === 'good' || tone === 'test' ? 3 : priorities[urgency];
}

interface Settings {
  server: string;
  topic: string;
  token: string | null;
}

function open(raw: Record<string, unknown>): Opened {
  const read = readSettings(raw, { url: { kind: 'url', isRequired: true }, token: { kind: 'text' } });
  if (!read.ok) return read;
  const url = new URL(read.values.url as string);
  const topic = url.pathname.replace(/^\/+|\/+$/g, '');
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(topic))
    return {
      ok: false,
      problems: [{ path: 'url', expected: 'a topic’s address such as https://ntfy.sh/my-topic' }],
    };
  const settings: Settings = {
    server: `${url.origin}/`,
    topic,
    token: (read.values.token as string | undefined) ?? null,
  };
  const line = { host: url.host, about: `ntfy (${url.host})`, identity: url.href };
  return { ok: true, line: { ...line, send: (message, io) => send(settings, message, io) } };
}

async function send(settings: Settings, message: Message, io: NotifyIo): Promise<Sent> {
  const answer = await post(io, {
    url: settings.server,
    headers: settings.token ? { authorization: `Bearer ${settings.token}` } : {},
    body: JSON.stringify(fittingNtfy(settings.topic, message)),
  });
  return answer.ok ? { ok: true, note: `ntfy answered ${answer.posted.status}` } : answer;
}

/** ntfy reads no more than twice its message limit of JSON: quotes and links count there too. */
export function fittingNtfy(topic: string, message: Message): Record<string, unknown> {
  for (const bytes of [4_000, 3_000, 2_000, 1_000]) {
    const body = ntfyBody(topic, message, bytes);
    if (Buffer.byteLength(JSON.stringify(body)) <= 8_000) return body;
  }
  return ntfyBody(topic, { ...message, links: message.links.slice(0, 1) }, 500);
}

/** A text beyond 4,096 bytes would become an attachment; at most three buttons. */
export function ntfyBody(topic: string, message: Message, mostBytes = 4_000): Record<string, unknown> {
  const link = message.links.find((one) => one.key === 'incident') ?? message.links[0];
  const rest = plainText(message, { links: false, headline: false });
  return {
    topic,
    title: cutAtBytes(message.headline, 250),
    message: fittingBytes(rest === '' ? message.headline : rest, mostBytes),
    tags: [tags[message.tone]],
    priority: priorityOf(message),
    ...(link ? { click: link.url } : {}),
    actions: message.links.slice(0, 3).map((one) => ({ action: 'view', label: one.text, url: one.url })),
  };
}
