import { asInstantMs, asList, asObject, asText, dig, parseJson } from '#lib/core/loose.ts';
import { notice, type PageComponent, type Platform, plainText, stateOf, worstOf } from './page.ts';

const vertexGemini = 'Z0FZJAMvEB4j3NbCJs6B';

/** Google Cloud: every incident of a year in one file; open means no end, and products are told apart by id because titles change. */
export const googleCloud: Platform = {
  bodyBytes: 24 << 20,
  documents: (page) => {
    const known = page.endpoints.filter((url) => /\/incidents\.json$/.test(url)).slice(0, 2);
    if (known.length > 0) return known;
    return page.url.host === 'status.cloud.google.com' ? [`${page.url.origin}/incidents.json`] : [];
  },
  read: (documents, page) => {
    const lists = documents.map((text) => (text === null ? null : parseJson(text)));
    if (!Array.isArray(lists[0])) return null;
    const products = page.components.length > 0 ? page.components : [vertexGemini];
    const concerning = lists
      .flatMap(asList)
      .map(asObject)
      .filter((i) => i !== null && asText(i.id) !== null && typeof i.begin === 'string')
      .filter((i) => asList(i?.affected_products).some((p) => products.includes(String(dig(p, 'id')))));
    const notices = concerning.slice(0, 20).map((i) => {
      const end = asInstantMs(i?.end);
      return notice({
        id: String(i?.id),
        title: plainText(asText(i?.external_desc), 160) ?? String(i?.id),
        status: end === null ? 'investigating' : 'resolved',
        impact: stateOf(i?.status_impact),
        startedAtMs: asInstantMs(i?.begin),
        postedAtMs: asInstantMs(dig(i, 'most_recent_update', 'when')),
        resolvedAtMs: end,
        components: asList(i?.affected_products).flatMap((p) => asText(dig(p, 'title')) ?? []),
        url: `https://status.cloud.google.com/${asText(i?.uri) ?? ''}`,
        text: plainText(asText(dig(i, 'most_recent_update', 'text'))),
      });
    });
    const open = notices.filter((n) => n.status !== 'resolved');
    const name = titleOf(concerning, products) ?? 'Vertex Gemini API';
    const component: PageComponent = {
      id: products[0] ?? vertexGemini,
      name,
      state: worstOf(open.map((n) => n.impact)),
    };
    return { title: 'Google Cloud', components: [component], notices };
  },
};

function titleOf(incidents: unknown[], products: string[]): string | null {
  const all = incidents.flatMap((i) => asList(dig(i, 'affected_products')));
  return asText(
    dig(
      all.find((p) => dig(p, 'id') === products[0]),
      'title',
    ),
  );
}
