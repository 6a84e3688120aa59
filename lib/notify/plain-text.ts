import type { Message } from '../core/message.ts';
import { cutAt, cutAtBytes } from '../core/message-text.ts';

/** The whole message as plain text, without its links where a channel shows them itself. */
export function plainText(message: Message, change: { links?: boolean; headline?: boolean } = {}): string {
  const parts = [
    change.headline === false ? null : message.headline,
    message.sentence,
    message.items.map((item) => `- ${item}`).join('\n'),
    message.facts.map((fact) => `${fact.label}: ${fact.text}`).join('\n'),
    message.quote && `> ${message.quote}`,
    message.advice,
    message.fix && `    ${message.fix}`,
    change.links === false ? null : message.links.map((link) => `${link.text}: ${link.url}`).join('\n'),
  ];
  return parts.filter((part) => part).join('\n\n');
}

/** Whole paragraphs from the top as long as they fit. */
export function fitting(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const paragraphs = text.split('\n\n');
  let kept = '';
  for (const paragraph of paragraphs) {
    const next = kept === '' ? paragraph : `${kept}\n\n${paragraph}`;
    if (next.length > limit - 2) break;
    kept = next;
  }
  return kept === '' ? cutAt(text, limit) : `${kept}\n…`;
}

export function fittingBytes(text: string, limit: number): string {
  return cutAtBytes(fitting(text, limit), limit);
}
