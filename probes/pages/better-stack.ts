import { asInstantMs, asList, asObject, asText, dig, type Loose, parseJson } from '#lib/core/loose.ts';
import type { NoticeFact } from '#lib/core/plan.ts';
import { notice, type Platform, plainText, stateOf, under, worstOf } from './page.ts';

/** Better Stack: one JSON:API document; a day may be `downtime` while the status is operational, so only `status` counts. */
export const betterStack: Platform = {
  documents: (page) => [under(page, '/index.json')],
  read: ([text], page) => {
    const body = parseJson(text);
    if (dig(body, 'data', 'type') !== 'status_page') return null;
    const included = asList(asObject(body)?.included)
      .map(asObject)
      .filter((o): o is Loose => o !== null);
    const resources = included.filter((o) => o.type === 'status_page_resource');
    const names = new Map<string, string>();
    const components = resources.flatMap((r) => {
      const id = asText(r.id);
      const name = asText(dig(r, 'attributes', 'public_name'));
      if (!id || !name) return [];
      names.set(id, name);
      return [{ id, name, state: stateOf(dig(r, 'attributes', 'status')) }];
    });
    const updates = new Map(included.filter((o) => o.type === 'status_update').map((o) => [o.id, o]));
    const reports = included.filter((o) => o.type === 'status_report');
    return {
      title: asText(dig(body, 'data', 'attributes', 'company_name')),
      components,
      notices: reports.flatMap((r) => readReport(r, names, updates, page.nowMs)),
    };
  },
};

function readReport(
  report: Loose,
  names: Map<string, string>,
  updates: Map<unknown, Loose>,
  nowMs: number,
): NoticeFact[] {
  const id = asText(report.id);
  const a = asObject(report.attributes);
  if (!id || !a) return [];
  const isMaintenance = a.report_type === 'maintenance';
  const startsAtMs = asInstantMs(a.starts_at);
  const endsAtMs = asInstantMs(a.ends_at);
  const isOver = endsAtMs !== null && endsAtMs <= nowMs;
  const isAhead = startsAtMs !== null && startsAtMs > nowMs;
  const hits = asList(a.affected_resources)
    .map(asObject)
    .filter((r): r is Loose => r !== null);
  const first = asObject(asList(dig(report, 'relationships', 'status_updates', 'data'))[0]);
  const update = updates.get(first?.id);
  return [
    notice({
      id,
      kind: isMaintenance ? 'maintenance' : 'incident',
      title: asText(a.title) ?? id,
      status: isOver ? 'resolved' : isAhead ? 'scheduled' : isMaintenance ? 'in_progress' : 'investigating',
      impact: isMaintenance
        ? 'maintenance'
        : hits.length
          ? worstOf(hits.map((r) => stateOf(r.status)))
          : 'unknown',
      startedAtMs: startsAtMs,
      postedAtMs: asInstantMs(dig(update, 'attributes', 'published_at')),
      resolvedAtMs: isOver || isMaintenance ? endsAtMs : null,
      components: hits.flatMap((r) => names.get(asText(r.status_page_resource_id) ?? '') ?? []),
      text: plainText(asText(dig(update, 'attributes', 'message'))),
    }),
  ];
}
