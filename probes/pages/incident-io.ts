import { asInstantMs, asList, asObject, asText, dig, type Loose, parseJson } from '#lib/core/loose.ts';
import type { NoticeFact } from '#lib/core/plan.ts';
import { notice, noticeStatusOf, type PageState, type Platform, stateOf, under, worstOf } from './page.ts';

/** incident.io as it is natively served: what is not named as affected is operational. */
export const incidentIo: Platform = {
  documents: (page) => [under(page, `/proxy/${page.url.host}`)],
  read: ([text], page) => {
    const summary = asObject(dig(parseJson(text), 'summary'));
    if (!summary || !Array.isArray(summary.components)) return null;
    const affected = new Map<string, PageState>();
    for (const raw of asList(summary.affected_components)) {
      const id = asText(asObject(raw)?.component_id);
      if (id) affected.set(id, stateOf(asObject(raw)?.status));
    }
    const hidden = hiddenIds(summary);
    const names = new Map<string, string>();
    const components = asList(summary.components).flatMap((raw) => {
      const id = asText(asObject(raw)?.id);
      const name = asText(asObject(raw)?.name);
      if (!id || !name || hidden.has(id)) return [];
      names.set(id, name);
      return [{ id, name, state: affected.get(id) ?? ('operational' as const) }];
    });
    const read = (key: string, kind: NoticeFact['kind']): NoticeFact[] =>
      asList(summary[key]).flatMap((raw) => readNotice(asObject(raw), kind, names, page.url.origin));
    return {
      title: asText(summary.name),
      components,
      notices: [
        ...read('ongoing_incidents', 'incident'),
        ...read('in_progress_maintenances', 'maintenance'),
        ...read('scheduled_maintenances', 'maintenance'),
      ],
    };
  },
};

function hiddenIds(summary: Loose): Set<string> {
  const hidden = new Set<string>();
  const items = asList(dig(summary, 'structure', 'items')).map(asObject);
  for (const item of items) {
    const group = asObject(item?.group);
    const members = group ? asList(group.components) : [item?.component];
    for (const member of members.map(asObject)) {
      const id = asText(member?.component_id);
      if (id && (member?.hidden === true || group?.hidden === true)) hidden.add(id);
    }
  }
  return hidden;
}

function readNotice(
  n: Loose | null,
  kind: NoticeFact['kind'],
  names: Map<string, string>,
  origin: string,
): NoticeFact[] {
  const id = asText(n?.id);
  if (!n || !id) return [];
  const hits = asList(n.affected_components)
    .map(asObject)
    .filter((c): c is Loose => c !== null);
  const impact =
    hits.length === 0 ? 'unknown' : worstOf(hits.map((c) => stateOf(c.current_status ?? c.status)));
  return [
    notice({
      id,
      kind,
      title: asText(n.name) ?? id,
      status: noticeStatusOf(n.status),
      impact: kind === 'maintenance' ? 'maintenance' : impact,
      startedAtMs: asInstantMs(n.published_at ?? n.starts_at),
      postedAtMs: asInstantMs(n.last_update_at ?? n.published_at),
      resolvedAtMs: asInstantMs(n.ends_at),
      components: hits.flatMap((c) => names.get(asText(c.component_id) ?? '') ?? []),
      url: `${origin}/incidents/${id}`,
    }),
  ];
}
