import type { Message, Tone } from '../core/message.ts';
import { cutAt } from '../core/message-text.ts';
import type { Channel, NotifyIo, Opened, Sent } from './channel.ts';
import { post } from './post.ts';
import { readSettings } from './settings.ts';

/** Discord: one embed; nobody can be mentioned by what is said. */
export const discord: Channel = {
  patience: 'chat',
  isForMachines: false,
  skipsUntold: false,
  gapMs: 1_000,
  mostInFlight: 50,
  open,
};

const colours: Record<Tone, number> = {
  bad: 0xb3261e,
  warning: 0xc98a00,
  good: 0x1a6b3c,
  info: 0x1f4e8c,
  test: 0x777777,
};

function open(raw: Record<string, unknown>): Opened {
  const read = readSettings(raw, { webhook_url: { kind: 'url', isRequired: true } });
  if (!read.ok) return read;
  const url = read.values.webhook_url as string;
  const { host } = new URL(url);
  return {
    ok: true,
    line: { host, about: `Discord (${host})`, identity: url, send: (message, io) => send(url, message, io) },
  };
}

async function send(url: string, message: Message, io: NotifyIo): Promise<Sent> {
  const answer = await post(io, { url, body: JSON.stringify(discordBody(message)) });
  return answer.ok ? { ok: true, note: `Discord answered ${answer.posted.status}` } : answer;
}

/** Markdown is broken where it would begin; a backslash before punctuation is not shown. */
export function discordEscape(text: string): string {
  return text.replace(/([\\*_~`|>[\]()#<@-])/g, '\\$1');
}

function calm(text: string, limit: number): string {
  let kept = cutAt(text, limit);
  while (discordEscape(kept).length > limit) kept = cutAt(kept, Math.floor(kept.length * 0.9));
  return discordEscape(kept);
}

/** As many whole links as fit: half of one leads nowhere. */
function wholeLinks(message: Message): string {
  let text = '';
  for (const one of message.links) {
    const next = `${text}${text === '' ? '' : ' · '}[${calm(one.text, 60)}](<${one.url}>)`;
    if (next.length > 900) break;
    text = next;
  }
  return text;
}

/** Limits as documented: title 256, description 4,096, 25 fields of 256 and 1,024, 6,000 in all. */
export function discordBody(message: Message): Record<string, unknown> {
  const link = message.links.find((one) => one.key === 'incident') ?? message.links[0];
  const fence = (text: string) => `\`\`\`\n${cutAt(text.replaceAll('`', 'ˋ'), 480)}\n\`\`\``;
  const description = [
    message.sentence && calm(message.sentence, 1_000),
    message.items.length > 0 && calm(message.items.map((item) => `• ${item}`).join('\n'), 1_500),
    message.quote && fence(message.quote),
    message.advice && calm(message.advice, 300),
    message.fix && fence(message.fix),
    wholeLinks(message),
  ]
    .filter((part) => part)
    .join('\n');
  return {
    embeds: [
      {
        title: calm(message.headline, 256),
        ...(link ? { url: link.url } : {}),
        description: description.slice(0, 4_096),
        color: colours[message.tone],
        timestamp: new Date(message.atMs).toISOString(),
        fields: message.facts
          .slice(0, 6)
          .map((fact) => ({ name: calm(fact.label, 100), value: calm(fact.text, 230) })),
      },
    ],
    allowed_mentions: { parse: [] },
  };
}
