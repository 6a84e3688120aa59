import type { GuardTable } from './guard.ts';
import { explain } from './routes/explain.ts';
import { heartbeat, heartbeatParameters } from './routes/heartbeat.ts';
import { pushObservations } from './routes/observations.ts';
import { push, pushParameters } from './routes/push.ts';
import { report, reportParameters } from './routes/report.ts';
import {
  catalogEvents,
  catalogParameters,
  events,
  eventsParameters,
  incident,
  incidents,
  incidentsParameters,
} from './routes/rest-incidents.ts';
import { merge, split } from './routes/rest-joins.ts';
import { maintenanceParameters, maintenances, planned } from './routes/rest-maintenance.ts';
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
import { traces } from './routes/traces.ts';

/** The REST API: reading is public and read from the store, writing needs a token with the scope named here. */

const read = { access: 'public', query: {}, bodyLimitBytes: 0, rate: 'read', isCors: true } as const;
const write = { query: {}, bodyLimitBytes: 65_536, rate: 'write', isCors: false } as const;
const line = (summary: string, schema: string, errors: number[] = []) => ({
  summary,
  tag: 'api',
  answers: { 'application/json': schema },
  errors,
});

/** The token in the path is all there is to know; what it reports counts for that one heartbeat only. */
const beat = {
  ...write,
  bodyLimitBytes: 1_024,
  access: 'public',
  query: heartbeatParameters,
  handle: heartbeat,
} as const;

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
  'GET /api/v1/report': {
    ...read,
    handle: report,
    query: reportParameters,
    about: {
      ...line('The report of a month or of whole days', 'report'),
      answers: { 'application/json': 'report', 'text/csv': null },
    },
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
  'POST /api/v1/incidents/{id}/merge': {
    ...write,
    bodyLimitBytes: 4_096,
    access: 'incidents',
    handle: merge,
    about: line('Tell an incident as part of another', 'incident', [404, 409]),
  },
  'POST /api/v1/incidents/{id}/split': {
    ...write,
    bodyLimitBytes: 4_096,
    access: 'incidents',
    handle: split,
    about: { ...line('Tell a part of an incident as one of its own', 'incident', [404, 409]), status: 201 },
  },
  'POST /api/v1/incidents/{id}/notes': {
    ...write,
    access: 'incidents',
    handle: annotate,
    about: line('Write a note', 'incident', [404, 409]),
  },
  'GET /api/v1/maintenance': {
    ...read,
    handle: maintenances,
    query: maintenanceParameters,
    about: line('Planned maintenance', 'maintenances'),
  },
  'POST /api/v1/maintenance': {
    ...write,
    access: 'maintenance',
    handle: planned,
    about: { ...line('Plan maintenance', 'maintenance'), status: 201 },
  },
  'POST /api/v1/looks': {
    ...write,
    access: 'look',
    handle: lookNow,
    about: { ...line('Look at targets now', 'accepted', [404, 409]), status: 202 },
  },
  'POST /api/v1/observations': {
    ...write,
    bodyLimitBytes: 4_194_304,
    mayBePacked: true,
    accepts: ['application/x-ndjson', 'application/json', 'text/plain'],
    access: 'observations',
    handle: pushObservations,
    about: { ...line('Looks of another place, one per line', 'accepted'), status: 202 },
  },
  'POST /v1/traces': {
    ...write,
    rate: 'none',
    bodyLimitBytes: 8_388_608,
    mayBePacked: true,
    access: 'traces',
    handle: traces,
    about: line('Own traffic as OTLP', 'otlp'),
  },
  'GET /api/push/{token}': {
    ...write,
    bodyLimitBytes: 0,
    access: 'public',
    query: pushParameters,
    handle: push,
  },
  'POST /api/push/{token}': {
    ...write,
    bodyLimitBytes: 1_024,
    accepts: ['*/*'],
    access: 'public',
    query: pushParameters,
    handle: push,
  },
  'GET /api/v1/heartbeats/{token}': beat,
  'POST /api/v1/heartbeats/{token}': beat,
} satisfies GuardTable;
