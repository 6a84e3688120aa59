import { describe, expect, it } from 'vitest';
import type { Message } from '../core/message.ts';
import { groupMessages } from '../core/message-group.ts';
import { webhookBody } from '../core/message-payload.ts';
import { aMessage, anIncident } from '../testing/messages.ts';
import { discordBody } from './discord.ts';
import { mailBody } from './email-body.ts';
import { fittingNtfy } from './ntfy.ts';
import { pagerDutyBody } from './pagerduty.ts';
import { slackBody } from './slack-blocks.ts';
import { fittingCard } from './teams.ts';
import { telegramText } from './telegram.ts';
import { fill } from './template.ts';

/** What each service documents, held with texts that grow when they are escaped, quoted or written in UTF-8. */
const bytes = (value: unknown) =>
  Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
const facts = { epoch: 'e', seq: 1, route: null, guard: null, baseUrl: 'https://status.example.com' };
const link = (key: 'acknowledge' | 'runbook') =>
  ({ key, text: key, url: `https://status.example.com/${key}/${'a'.repeat(300)}` }) as const;

function giant(unit: string): Message {
  const long = unit.repeat(5_000);
  const route = `openrouter/${long.slice(0, 120)}`;
  return aMessage({
    event: { sentence: long, reason: long, data: { note: long.slice(0, 2_900) } },
    incident: {
      ...{ title: long, reason: long, affected: Array(500).fill(route) },
      evidence: {
        ...anIncident().evidence,
        sample: { status: 500, message: long, provider: long, target: long },
        working: Array(12).fill(route),
        witnesses: [{ component: long, status: long, leadMs: 5 }],
      },
    },
    context: { own: [link('runbook'), link('acknowledge')] },
  });
}

describe.each(['x&<"', '世', '🔴', '\\', '"', '`', '*_', '<!channel>', '\n\u202e@everyone '])(
  'endless %j',
  (unit) => {
    const one = giant(unit);
    const many = Array.from({ length: 60 }, () => one) as [Message, ...Message[]];
    const both = [one, groupMessages(many, 'at once', 'LLM status')];

    it.each([
      ['Teams: 28 kB for the whole card', (m: Message) => [bytes(fittingCard(m)), 28_000]],
      ['ntfy: 4,096 bytes of text', (m: Message) => [bytes(fittingNtfy('t', m).message), 4_096]],
      ['ntfy: twice that of JSON', (m: Message) => [bytes(fittingNtfy('t', m)), 8_192]],
      ['PagerDuty: 512 kB', (m: Message) => [bytes(pagerDutyBody('k', m)), 512_000]],
      ['our own webhooks: 20 kB', (m: Message) => [bytes(webhookBody(m, facts)), 20_000]],
      ['Google Chat: 4,096 characters', (m: Message) => [String(fill('{{text}}', m)).length, 4_096]],
      ['mail: no longer than a screen or ten', (m: Message) => [bytes(mailBody(m).text), 40_000]],
      [
        'Slack: 13,200 characters in all blocks',
        (m: Message) => [JSON.stringify(slackBody(m).blocks).length, 13_200],
      ],
      ['Slack: 50 blocks', (m: Message) => [(slackBody(m).blocks as unknown[]).length, 50]],
    ] as const)('is kept within %s', (_what, measure) => {
      for (const message of both) {
        const [is, most] = measure(message) as [number, number];
        expect(is).toBeLessThanOrEqual(most);
        expect(is).toBeGreaterThan(0);
      }
    });

    it('is cut between characters, and a link is whole or absent', () => {
      for (const message of both) {
        const all = JSON.stringify([slackBody(message), fittingCard(message), fittingNtfy('t', message)]);
        expect(all + JSON.stringify([discordBody(message), pagerDutyBody('k', message)])).not.toMatch(
          /\\ud[89a-f]/,
        );
        expect(telegramText(message).isWellFormed()).toBe(true);
        const [embed] = discordBody(message).embeds as { description: string }[];
        for (const opened of embed?.description.match(/\]\(<[^\n]*?(?=\[|$)/g) ?? [])
          expect(opened).toMatch(/^\]\(<https:\/\/[^>]+>\)/);
      }
    });
  },
);

it('chat services behind a template are woken by nobody but us', () => {
  const sentence = 'see <users/all> and <at user_id="all">you</at>, @channel @all <!here>';
  const message = aMessage({ event: { sentence } });
  for (const name of ['headline', 'text', 'sentence', 'subject']) {
    const filled = String(fill(`{{${name}}}`, message));
    expect(filled).toContain('users/all');
    expect(filled).not.toMatch(/<users|<at|<!|@channel|@all/);
  }
});
