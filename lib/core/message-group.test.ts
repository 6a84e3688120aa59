import { describe, expect, it } from 'vitest';
import { aMessage } from '../testing/messages.ts';
import type { Message } from './message.ts';
import { groupMessages } from './message-group.ts';

const many = (count: number): [Message, ...Message[]] =>
  Array.from({ length: count }, (_, i) =>
    aMessage({
      event: {
        id: `e${i}`,
        type: i === 2 ? 'incident.opened' : 'catalog.model_added',
        impact: i === 2 ? 'major_outage' : null,
        sentence: `news ${i}`,
      },
    }),
  ) as [Message, ...Message[]];

describe('many messages told as one', () => {
  it('are counted, and the worst speaks first', () => {
    const one = groupMessages(many(4), 'at once', 'LLM status');
    expect(one.headline).toBe('4 messages (at once): news 2');
    expect(one.subject).toBe('[LLM status] 4 messages (at once): news 2');
    expect(one.tone).toBe('bad');
    expect(one.items).toEqual(['news 0', 'news 1', 'news 2', 'news 3']);
  });

  it('lead to the page, and for a subscriber to the way out', () => {
    expect(groupMessages(many(4), 'at once', 't').links).toEqual([
      { key: 'incident', text: 'Status page', url: 'https://status.example.com/' },
    ]);
  });

  it('name forty and count the rest', () => {
    const { items } = groupMessages(many(100), 'digest', 't');
    expect([items.length, items.at(-1)]).toEqual([41, 'and 60 more']);
  });

  it('keep, of all their links, those that are about the receiver', () => {
    const own = [{ key: 'unsubscribe' as const, text: 'Unsubscribe', url: 'https://s.example/u' }];
    const [first, ...rest] = [aMessage({ context: { own } }), aMessage()];
    const { links } = groupMessages([first, ...rest] as [Message, ...Message[]], 'at once', 't');
    expect(links).toEqual([
      { key: 'incident', text: 'Status page', url: 'https://status.example.com/' },
      own[0],
    ]);
  });

  it('of which there is one are that one', () => {
    const [only] = many(1);
    expect(groupMessages([only], 'digest', 't')).toBe(only);
  });
});
