import { asInstantMs, asList, asObject, asText, dig, parseJson } from '#lib/core/loose.ts';
import type { NoticeFact } from '#lib/core/plan.ts';
import { notice, noticeStatusOf, type PageState, type Platform, stateOf, under } from './page.ts';

const pageWords: Record<string, PageState> = {
  UP: 'operational',
  HASISSUES: 'degraded',
  UNDERMAINTENANCE: 'maintenance',
};

/** Instatus: a summary without keys for what is calm, and a list of components. */
export const instatus: Platform = {
  documents: (page) => [under(page, '/summary.json'), under(page, '/v2/components.json')],
  read: ([text, list]) => {
    const body = asObject(parseJson(text));
    const word = asText(dig(body, 'page', 'status'));
    if (!body || !word) return null;
    const title = asText(dig(body, 'page', 'name'));
    const components = asList(asObject(list ? parseJson(list) : null)?.components).flatMap((raw) => {
      const name = asText(dig(raw, 'name'));
      return name ? [{ id: asText(dig(raw, 'id')) ?? name, name, state: stateOf(dig(raw, 'status')) }] : [];
    });
    const whole = { id: 'page', name: title ?? 'Page', state: pageWords[word] ?? stateOf(word) };
    return {
      title,
      components: components.length > 0 ? components : [whole],
      notices: [
        ...asList(body.activeIncidents).flatMap((raw) => readNotice(raw, 'incident')),
        ...asList(body.activeMaintenances).flatMap((raw) => readNotice(raw, 'maintenance')),
      ],
    };
  },
};

function readNotice(raw: unknown, kind: NoticeFact['kind']): NoticeFact[] {
  const title = asText(dig(raw, 'name'));
  if (!title) return [];
  const startedAtMs = asInstantMs(dig(raw, kind === 'incident' ? 'started' : 'start'));
  const minutes = Number(dig(raw, 'duration'));
  return [
    notice({
      id: asText(dig(raw, 'id')) ?? asText(dig(raw, 'url')) ?? title,
      kind,
      title,
      status: noticeStatusOf(dig(raw, 'status')),
      impact: kind === 'maintenance' ? 'maintenance' : stateOf(dig(raw, 'impact')),
      startedAtMs,
      postedAtMs: startedAtMs,
      resolvedAtMs:
        kind === 'maintenance' && startedAtMs && minutes > 0 ? startedAtMs + minutes * 60_000 : null,
      url: asText(dig(raw, 'url')),
    }),
  ];
}
