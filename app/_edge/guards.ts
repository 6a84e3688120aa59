import type { Guard, GuardTable } from './guard.ts';
import { health, healthParameters, identityParameters } from './routes/health.ts';
import { healthStream } from './routes/health-stream.ts';
import { healthz, readyz } from './routes/healthz.ts';

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

const feed = {
  'GET /api/v1/health': {
    ...open,
    view: health,
    query: healthParameters,
    about: {
      summary: 'The health feed',
      tag: 'feed',
      answers: { 'application/json': 'health' },
      errors: [400],
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
      errors: [400, 429],
    },
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
} satisfies GuardTable;

export const guards: Readonly<Record<string, Guard>> & GuardTable = { ...feed, ...own };
