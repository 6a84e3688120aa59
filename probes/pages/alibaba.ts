import { asInstantMs, asList, asObject, asText, dig, parseJson } from '#lib/core/loose.ts';
import { isOpen, notice, type Platform, worstOf } from './page.ts';

/** Alibaba Cloud: a list of events of the whole cloud; products are null, so only titles tell what is meant. */
export const alibaba: Platform = {
  documents: (page) => {
    const known = page.endpoints.find((url) => url.endsWith('/api/status/listHistoryEvent'));
    if (known) return [known];
    return page.url.host === 'status.alibabacloud.com'
      ? [`${page.url.origin}/api/status/listHistoryEvent`]
      : [];
  },
  read: ([text]) => {
    const body = asObject(parseJson(text));
    if (body?.success !== true || !Array.isArray(body.data)) return null;
    const notices = asList(body.data)
      .slice(0, 30)
      .flatMap((raw) => {
        const title = asText(dig(raw, 'title'))?.trim();
        if (!title) return [];
        const end = asInstantMs(dig(raw, 'endTime'));
        return [
          notice({
            id: String(dig(raw, 'id') ?? title),
            title,
            status: end !== null || /recovered/i.test(title) ? 'resolved' : 'investigating',
            impact: /disruption|outage/i.test(title) ? 'partial_outage' : 'degraded',
            startedAtMs: asInstantMs(dig(raw, 'startTime')),
            postedAtMs: asInstantMs(dig(raw, 'lastUpdateTime')),
            resolvedAtMs: end,
          }),
        ];
      });
    const ours = notices.filter(
      (n) => isOpen(n) && /model studio|bailian|dashscope|qwen|百炼/i.test(n.title),
    );
    return {
      title: 'Alibaba Cloud',
      components: [{ id: 'model-studio', name: 'Model Studio', state: worstOf(ours.map((n) => n.impact)) }],
      notices,
    };
  },
};
