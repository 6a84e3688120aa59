import { asInstantMs, asList, asObject, asText, dig, type Loose, parseJson } from '#lib/core/loose.ts';
import { notice, noticeStatusOf, type PageState, type Platform, plainText, stateOf } from './page.ts';

/** Flashcat: the page's number is in its address, so the document must be known. What no active change names is operational. */
export const flashcat: Platform = {
  documents: (page) =>
    page.endpoints.filter((url) => /\/api\/status-page\/\d+\/summary\/active/.test(url)).slice(0, 1),
  read: ([text]) => {
    const data = asObject(dig(parseJson(text), 'data'));
    const page = asObject(data?.page);
    if (!data || !page || !Array.isArray(page.components) || !Array.isArray(data.active_changes)) return null;
    const changes = asList(data.active_changes)
      .map(asObject)
      .filter((c): c is Loose => c !== null);
    const hit = new Map<string, PageState>();
    for (const change of changes) for (const [id, state] of affectedBy(change)) hit.set(id, state);
    return {
      title: asText(page.name),
      components: asList(page.components).flatMap((raw) => {
        const id = asText(asObject(raw)?.component_id);
        const name = asText(asObject(raw)?.name);
        return id && name ? [{ id, name, state: hit.get(id) ?? ('operational' as const) }] : [];
      }),
      notices: changes.map((change, i) => {
        const id =
          asText(change.change_id) ?? asText(change.id) ?? String(change.change_id ?? change.id ?? i);
        const isMaintenance = change.type === 'maintenance';
        return notice({
          id,
          kind: isMaintenance ? 'maintenance' : 'incident',
          title: asText(change.title) ?? asText(change.name) ?? id,
          status: noticeStatusOf(change.status),
          impact: isMaintenance ? 'maintenance' : ([...affectedBy(change).values()][0] ?? 'unknown'),
          startedAtMs: asInstantMs(change.start_at_seconds ?? change.started_at ?? change.created_at),
          text: plainText(asText(change.description)),
        });
      }),
    };
  },
};

/** No active change was ever recorded, so every plausible spelling is read; an unknown word is unknown. */
function affectedBy(change: Loose): Map<string, PageState> {
  const out = new Map<string, PageState>();
  const lists = [change.components, change.affected_components, change.component_changes];
  for (const raw of lists.flatMap(asList)) {
    const id = asText(raw) ?? asText(asObject(raw)?.component_id);
    if (id) out.set(id, stateOf(asObject(raw)?.status ?? change.severity ?? 'degraded'));
  }
  return out;
}
