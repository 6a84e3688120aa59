import { asInstantMs, asList, asObject, asText, dig, parseJson } from '#lib/core/loose.ts';
import { notice, type PageFacts, type PageState, type Platform, plainText, under } from './page.ts';

const states: Record<string, PageState> = {
  '1': 'operational',
  '2': 'degraded',
  '3': 'partial_outage',
  '4': 'major_outage',
};

/** Cachet 2.4: numbers for states, 0 for unknown. */
export const cachet2: Platform = {
  documents: (page) => [
    under(page, '/api/v1/components?per_page=100'),
    under(page, '/api/v1/incidents?per_page=20'),
  ],
  read: ([text, incidents]) => {
    const body = asObject(parseJson(text));
    if (!body || !asObject(dig(body, 'meta', 'pagination')) || !Array.isArray(body.data)) return null;
    const components = body.data.flatMap((raw) => {
      const name = asText(dig(raw, 'name'));
      if (!name || dig(raw, 'enabled') === false) return [];
      return [
        {
          id: String(dig(raw, 'id')),
          name,
          state: states[String(dig(raw, 'status'))] ?? ('unknown' as const),
        },
      ];
    });
    return { title: null, components, notices: readIncidents(incidents) };
  },
};

/** Cachet 3: JSON:API; `latest_status` follows open incidents, `status` is set by hand. 5 is unknown here. */
export const cachet3: Platform = {
  documents: (page) => [
    under(page, '/api/components?per_page=100'),
    under(page, '/api/incidents?per_page=20'),
  ],
  read: ([text, incidents]) => {
    const body = asObject(parseJson(text));
    const data = asList(body?.data);
    if (!body || !Array.isArray(body.data) || !data.every((d) => dig(d, 'type') === 'components'))
      return null;
    const components = data.flatMap((raw) => {
      const name = asText(dig(raw, 'attributes', 'name'));
      if (!name || dig(raw, 'attributes', 'enabled') === false) return [];
      const value =
        dig(raw, 'attributes', 'latest_status', 'value') ?? dig(raw, 'attributes', 'status', 'value');
      const state = String(value) === '6' ? 'maintenance' : (states[String(value)] ?? 'unknown');
      return [{ id: String(dig(raw, 'id')), name, state: state as PageState }];
    });
    return { title: null, components, notices: readIncidents(incidents) };
  },
};

const statuses = ['unknown', 'investigating', 'identified', 'monitoring', 'resolved'] as const;

function readIncidents(text: string | null | undefined): PageFacts['notices'] {
  return asList(asObject(text ? parseJson(text) : null)?.data).flatMap((raw) => {
    const a = asObject(dig(raw, 'attributes')) ?? asObject(raw);
    const title = asText(a?.name);
    const value = Number(dig(a, 'status', 'value') ?? a?.latest_status ?? a?.status);
    if (!a || !title) return [];
    return [
      notice({
        id: String(dig(raw, 'id') ?? title),
        title,
        status: statuses[value] ?? 'unknown',
        impact: 'unknown',
        startedAtMs: asInstantMs(dig(a, 'occurred', 'string') ?? a.occurred_at ?? a.created_at),
        text: plainText(asText(a.message)),
      }),
    ];
  });
}
