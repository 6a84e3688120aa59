import type { GuardTable } from './guard.ts';
import { adminGuards } from './guards-admin.ts';
import { apiGuards } from './guards-api.ts';
import { webhookGuards } from './guards-webhooks.ts';
import { badge, badgeJson, badgeParameters } from './routes/badge.ts';
import { configSchema, describe, schema } from './routes/describe.ts';
import { exported, exportParameters } from './routes/export.ts';
import { atom, calendar, feedsParameters, jsonFeed, rss } from './routes/feeds.ts';
import { health, healthParameters, identityParameters } from './routes/health.ts';
import { healthStream } from './routes/health-stream.ts';
import { healthz, readyz } from './routes/healthz.ts';
import { keys } from './routes/keys.ts';
import { mcp } from './routes/mcp.ts';
import { metrics } from './routes/metrics.ts';
import { probe } from './routes/probe.ts';
import { statusJson, statusText } from './routes/status.ts';
import { statuspage } from './routes/statuspage.ts';
import { target } from './routes/target.ts';

/**
 * Every address that is not a page or a file, and what is checked before its handler runs. An address that is not
 * listed is not answered.
 */

const open = { access: 'public', query: {}, bodyLimitBytes: 0, rate: 'none', isCors: true } as const;
const lastEventId = {
  kind: 'text',
  max: 80,
  pattern: /^.{1,64}-\d{1,15}$/,
  about: 'position to resume from',
} as const;
const pool = {
  kind: 'text',
  max: 4_000,
  about: 'ids of the whole pool: the last one is never taken out',
} as const;
const statuspageLine = (summary: string, schemaName: string) => ({
  ...open,
  about: { summary, tag: 'statuspage', answers: { 'application/json': schemaName } },
});

const feed = {
  'GET /api/v1/health': {
    ...open,
    view: health,
    query: healthParameters,
    about: {
      summary: 'The health feed',
      tag: 'feed',
      answers: { 'application/json': 'health' },
      errors: [503],
    },
  },
  'GET /api/v1/health/stream': {
    ...open,
    handle: healthStream,
    query: { ...identityParameters, last_event_id: lastEventId },
    about: {
      summary: 'The feed as server-sent events',
      tag: 'feed',
      answers: { 'text/event-stream': null },
      errors: [204, 429],
    },
  },
  'GET /api/v1/health/targets/{id}': {
    ...open,
    handle: target,
    query: { windows: healthParameters.windows },
    about: {
      summary: 'One target',
      tag: 'feed',
      answers: { 'application/json': 'health_of_target', 'application/health+json': 'health_json' },
      errors: [404, 406],
    },
  },
  'GET /probe/{id}': {
    ...open,
    handle: probe,
    query: { pool },
    about: {
      summary: 'A status code for load balancers, of a target or a chain',
      tag: 'feed',
      answers: { 'text/plain': null },
      errors: [503],
    },
  },
  'GET /api/v1/export/{format}': {
    ...open,
    view: exported,
    query: exportParameters,
    about: {
      summary: 'The same decisions in a router’s own format',
      tag: 'feed',
      answers: { 'application/json': 'export' },
      errors: [404],
    },
  },
  'GET /schemas/health/1.0.json': {
    ...open,
    view: schema,
    about: {
      summary: 'JSON Schema of the feed',
      tag: 'feed',
      answers: { 'application/schema+json': 'schema' },
    },
  },
  'GET /signalbox.schema.json': {
    ...open,
    view: configSchema,
    about: {
      summary: 'JSON Schema of signalbox.yaml',
      tag: 'operations',
      answers: { 'application/schema+json': 'schema' },
    },
  },
  'GET /.well-known/signalbox-keys.json': {
    ...open,
    view: keys,
    about: { summary: 'Public keys of the feed', tag: 'feed', answers: { 'application/json': 'keys' } },
  },
  'POST /mcp': {
    ...open,
    bodyLimitBytes: 131_072,
    rate: 'read',
    handle: mcp,
    about: {
      summary: 'Model Context Protocol, reading only',
      tag: 'feed',
      answers: { 'application/json': 'export' },
    },
  },
  'GET /openapi.json': {
    ...open,
    view: describe,
    about: { summary: 'This description', tag: 'feed', answers: { 'application/json': 'schema' } },
  },
} satisfies GuardTable;

