import { asInstantMs, asList, asObject, asText, type Loose, parseJson } from '#lib/core/loose.ts';
import type { NoticeFact } from '#lib/core/plan.ts';
import { notice, noticeStatusOf, type Platform, plainText, stateOf, under } from './page.ts';

/** Atlassian Statuspage, and incident.io's imitation of it where nothing better is served. */
export const statuspage: Platform = {
  documents: (page) => [under(page, '/api/v2/summary.json')],
  read: ([text]) => {
    const body = asObject(parseJson(text));
    const page = asObject(body?.page);
    if (!body || !page || !Array.isArray(body.components)) return null;
    return {
      title: asText(page.name),
      // The indicator may say minor while an incident says major: only components and incidents are read.
      components: asList(body.components).flatMap((raw) => {
        const c = asObject(raw);
        const name = asText(c?.name);
        if (!c || !name || c.group === true) return [];
        return [{ id: asText(c.id) ?? name, name, state: stateOf(c.status) }];
      }),
      notices: [
        ...asList(body.incidents).flatMap((raw) => readNotice(raw, 'incident')),
        ...asList(body.scheduled_maintenances).flatMap((raw) => readNotice(raw, 'maintenance')),
      ],
    };
  },
};

function readNotice(raw: unknown, kind: NoticeFact['kind']): NoticeFact[] {
  const n = asObject(raw);
  const id = asText(n?.id);
  if (!n || !id) return [];
  const updates = asList(n.incident_updates)
    .map(asObject)
    .filter((u): u is Loose => u !== null);
  const posted = updates.map((u) => asInstantMs(u.created_at)).filter((ms): ms is number => ms !== null);
  const named = asList(n.components).map((c) => asText(asObject(c)?.name));
  return [
    notice({
      id,
      kind,
      title: asText(n.name) ?? id,
      status: noticeStatusOf(n.status),
      impact: kind === 'maintenance' ? 'maintenance' : stateOf(n.impact),
      startedAtMs: asInstantMs(kind === 'maintenance' ? n.scheduled_for : (n.started_at ?? n.created_at)),
      postedAtMs: posted.length > 0 ? Math.max(...posted) : asInstantMs(n.updated_at),
      resolvedAtMs: asInstantMs(kind === 'maintenance' ? n.scheduled_until : n.resolved_at),
      components: named.filter((name): name is string => name !== null),
      url: asText(n.shortlink),
      text: plainText(asText(updates[0]?.body)),
    }),
  ];
}
