import {
  asInstantMs,
  asList,
  asNumber,
  asObject,
  asText,
  dig,
  type Loose,
  parseJson,
} from '#lib/core/loose.ts';
import type { NoticeFact } from '#lib/core/plan.ts';
import { notice, noticeStatusOf, type PageState, type Platform, worstOf } from './page.ts';

const severities: Record<string, PageState> = {
  MINOR: 'degraded',
  MEDIUM: 'degraded',
  MAJOR: 'partial_outage',
  CRITICAL: 'major_outage',
};

/** Checkly: services with events per day; the page's slug is in its address. */
export const checkly: Platform = {
  documents: (page) => {
    const known = page.endpoints.find((url) => /\/api\/status-page\/[^/]+\/uptime$/.test(url));
    return known ? [known] : [];
  },
  read: ([text], page) => {
    const body = asObject(parseJson(text));
    if (!body || !Array.isArray(body.uptime)) return null;
    const isPartial = body.partialError === true;
    const notices: NoticeFact[] = [];
    const components = asList(body.uptime).flatMap((group) =>
      asList(asObject(group)?.services).flatMap((raw) => {
        const service = asObject(raw);
        const id = asText(service?.id);
        const name = asText(service?.name);
        if (!service || !id || !name) return [];
        const events = asList(service.days).flatMap((day) => asList(dig(day, 'events')).map(asObject));
        const read = events.flatMap((e) => readEvent(e, name, page.nowMs));
        notices.push(...read);
        const open = read.filter((n) => n.status !== 'resolved');
        return [{ id, name, state: isPartial ? ('unknown' as const) : worstOf(open.map((n) => n.impact)) }];
      }),
    );
    return { title: asText(dig(asList(body.metadata)[0], 'name')), components, notices };
  },
};

function readEvent(e: Loose | null, component: string, nowMs: number): NoticeFact[] {
  const id = asText(e?.id);
  if (!e || !id) return [];
  const startedAtMs = asInstantMs(e.created_at);
  const duration = asNumber(e.duration);
  const status = noticeStatusOf(e.lastUpdateStatus);
  const isOver = status === 'resolved' || (startedAtMs !== null && nowMs - startedAtMs > 7 * 86_400_000);
  return [
    notice({
      id,
      title: asText(e.name) ?? id,
      status: isOver ? 'resolved' : status === 'unknown' ? 'investigating' : status,
      impact: severities[String(e.severity).toUpperCase()] ?? 'unknown',
      startedAtMs,
      resolvedAtMs:
        isOver && startedAtMs !== null && duration !== null ? startedAtMs + duration * 1000 : null,
      components: [component],
    }),
  ];
}
