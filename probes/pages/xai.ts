import { readFeed } from './feed.ts';
import { type PageComponent, type PageState, type Platform, stateOf, worstOf } from './page.ts';
import { textOf } from './xml.ts';

/** xAI: a feed whose two categories say how bad and whether it is over; the component stands in brackets in the title. */
export const xai: Platform = {
  documents: (page) => {
    const known = page.endpoints.find((url) => url.endsWith('/feed.xml'));
    return page.url.host === 'status.x.ai' ? [known ?? `${page.url.origin}/feed.xml`] : known ? [known] : [];
  },
  read: ([text], page) => {
    const feed = readFeed(text, page.nowMs);
    if (!feed) return null;
    if (isStale(feed.builtAtMs, feed.ttlMinutes, page.nowMs)) {
      return {
        title: feed.title,
        components: [{ id: 'page', name: feed.title ?? 'xAI', state: 'unknown' }],
        notices: [],
      };
    }
    const states = new Map<string, PageState[]>();
    const notices = feed.notices.map((n, i) => {
      const raw = feed.items[i]?.category;
      const words = (Array.isArray(raw) ? raw : [raw]).map((c) => textOf(c)?.toLowerCase() ?? '');
      const component = /^\[([^\]]{1,80})\]/.exec(n.title)?.[1] ?? 'API';
      const isOver = words.includes('resolved');
      const impact = worstOf(words.map(stateOf).filter((s) => s !== 'unknown'));
      if (!isOver) states.set(component, [...(states.get(component) ?? []), impact]);
      return {
        ...n,
        status: isOver ? ('resolved' as const) : ('investigating' as const),
        impact,
        components: [component],
      };
    });
    const hit = [...states].map(([name, all]): PageComponent => ({ id: name, name, state: worstOf(all) }));
    const calm: PageComponent = { id: 'page', name: feed.title ?? 'xAI', state: 'operational' };
    return { title: feed.title, components: hit.length > 0 ? hit : [calm], notices };
  },
};

/** The feed promises a new copy every `ttl` minutes; far behind its promise it says nothing about now. */
function isStale(builtAtMs: number | null, ttlMinutes: number | null, nowMs: number): boolean {
  return (
    builtAtMs !== null && ttlMinutes !== null && nowMs - builtAtMs > Math.max(8 * ttlMinutes, 120) * 60_000
  );
}
