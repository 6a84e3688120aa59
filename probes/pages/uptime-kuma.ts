import { asList, asObject, asText, dig, parseJson } from '#lib/core/loose.ts';
import type { NoticeFact } from '#lib/core/plan.ts';
import {
  notice,
  type PageAddress,
  type PageState,
  type Platform,
  plainText,
  stateOf,
  under,
} from './page.ts';

const beats: Record<string, PageState> = {
  '0': 'major_outage',
  '1': 'operational',
  '2': 'degraded',
  '3': 'maintenance',
};

function slugOf(page: PageAddress): string {
  return /\/status\/([^/?#]+)/.exec(page.url.pathname)?.[1] ?? 'default';
}

/** Uptime Kuma: monitors in one document, their beats in another; times carry no zone and are UTC. */
export const uptimeKuma: Platform = {
  documents: (page) => [
    under(page, `/api/status-page/${slugOf(page)}`),
    under(page, `/api/status-page/heartbeat/${slugOf(page)}`),
  ],
  read: ([text, beatsText]) => {
    const body = asObject(parseJson(text));
    if (!body || !asObject(body.config) || !Array.isArray(body.publicGroupList)) return null;
    const heartbeats = asObject(dig(beatsText ? parseJson(beatsText) : null, 'heartbeatList')) ?? {};
    const monitors = asList(body.publicGroupList).flatMap((g) => asList(dig(g, 'monitorList')));
    return {
      title: asText(dig(body, 'config', 'title')),
      components: monitors.flatMap((raw) => {
        const name = asText(dig(raw, 'name'));
        const id = String(dig(raw, 'id') ?? name);
        const last = asList(heartbeats[id]).at(-1);
        return name ? [{ id, name, state: beats[String(dig(last, 'status'))] ?? ('unknown' as const) }] : [];
      }),
      notices: [
        // Version 2 lists incidents, version 1 holds one.
        ...[...asList(body.incidents), body.incident].flatMap((raw) => readIncident(raw)),
        ...asList(body.maintenanceList).flatMap((raw) => readMaintenance(raw)),
      ],
    };
  },
};

function utcMs(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const ms = Date.parse(`${value.replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? null : ms;
}

function readIncident(raw: unknown): NoticeFact[] {
  const title = asText(dig(raw, 'title'));
  if (!title) return [];
  const isActive = dig(raw, 'active') !== false && dig(raw, 'pin') !== false;
  return [
    notice({
      id: String(dig(raw, 'id') ?? title),
      title,
      status: isActive ? 'investigating' : 'resolved',
      impact: dig(raw, 'style') === 'danger' ? 'major_outage' : stateOf(dig(raw, 'style')),
      startedAtMs: utcMs(dig(raw, 'createdDate')),
      postedAtMs: utcMs(dig(raw, 'lastUpdatedDate')) ?? utcMs(dig(raw, 'createdDate')),
      text: plainText(asText(dig(raw, 'content'))),
    }),
  ];
}

function readMaintenance(raw: unknown): NoticeFact[] {
  const title = asText(dig(raw, 'title'));
  if (!title) return [];
  const status = dig(raw, 'status') === 'under-maintenance' ? 'in_progress' : 'scheduled';
  return [
    notice({ id: `m${dig(raw, 'id') ?? title}`, title, kind: 'maintenance', impact: 'maintenance', status }),
  ];
}
