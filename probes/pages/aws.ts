import { asInstantMs, asObject, asText, parseJson } from '#lib/core/loose.ts';
import { notice, type PageState, type Platform, plainText, worstOf } from './page.ts';

const levels: Record<string, PageState> = {
  '0': 'operational',
  '1': 'degraded',
  '2': 'degraded',
  '3': 'major_outage',
};

/** AWS Health: open events of every service and region; only Bedrock in our region is our business, because far regions stay open for months. */
export const aws: Platform = {
  bodyBytes: 8 << 20,
  documents: (page) => {
    const known = page.endpoints.find((url) => url.endsWith('/public/currentevents'));
    if (known) return [known];
    return page.url.host === 'health.aws.amazon.com' ? [`${page.url.origin}/public/currentevents`] : [];
  },
  read: ([text], page) => {
    const events = parseJson(text);
    if (!Array.isArray(events)) return null;
    const suffix = page.region ? `-${page.region}` : '-';
    const notices = events.flatMap((raw) => {
      const event = asObject(raw);
      const services = Object.entries(asObject(event?.impacted_services) ?? {});
      const hits = services.filter(
        ([key]) => key.startsWith('bedrock') && (page.region ? key.endsWith(suffix) : true),
      );
      if (!event || hits.length === 0) return [];
      const current = hits.map(([, s]) => levels[String(asObject(s)?.current)] ?? 'unknown');
      const end = asInstantMs(event.end_time);
      const log = Array.isArray(event.event_log) ? asObject(event.event_log.at(-1)) : null;
      return [
        notice({
          id: asText(event.arn) ?? String(event.date),
          title: asText(event.summary) ?? 'AWS event',
          status: end !== null ? 'resolved' : 'investigating',
          impact: worstOf(current),
          startedAtMs: asInstantMs(event.date),
          postedAtMs: asInstantMs(log?.timestamp),
          resolvedAtMs: end,
          components: hits.map(([key]) => key),
          text: plainText(asText(log?.message)),
        }),
      ];
    });
    const open = notices.filter((n) => n.status !== 'resolved').map((n) => n.impact);
    const name = page.region ? `Amazon Bedrock (${page.region})` : 'Amazon Bedrock';
    return { title: 'AWS Health', components: [{ id: 'bedrock', name, state: worstOf(open) }], notices };
  },
};
