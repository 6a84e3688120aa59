import type { GuardTable } from './guard.ts';
import { explain } from './routes/explain.ts';
import {
  catalogEvents,
  catalogParameters,
  events,
  eventsParameters,
  incident,
  incidents,
  incidentsParameters,
} from './routes/rest-incidents.ts';
import {
  availability,
  availabilityParameters,
  observations,
  observationsParameters,
  series,
  seriesParameters,
  targets,
  targetsParameters,
} from './routes/rest-targets.ts';
import { acknowledge, annotate, lookNow, openIncident, patchIncident } from './routes/rest-write.ts';

/** The REST API: reading is public and read from the store, writing needs a token with the scope named here. */

const read = { access: 'public', query: {}, bodyLimitBytes: 0, rate: 'read', isCors: true } as const;
const write = { query: {}, bodyLimitBytes: 65_536, rate: 'write', isCors: false } as const;
const line = (summary: string, schema: string, errors: number[] = []) => ({
  summary,
  tag: 'api',
  answers: { 'application/json': schema },
  errors,
});

export const apiGuards = {
  'GET /api/v1/targets': {
    ...read,
    handle: targets,
    query: targetsParameters,
    about: line('What is watched', 'targets'),
  },
  'GET /api/v1/observations': {
    ...read,
    handle: observations,
    query: observationsParameters,
    about: line('Last checks of one target', 'observations', [404]),
  },
  'GET /api/v1/series': {
    ...read,
    handle: series,
    query: seriesParameters,
    about: line('Percentiles over time', 'series', [404]),
  },
  'GET /api/v1/availability': {
    ...read,
    handle: availability,
    query: availabilityParameters,
    about: line('Availability over a period', 'availability', [404]),
  },
  'GET /api/v1/incidents': {
    ...read,
    handle: incidents,
    query: incidentsParameters,
    about: line('Incidents', 'incidents'),
  },
  'GET /api/v1/incidents/{id}': { ...read, handle: incident, about: line('One incident', 'incident', [404]) },
  'GET /api/v1/events': {
    ...read,
    handle: events,
    query: eventsParameters,
    about: line('What changed', 'events'),
  },
  'GET /api/v1/catalog/events': {
    ...read,
    handle: catalogEvents,
    query: catalogParameters,
    about: line('Models that came, went, or changed', 'events'),
  },
  'POST /api/v1/explain': {
    ...write,
    access: 'public',
    rate: 'read',
    isCors: true,
    handle: explain,
    about: line('What an error means', 'explained'),
  },
  'POST /api/v1/incidents': {
    ...write,
    access: 'incidents',
    handle: openIncident,
    about: { ...line('Open an incident by hand', 'incident'), status: 201 },
  },
  'PATCH /api/v1/incidents/{id}': {
    ...write,
    access: 'incidents',
    handle: patchIncident,
    about: line('Correct or end an incident', 'incident', [404, 409]),
  },
  'POST /api/v1/incidents/{id}/acknowledge': {
    ...write,
    bodyLimitBytes: 1_024,
    access: 'incidents',
    handle: acknowledge,
    about: line('Acknowledge an incident', 'incident', [404]),
  },
  'POST /api/v1/incidents/{id}/notes': {
    ...write,
    access: 'incidents',
    handle: annotate,
    about: line('Write a note', 'incident', [404, 409]),
  },
  'POST /api/v1/looks': {
    ...write,
    access: 'look',
    handle: lookNow,
    about: { ...line('Look at targets now', 'accepted', [404, 409]), status: 202 },
  },
} satisfies GuardTable;
