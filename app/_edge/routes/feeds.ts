import { Feed } from 'feed';
import { ICalCalendar, ICalEventStatus } from 'ical-generator';
import type { CoreEvent, EventType } from '#lib/core/plan.ts';
import type { Edge } from '../edge.ts';
import type { Asked, View } from '../guard.ts';
import { memory } from '../memory.ts';
import type { ParameterRules } from '../parameters.ts';
import { plannedWindows } from '../planned.ts';

export const feedsParameters = {
  scope: { kind: 'text', max: 400, about: 'components as kind:id, comma separated; everything when absent' },
} as const satisfies ParameterRules;

const told: EventType[] = [
  'incident.opened',
  'incident.changed',
  'incident.resolved',
  'notice',
  'maintenance.scheduled',
  'maintenance.started',
  'maintenance.ended',
  'catalog.model_added',
  'catalog.model_withdrawn',
  'catalog.model_expiring',
  'catalog.model_repriced',
];
const mostItems = 50;

/** Readers render a title and a text as HTML: what comes from outside must not be any. */
function inert(text: string): string {
  return text
    .replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '');
}

function isAbout(event: CoreEvent, scopes: string[], edge: Edge): boolean {
  if (scopes.length === 0) return true;
  if (event.scope && scopes.includes(`${event.scope.kind}:${event.scope.id}`.toLowerCase())) return true;
  const incident = event.incidentId
    ? edge.live.facts().incidents.find((i) => i.id === event.incidentId)
    : null;
  return incident?.affected.some((a) => scopes.includes(a.toLowerCase())) ?? false;
}

function feedOf({ edge, parameters }: Asked, kind: 'atom' | 'rss' | 'json'): Feed {
  const url = edge.url ?? 'http://localhost';
  const scope = parameters.get('scope') ?? '';
  const scopes = scope.toLowerCase().split(',').filter(Boolean);
  const events = edge.store.events
    .list({ types: told, limit: 300 })
    .filter((event) => event.isPublic && isAbout(event, scopes, edge))
    .slice(0, mostItems);
  const self = `${url}/feed.${kind}${scope ? `?scope=${encodeURIComponent(scope)}` : ''}`;
  const feed = new Feed({
    id: self,
    title: inert(scope ? `${edge.settings.title}: ${scope}` : edge.settings.title),
    description: 'Incidents, maintenance and catalogue changes',
    link: `${url}/`,
    updated: new Date(events[0]?.atMs ?? edge.live.facts().beatMs ?? 0),
    generator: 'Signalbox',
    feedLinks: { [kind]: self },
    copyright: '',
  });
  for (const event of events)
    feed.addItem({
      id: `urn:signalbox:event:${event.id}`,
      guid: `urn:signalbox:event:${event.id}`,
      title: inert(event.sentence),
      description: inert(event.reason || event.sentence),
      link: event.incidentId ? `${url}/incidents/${encodeURIComponent(event.incidentId)}` : `${url}/`,
      date: new Date(event.atMs),
      published: new Date(event.atMs),
    });
  return feed;
}

const caching = 'public, max-age=60, stale-while-revalidate=120, stale-if-error=3600';

export const atom: View = (asked) =>
  memory(asked.edge, () => feedOf(asked, 'atom').atom1(), {
    type: 'application/atom+xml; charset=utf-8',
    caching,
  });

export const rss: View = (asked) =>
  memory(asked.edge, () => feedOf(asked, 'rss').rss2(), {
    type: 'application/rss+xml; charset=utf-8',
    caching,
  });

export const jsonFeed: View = (asked) =>
  memory(asked.edge, () => feedOf(asked, 'json').json1(), {
    type: 'application/feed+json; charset=utf-8',
    caching,
  });

/** `GET /maintenance.ics`: planned maintenance, to subscribe to. */
export const calendar: View = ({ edge }) =>
  memory(
    edge,
    () => {
      const nowMs = edge.nowMs();
      const cal = new ICalCalendar({
        name: `${edge.settings.title}: maintenance`,
        prodId: '//Signalbox//Maintenance//EN',
      });
      for (const w of plannedWindows(edge.config, edge.store, nowMs))
        cal.createEvent({
          id: `${w.id}@signalbox`,
          start: new Date(w.fromMs),
          end: new Date(w.toMs),
          summary: w.title,
          description: w.scope.join(', '),
          stamp: new Date(w.fromMs),
          status: ICalEventStatus.CONFIRMED,
        });
      return cal.toString();
    },
    { type: 'text/calendar; charset=utf-8', caching },
  );
