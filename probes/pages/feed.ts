import { asInstantMs, asObject, asText } from '#lib/core/loose.ts';
import type { NoticeFact } from '#lib/core/plan.ts';
import {
  isOpen,
  notice,
  noticeStatusOf,
  type PageAddress,
  type PageFacts,
  type PageState,
  type Platform,
  plainText,
  under,
  worstOf,
} from './page.ts';
import { listOf, parseXml, textOf } from './xml.ts';

export interface FeedFacts {
  title: string | null;
  generator: string | null;
  builtAtMs: number | null;
  ttlMinutes: number | null;
  notices: NoticeFact[];
  items: Record<string, unknown>[];
}

/** RSS or Atom as notices; null where the text is neither. */
export function readFeed(text: string, nowMs: number): FeedFacts | null {
  const xml = parseXml(text);
  const channel = asObject(asObject(xml?.rss)?.channel);
  const atom = asObject(xml?.feed);
  const root = channel ?? atom;
  if (!root) return null;
  const items = listOf(channel ? root.item : root.entry).slice(0, 50);
  return {
    title: textOf(root.title),
    generator: textOf(root.generator),
    builtAtMs: asInstantMs(textOf(root.lastBuildDate) ?? textOf(root.updated)),
    ttlMinutes: Number(textOf(root.ttl)) || null,
    notices: items.map((item) => readItem(item, nowMs)),
    items,
  };
}

/** Where a feed names no status, something older than a day is taken for over. */
const saidNothingMs = 86_400_000;

function readItem(item: Record<string, unknown>, nowMs: number): NoticeFact {
  const html =
    textOf(item.content) ??
    textOf(item['content:encoded']) ??
    textOf(item.description) ??
    textOf(item.summary);
  const title = plainText(textOf(item.title), 200) ?? 'Untitled';
  const atMs = asInstantMs(textOf(item.pubDate) ?? textOf(item.updated) ?? textOf(item.published));
  const link =
    textOf(item.link) ?? asText(asObject(item.link)?.['@href']) ?? asText(listOf(item.link)[0]?.['@href']);
  const said = statusWord(html ?? '', title);
  const isOld = atMs !== null && nowMs - atMs > saidNothingMs;
  const status = said === 'unknown' && isOld ? 'resolved' : said;
  const isMaintenance = /maintenance/i.test(title) || status === 'scheduled' || status === 'in_progress';
  return notice({
    id: textOf(item.guid) ?? textOf(item.id) ?? link ?? title,
    kind: isMaintenance ? 'maintenance' : 'incident',
    title,
    status,
    impact: isMaintenance ? 'maintenance' : impactWord(`${title} ${html ?? ''}`),
    startedAtMs: atMs,
    postedAtMs: asInstantMs(textOf(item.updated)) ?? atMs,
    resolvedAtMs: status === 'resolved' ? asInstantMs(textOf(item.updated)) : null,
    url: link === null ? null : /^https?:/.test(link) ? link : `https://${link.replace(/^\/+/, '')}`,
    text: plainText(html),
  });
}

/** The newest status word: the first bold one, or one behind "Status:". */
function statusWord(html: string, title: string): NoticeFact['status'] {
  const decoded = html.replace(/&lt;/g, '<').replace(/&gt;/g, '>');
  const labelled = /status:\s*(?:<[^>]*>\s*)*([a-z _-]{4,24})/i.exec(decoded)?.[1];
  const bold = /<(?:strong|b)>\s*(?:status:\s*)?([a-z _-]{4,24})\s*<\/(?:strong|b)>/i.exec(decoded)?.[1];
  for (const word of [labelled, bold]) {
    const status = noticeStatusOf(word);
    if (status !== 'unknown') return status;
  }
  return /\b(resolved|recovered)\b/i.test(title) ? 'resolved' : 'unknown';
}

function impactWord(text: string): PageState {
  if (/major outage|full outage|complete outage|severity: outage/i.test(text)) return 'major_outage';
  if (/partial outage|partially/i.test(text)) return 'partial_outage';
  if (/degrad|elevated|slow|intermittent|increased error/i.test(text)) return 'degraded';
  return 'unknown';
}

/** A feed names no components: the page as a whole is as bad as its worst open notice. */
export function factsOfFeed(feed: FeedFacts): PageFacts {
  const open = feed.notices.filter(isOpen).map((n) => (n.impact === 'unknown' ? 'degraded' : n.impact));
  const name = feed.title ?? 'Status page';
  return {
    title: feed.title,
    components: [{ id: 'page', name, state: worstOf(open) }],
    notices: feed.notices,
  };
}

const paths = ['/history.atom', '/history.rss', '/feed', '/feed.xml', '/feed.rss', '/rss', '/incidents.rss'];

/** Any page with a feed. Each path is its own line in the detection order. */
export function feedAt(path: string): Platform {
  return {
    documents: (page: PageAddress) => [under(page, path)],
    read: ([text], page) => {
      const feed = readFeed(text, page.nowMs);
      return feed && factsOfFeed(feed);
    },
  };
}

export const genericFeed: Platform = {
  documents: (page) => {
    const known = page.endpoints.filter((url) => /\.(rss|atom|xml)$|\/(feed|rss)\/?$/.test(url));
    return known.length > 0
      ? known.slice(0, 1)
      : [page.url.pathname === '/' ? under(page, '/history.atom') : page.url.href];
  },
  read: feedAt('/').read,
};

export const feedPaths = paths;
