import type { Message, Tone } from '../core/message.ts';
import { cutAt } from '../core/message-text.ts';
import type { Channel, NotifyIo, Opened, Sent } from './channel.ts';
import { post } from './post.ts';
import { readSettings } from './settings.ts';

/** Microsoft Teams through a Workflows address: an Adaptive Card. */
export const teams: Channel = {
  patience: 'chat',
  isForMachines: false,
  skipsUntold: false,
  gapMs: 1_000,
  mostInFlight: 50,
  open,
};

const styles: Record<Tone, string> = {
  bad: 'attention',
  warning: 'warning',
  good: 'good',
  info: 'accent',
  test: 'emphasis',
};
/** Teams takes 28 kB, the card's envelope included. */
const mostBytes = 26_000;

function open(raw: Record<string, unknown>): Opened {
  const read = readSettings(raw, { webhook_url: { kind: 'url', isRequired: true } });
  if (!read.ok) return read;
  const url = read.values.webhook_url as string;
  const { host } = new URL(url);
  return {
    ok: true,
    line: { host, about: `Teams (${host})`, identity: url, send: (message, io) => send(url, message, io) },
  };
}

async function send(url: string, message: Message, io: NotifyIo): Promise<Sent> {
  const answer = await post(io, { url, body: JSON.stringify(fittingCard(message)) });
  return answer.ok ? { ok: true, note: `Teams answered ${answer.posted.status}` } : answer;
}

/** Less of each text until the whole fits: a shorter card says more than none. */
export function fittingCard(message: Message): Record<string, unknown> {
  for (const share of [1, 0.6, 0.3]) {
    const body = teamsBody(message, share);
    if (Buffer.byteLength(JSON.stringify(body)) <= mostBytes) return body;
  }
  return teamsBody({ ...message, items: message.items.slice(0, 5), facts: message.facts.slice(0, 3) }, 0.2);
}

/** A TextBlock reads Markdown; these are the characters that begin it. */
export function teamsEscape(text: string): string {
  return text.replace(/([\\*_~`[\]()#<>|-])/g, '\\$1');
}

function block(text: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return { type: 'TextBlock', text, wrap: true, ...change };
}

export function teamsBody(message: Message, share = 1): Record<string, unknown> {
  const cut = (text: string, limit: number) => teamsEscape(cutAt(text, Math.floor(limit * share)));
  const said = (text: string | null, limit: number) => (text ? [block(cut(text, limit))] : []);
  const code = (text: string | null) =>
    text ? [block(cut(text, 600), { fontType: 'Monospace', isSubtle: true })] : [];
  const body = [
    {
      type: 'Container',
      style: styles[message.tone],
      bleed: true,
      items: [block(teamsEscape(message.headline), { weight: 'Bolder', size: 'Medium' })],
    },
    ...said(message.sentence, 2_000),
    ...message.items.slice(0, 30).map((item) => block(cut(`• ${item}`, 200))),
    ...(message.facts.length > 0
      ? [
          {
            type: 'FactSet',
            facts: message.facts.map((fact) => ({
              title: fact.label,
              value: cut(fact.text, 600),
            })),
          },
        ]
      : []),
    ...code(message.quote),
    ...said(message.advice, 500),
    ...code(message.fix),
  ];
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body,
          actions: message.links
            .slice(0, 6)
            .map((link) => ({ type: 'Action.OpenUrl', title: link.text, url: link.url })),
        },
      },
    ],
  };
}
