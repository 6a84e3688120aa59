import { Feed } from 'feed';
import { ICalCalendar, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { pageOfEvent } from '#lib/core/message-links.ts';
import type { CoreEvent, EventType, Incident } from '#lib/core/plan.ts';
import { keysOf } from '#lib/core/routing-match.ts';
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
/** So far back a component's own feed is looked for. */
const mostSearched = 1_000;

/** Readers render a title and a text as HTML: what comes from outside must not be any. */
function inert(text: string): string {
  return text
    .replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .toWellFormed();
}

/** What a follower of a component is told by mail stands in its feed too. */
function isAbout(
  event: CoreEvent,
  scopes: Set<string>,
  incidentOf: (id: string) => Incident | null,
): boolean {
  if (scopes.size === 0) return true;
  const incident = event.incidentId === null ? null : incidentOf(event.incidentId);
  for (const key of keysOf(event, incident)) if (scopes.has(key.toLowerCase())) return true;
  return false;
}

function eventsFor(edge: Edge, scope: string): CoreEvent[] {
  const scopes = new Set(scope.toLowerCase().split(',').filter(Boolean));
  const known = new Map<string, Incident | null>();
  const incidentOf = (id: string): Incident | null => {
    if (!known.has(id)) known.set(id, edge.store.incidents.get(id));
    return known.get(id) ?? null;
  };
  return edge.store.events
    .list({ types: told, limit: scopes.size === 0 ? 300 : mostSearched })
    .filter((event) => event.isPublic && isAbout(event, scopes, incidentOf))
    .slice(0, mostItems);
}

/** An id is an address of a kind: what no address may hold is written in hex. */
function urnOf(id: string): string {
  return `urn:signalbox:event:${encodeURI(id.toWellFormed()).replace(/[[\]]/g, encodeURIComponent)}`;
}

interface Made {
  feed: Feed;
  updatedAtMs: number;
}

function feedOf({ edge, parameters }: Asked, kind: 'atom' | 'rss' | 'json'): Made {
  const url = (edge.url ?? 'http://localhost').replace(/\/+$/, '');
  const scope = parameters.get('scope') ?? '';
  const events = eventsFor(edge, scope);
  const updatedAtMs = events[0]?.atMs ?? 0;
  const self = `${url}/feed.${kind}${scope ? `?scope=${encodeURIComponent(scope)}` : ''}`;
  const { title } = edge.settings;
  const feed = new Feed({
    id: self,
    title: inert(scope ? `${title}: ${scope}` : title),
    description: 'Incidents, maintenance and catalogue changes',
    link: `${url}/`,
    // Nobody has said anything yet: a fixed instant, so that the same nothing is the same document.
    updated: new Date(updatedAtMs),
    generator: 'Signalbox',
    author: { name: inert(title) },
    feedLinks: { [kind]: self },
    copyright: '',
  });
  for (const event of events)
    feed.addItem({
      id: urnOf(event.id),
      guid: urnOf(event.id),
      title: inert(event.sentence),
      description: inert(event.reason || event.sentence),
      link: pageOfEvent(event, url),
      date: new Date(event.atMs),
      published: new Date(event.atMs),
    });
  return { feed, updatedAtMs };
}

/** Escaped like everything else: a section that ends where it says so can be ended by what is in it. */
function withoutSections(xml: string): string {
  return xml.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_all, text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  );
}

const caching = 'public, max-age=60, stale-while-revalidate=120, stale-if-error=3600';

function feedView(kind: 'atom' | 'rss' | 'json', type: string, write: (feed: Feed) => string): View {
  return (asked) => {
    const { feed, updatedAtMs } = feedOf(asked, kind);
    const headers = { 'Last-Modified': new Date(updatedAtMs).toUTCString() };
    return memory(asked.edge, () => write(feed), { type: `${type}; charset=utf-8`, caching, headers });
  };
}

export const atom = feedView('atom', 'application/atom+xml', (feed) => withoutSections(feed.atom1()));
export const rss = feedView('rss', 'application/rss+xml', (feed) => withoutSections(feed.rss2()));
export const jsonFeed = feedView('json', 'application/feed+json', (feed) => feed.json1());

/** RFC 5545 wants at least one component; without any maintenance it is the time zone everything is in. */
const emptyCalendar = [
  'BEGIN:VTIMEZONE',
  'TZID:UTC',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0000',
  'TZOFFSETTO:+0000',
  'TZNAME:UTC',
  'END:STANDARD',
  'END:VTIMEZONE',
  'END:VCALENDAR',
].join('\r\n');

/** `GET /maintenance.ics`: planned maintenance, to subscribe to. */
export const calendar: View = ({ edge }) =>
  memory(
    edge,
    () => {
      const nowMs = edge.nowMs();
      const cal = new ICalCalendar({
        name: `${edge.settings.title}: maintenance`,
        prodId: '//Signalbox//Maintenance//EN',
        method: ICalCalendarMethod.PUBLISH,
        ttl: 3_600,
      });
      const windows = plannedWindows(edge.config, edge.store, nowMs);
      for (const w of windows)
        cal.createEvent({
          id: `${w.id}@signalbox`,
          start: new Date(w.fromMs),
          end: new Date(w.toMs),
          summary: w.title,
          description: w.scope.join(', '),
          ...(edge.url ? { url: `${edge.url}/` } : {}),
          stamp: new Date(w.fromMs),
          status: ICalEventStatus.CONFIRMED,
        });
      const text = cal.toString();
      return `${windows.length > 0 ? text : text.replace('END:VCALENDAR', emptyCalendar)}\r\n`;
    },
    { type: 'text/calendar; charset=utf-8', caching },
  );
