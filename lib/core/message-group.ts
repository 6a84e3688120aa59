import type { Link, Message, Tone } from './message.ts';
import { cutAt } from './message-text.ts';
import { urgencies } from './routing-match.ts';

const worstFirst: Tone[] = ['bad', 'warning', 'good', 'info', 'test'];
const mostItems = 40;

/** Many messages told as one: a mass change, an hour's overflow, a digest. The worst decides the tone. */
export function groupMessages(messages: [Message, ...Message[]], why: string, title: string): Message {
  const [first] = messages;
  if (messages.length === 1) return first;
  const tone = worstFirst.find((one) => messages.some((message) => message.tone === one)) ?? 'info';
  const ordered = [...messages].sort((a, b) => worstFirst.indexOf(a.tone) - worstFirst.indexOf(b.tone));
  const headline = cutAt(`${messages.length} messages (${why}): ${ordered[0]?.headline ?? ''}`, 120);
  const items = messages
    .slice(0, mostItems)
    .map((message) => cutAt(message.sentence ?? message.headline, 300));
  const left = messages.length - items.length;
  return {
    ...first,
    tone,
    urgency: urgencies.find((one) => messages.some((message) => message.urgency === one)) ?? 'note',
    subject: cutAt(`[${title}] ${headline}`, 150),
    headline,
    sentence: null,
    facts: [],
    quote: null,
    advice: null,
    fix: null,
    links: [...pageOf(first), ...first.links.filter(({ key }) => key === 'manage' || key === 'unsubscribe')],
    items: left > 0 ? [...items, `and ${left} more`] : items,
    matter: `group:${first.id}`,
  };
}

/** Many things have no page of their own: the first one has them all. */
function pageOf({ state }: Message): Link[] {
  const base = state?.baseUrl?.replace(/\/+$/, '');
  return base ? [{ key: 'incident', text: 'Status page', url: `${base}/` }] : [];
}
