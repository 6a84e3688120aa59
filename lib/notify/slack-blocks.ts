import type { Link, Message, Tone } from '../core/message.ts';
import { cutAt } from '../core/message-text.ts';

/** Block Kit's documented limits. */
const mostHeader = 150;
const mostSection = 3_000;
const mostField = 2_000;

const marks: Record<Tone, string> = { bad: '🔴', warning: '🟡', good: '🟢', info: '🔵', test: '⚪' };

/** `& < >` are all that Slack reads as markup openers; so `<!channel>` and links cannot be smuggled in. */
export function slackEscape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escaped text within a limit: an entity that the cut would halve goes with it. */
export function slackCut(text: string, limit: number): string {
  let kept = cutAt(text, limit);
  while (slackEscape(kept).length > limit) kept = cutAt(kept, Math.floor(kept.length * 0.9));
  return slackEscape(kept);
}

function fence(text: string, limit: number): string {
  return `\`\`\`${slackCut(text.replaceAll('`', 'ˋ'), limit - 6)}\`\`\``;
}

/** Shown as it is: no markup, no mention, and what is copied out of it is what was said. */
function plain(text: string, limit: number): Record<string, unknown> {
  return { type: 'plain_text', text: cutAt(text, limit), emoji: false };
}

function slackLink(link: Link): string {
  return `<${link.url.replaceAll('|', '%7C').replaceAll('>', '%3E').replaceAll('&', '&amp;')}|${slackCut(link.text.replaceAll('|', '/'), 75)}>`;
}

/** As many whole links as fit. */
function wholeLinks(links: Link[]): string {
  let text = '';
  for (const link of links.map(slackLink)) {
    const next = text === '' ? link : `${text}  ·  ${link}`;
    if (next.length > mostSection) break;
    text = next;
  }
  return text;
}

type Block = Record<string, unknown>;

function section(text: string): Block {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** The message as blocks; the links are plain ones, because only a page with a button may act. */
export function slackBlocks(message: Message): Block[] {
  const blocks: Block[] = [
    {
      type: 'header',
      text: {
        type: 'plain_text',
        text: cutAt(`${marks[message.tone]} ${message.headline}`, mostHeader),
        emoji: true,
      },
    },
  ];
  if (message.sentence) blocks.push({ type: 'section', text: plain(message.sentence, mostSection) });
  if (message.items.length > 0)
    blocks.push({
      type: 'section',
      text: plain(message.items.map((one) => `• ${one}`).join('\n'), mostSection),
    });
  if (message.facts.length > 0)
    blocks.push({
      type: 'section',
      fields: message.facts.slice(0, 10).map((fact) => plain(`${fact.label}\n${fact.text}`, mostField)),
    });
  if (message.quote) blocks.push(section(fence(message.quote, mostSection)));
  if (message.advice) blocks.push({ type: 'section', text: plain(message.advice, mostSection) });
  if (message.fix) blocks.push(section(fence(message.fix, mostSection)));
  if (message.links.length > 0)
    blocks.push({
      type: 'context',
      elements: [
        {
          type: 'mrkdwn',
          text: wholeLinks(message.links),
          verbatim: true,
        },
      ],
    });
  return blocks;
}

/** `text` is what a notification shows; the blocks are the message. */
export function slackBody(message: Message): Record<string, unknown> {
  return {
    text: slackCut(`${marks[message.tone]} ${message.headline}`, 250),
    blocks: slackBlocks(message),
    unfurl_links: false,
    unfurl_media: false,
  };
}