const status = {
  'GET /status.json': {
    ...open,
    view: statusJson,
    about: { summary: 'The answer in a few bytes', tag: 'status', answers: { 'application/json': 'status' } },
  },
  'GET /status.txt': {
    ...open,
    view: statusText,
    about: { summary: 'The answer in ten lines', tag: 'status', answers: { 'text/plain': null } },
  },
  'GET /badge.svg': {
    ...open,
    view: badge,
    query: badgeParameters,
    about: { summary: 'A badge', tag: 'status', answers: { 'image/svg+xml': null }, errors: [404] },
  },
  'GET /badge.json': {
    ...open,
    view: badgeJson,
    query: badgeParameters,
    about: {
      summary: 'A badge for shields.io',
      tag: 'status',
      answers: { 'application/json': 'shields' },
      errors: [404],
    },
  },
  'GET /feed.atom': {
    ...open,
    view: atom,
    query: feedsParameters,
    about: { summary: 'News as Atom', tag: 'status', answers: { 'application/atom+xml': null } },
  },
  'GET /feed.rss': {
    ...open,
    view: rss,
    query: feedsParameters,
    about: { summary: 'News as RSS 2.0', tag: 'status', answers: { 'application/rss+xml': null } },
  },
  'GET /feed.json': {
    ...open,
    view: jsonFeed,
    query: feedsParameters,
    about: { summary: 'News as JSON Feed', tag: 'status', answers: { 'application/feed+json': 'json_feed' } },
  },
  'GET /maintenance.ics': {
    ...open,
    view: calendar,
    about: {
      summary: 'Planned maintenance as a calendar',
      tag: 'status',
      answers: { 'text/calendar': null },
    },
  },
  'GET /api/v2/summary.json': {
    ...statuspageLine('Summary', 'statuspage_summary'),
    view: statuspage.summary,
  },
  'GET /api/v2/status.json': { ...statuspageLine('Status', 'statuspage_status'), view: statuspage.status },
  'GET /api/v2/components.json': {
    ...statuspageLine('Components', 'statuspage_components'),
    view: statuspage.components,
  },
  'GET /api/v2/incidents.json': {
    ...statuspageLine('Incidents', 'statuspage_incidents'),
    view: statuspage.incidents,
  },
  'GET /api/v2/incidents/unresolved.json': {
    ...statuspageLine('Open incidents', 'statuspage_incidents'),
    view: statuspage.unresolved,
  },
  'GET /api/v2/scheduled-maintenances.json': {
    ...statuspageLine('Maintenance', 'statuspage_maintenances'),
    view: statuspage.maintenances,
  },
  'GET /api/v2/scheduled-maintenances/active.json': {
    ...statuspageLine('Maintenance now', 'statuspage_maintenances'),
    view: statuspage.activeMaintenances,
  },
  'GET /api/v2/scheduled-maintenances/upcoming.json': {
    ...statuspageLine('Maintenance to come', 'statuspage_maintenances'),
    view: statuspage.upcomingMaintenances,
  },
} satisfies GuardTable;

const own = {
  'GET /healthz': {
    ...open,
    handle: healthz,
    isCors: false,
    about: {
      summary: 'Liveness of this process',
      tag: 'operations',
      answers: { 'application/json': 'liveness' },
    },
  },
  'GET /readyz': {
    ...open,
    handle: readyz,
    isCors: false,
    about: {
      summary: 'Readiness of this process',
      tag: 'operations',
      answers: { 'application/json': 'readiness' },
      errors: [503],
    },
  },
  'GET /metrics': {
    ...open,
    handle: metrics,
    isCors: false,
    about: {
      summary: 'Figures for Prometheus',
      tag: 'operations',
      answers: { 'text/plain': null, 'application/openmetrics-text': null },
      errors: [401],
    },
  },
} satisfies GuardTable;

export const guards: GuardTable = {
  ...feed,
  ...status,
  ...apiGuards,
  ...webhookGuards,
  ...own,
  ...adminGuards,
};
