import { asInstantMs, asList, asObject, asText, type Loose, parseJson } from '#lib/core/loose.ts';
import type { NoticeFact } from '#lib/core/plan.ts';
import {
  notice,
  noticeStatusOf,
  type PageComponent,
  type Platform,
  plainText,
  stateOf,
  under,
  worstOf,
} from './page.ts';

/** Datadog Status Pages: the whole page is `/config.json`; every other path is an HTML shell with 200. */
export const datadog: Platform = {
  documents: (page) => [under(page, '/config.json')],
  read: ([text], page) => {
    const body = asObject(parseJson(text));
    if (!body || !Array.isArray(body.components) || typeof body.domainPrefix !== 'string') return null;
    if (body.enabled === false) return null;
    return {
      title: asText(body.name),
      components: asList(body.components).flatMap((raw) => flatten(asObject(raw))),
      notices: [
        ...asList(body.incidents).flatMap((raw) => readIncident(asObject(raw), page.url.origin)),
        ...asList(body.maintenances).flatMap((raw) => readMaintenance(asObject(raw), page.nowMs)),
      ],
    };
  },
};

function flatten(c: Loose | null): PageComponent[] {
  if (!c) return [];
  if (Array.isArray(c.components)) return c.components.flatMap((child) => flatten(asObject(child)));
  const name = asText(c.name);
  return name ? [{ id: asText(c.id) ?? name, name, state: stateOf(c.status) }] : [];
}

function readIncident(n: Loose | null, origin: string): NoticeFact[] {
  const id = asText(n?.id);
  const title = asText(n?.title);
  // "Backfill" is a placeholder left from the move to this platform.
  if (!n || !id || title === 'Backfill') return [];
  const startOf = (t: Loose): number => asInstantMs(t.startedAt) ?? asInstantMs(t.createdAt) ?? 0;
  const timeline = asList(n.timeline)
    .map(asObject)
    .filter((t): t is Loose => t !== null);
  timeline.sort((a, b) => startOf(a) - startOf(b));
  // The incident's own list shows how components are now; how they were is in the timeline only.
  const then = timeline.flatMap((t) => asList(t.componentsAffected).map(asObject));
  const last = timeline.at(-1);
  const isResolved = n.resolved === true;
  const posted = timeline.map((t) => asInstantMs(t.createdAt)).filter((ms): ms is number => ms !== null);
  return [
    notice({
      id,
      title: title ?? id,
      status: isResolved ? 'resolved' : noticeStatusOf(n.currentStatus ?? last?.status),
      impact: then.length === 0 ? 'unknown' : worstOf(then.map((c) => stateOf(c?.status))),
      startedAtMs: asInstantMs(n.publishedDate) ?? (timeline[0] ? startOf(timeline[0]) : null),
      postedAtMs: posted.length > 0 ? Math.min(...posted) : null,
      resolvedAtMs: isResolved ? asInstantMs(n.resolvedDate) : null,
      components: [...new Set(then.flatMap((c) => asText(c?.name) ?? []))],
      url: `${origin}/incidents/${id}`,
      text: plainText(asText(last?.description) ?? asText(n.description)),
    }),
  ];
}

function readMaintenance(n: Loose | null, nowMs: number): NoticeFact[] {
  const id = asText(n?.id);
  if (!n || !id) return [];
  const startedAtMs = asInstantMs(n.startDate ?? n.scheduledStart ?? n.publishedDate);
  const resolvedAtMs = asInstantMs(n.endDate ?? n.scheduledEnd ?? n.resolvedDate);
  const isOver = n.resolved === true || (resolvedAtMs !== null && resolvedAtMs <= nowMs);
  const isAhead = startedAtMs !== null && startedAtMs > nowMs;
  return [
    notice({
      id,
      kind: 'maintenance',
      title: asText(n.title) ?? id,
      status: isOver ? 'resolved' : isAhead ? 'scheduled' : 'in_progress',
      impact: 'maintenance',
      startedAtMs,
      resolvedAtMs,
      text: plainText(asText(n.description)),
    }),
  ];
}
