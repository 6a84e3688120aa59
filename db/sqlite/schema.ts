import type {
  AccountFound,
  ComponentState,
  CoreEvent,
  EndpointFact,
  GuardState,
  Incident,
  ModelFact,
  NoticeFact,
  ProviderFact,
  RouteState,
} from '../../lib/core/plan.ts';
import { core, orm } from './drizzle.ts';

/**
 * The tables. What is asked for by its parts has columns, what is only handed back is one JSON text.
 * Every table is STRICT: the migration adds the word, because drizzle-kit cannot write it.
 */

const { sqliteTable, integer, text, blob, real, index, uniqueIndex, primaryKey, check } = core;
const { sql } = orm;

/** One row: who this database is, and how far its numbering has come. */
export const numbering = sqliteTable(
  'numbering',
  {
    id: integer().primaryKey(),
    epoch: text().notNull(),
    seq: integer().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [check('one_row', sql`${t.id} = 1`)],
);

export const targets = sqliteTable('targets', {
  id: integer().primaryKey(),
  key: text().notNull().unique(),
  probe: text().notNull(),
  gateway: text(),
  provider: text(),
  model: text(),
  api: text(),
  region: text(),
  firstSeenMs: integer('first_seen_ms').notNull(),
  lastSeenMs: integer('last_seen_ms'),
  /** As configured, while it is watched; null afterwards. */
  watched: text({ mode: 'json' }),
  position: integer(),
});

/** One target seen from one place: looks and roll-ups belong to a series. */
export const series = sqliteTable(
  'series',
  {
    id: integer().primaryKey(),
    targetId: integer('target_id')
      .notNull()
      .references(() => targets.id),
    vantage: text().notNull(),
  },
  (t) => [
    uniqueIndex('series_of_target').on(t.targetId, t.vantage),
    // A look's key has 18 bits for its series.
    check('series_fits_key', sql`${t.id} between 1 and 262143`),
  ],
);

export const outcomes = sqliteTable('outcomes', {
  id: integer().primaryKey(),
  class: text().notNull().unique(),
});

/** Dictionary: what many looks have in common (status, error text, who served …), each combination once. */
export const shapes = sqliteTable(
  'shapes',
  {
    id: integer().primaryKey(),
    digest: integer().notNull(),
    outcomeId: integer('outcome_id')
      .notNull()
      .references(() => outcomes.id),
    why: text().notNull(),
    /** What one slot stands for; 0 where the interval is not known. */
    slotMs: integer('slot_ms').notNull(),
    /** Seconds of availability the look stands for: 0 for confirmations and in maintenance. */
    countsS: real('counts_s').notNull(),
    /** Its timings may be used for quantiles: it worked, it was a slot, and we did not stall. */
    isMeasure: integer('is_measure').notNull(),
    facts: text().notNull(),
    lastUsedDay: integer('last_used_day').notNull(),
  },
  (t) => [
    index('shapes_by_digest').on(t.digest),
    check('slot_is_length', sql`${t.slotMs} >= 0 and ${t.countsS} >= 0`),
  ],
);

/**
 * Looks with nothing but a total. `id` = day << 45 | series << 27 | millisecond of the day: rows of one day lie together
 * (retention cuts in front, whole pages), inside it those of one series, and the key is the look's identity.
 */
export const looks = sqliteTable(
  'looks',
  {
    id: integer().primaryKey(),
    shapeId: integer('shape_id').notNull(),
    slotOffset: integer('slot_offset'),
    totalUs: integer('total_us'),
  },
  (t) => [check('looks_not_negative', sql`${t.totalUs} >= 0`)],
);

export const timedLooks = sqliteTable(
  'timed_looks',
  {
    id: integer().primaryKey(),
    shapeId: integer('shape_id').notNull(),
    slotOffset: integer('slot_offset'),
    dnsUs: integer('dns_us'),
    connectUs: integer('connect_us'),
    tlsUs: integer('tls_us'),
    headersUs: integer('headers_us'),
    /** After the headers: most often a few microseconds, so one byte instead of three. */
    firstByteAfterUs: integer('first_byte_after_us'),
    firstTokenUs: integer('first_token_us'),
    worstGapUs: integer('worst_gap_us'),
    totalUs: integer('total_us'),
    tokens: integer(),
    /** 1e-12 USD: a cost of 0.0000123 USD is exact. */
    costPusd: integer('cost_pusd'),
    extra: text(),
  },
  (t) => [
    check(
      'timed_not_negative',
      sql`min(coalesce(${t.dnsUs},0), coalesce(${t.connectUs},0), coalesce(${t.tlsUs},0), coalesce(${t.headersUs},0), coalesce(${t.firstTokenUs},0), coalesce(${t.worstGapUs},0), coalesce(${t.totalUs},0)) >= 0`,
    ),
  ],
);

export const missed = sqliteTable(
  'missed',
  {
    targetId: integer('target_id').notNull(),
    slot: integer().notNull(),
    atMs: integer('at_ms').notNull(),
    reason: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.targetId, t.slot] }), index('missed_by_time').on(t.atMs)],
);

const tally = {
  seriesId: integer('series_id').notNull(),
  /** Which minute, hour or day since 1970, UTC. */
  at: integer().notNull(),
  outcomeId: integer('outcome_id').notNull(),
  looks: integer().notNull(),
  slots: integer().notNull(),
  slotS: real('slot_s').notNull(),
};
const sketch = {
  /** series << 32 | which minute, hour or day since 1970, UTC. */
  id: integer().primaryKey(),
  costPusd: integer('cost_pusd').notNull(),
  firstToken: blob('first_token', { mode: 'buffer' }),
  total: blob({ mode: 'buffer' }),
  worstGap: blob('worst_gap', { mode: 'buffer' }),
  tokensPerSecond: blob('tokens_per_second', { mode: 'buffer' }),
};

/** Looks and slot seconds per outcome class, counted in the look's own transaction. */
export const tallyHours = sqliteTable('tally_hours', { ...tally }, (t) => [
  primaryKey({ columns: [t.seriesId, t.at, t.outcomeId] }),
]);
export const tallyDays = sqliteTable('tally_days', { ...tally }, (t) => [
  primaryKey({ columns: [t.seriesId, t.at, t.outcomeId] }),
]);
/** Mergeable histograms, made from the raw looks once their time is over. */
export const sketchMinutes = sqliteTable('sketch_minutes', { ...sketch });
export const sketchHours = sqliteTable('sketch_hours', { ...sketch });
export const sketchDays = sqliteTable('sketch_days', { ...sketch });
/** Hours whose histograms are older than their looks. */
export const dueHours = sqliteTable(
  'due_hours',
  { at: integer().notNull(), seriesId: integer('series_id').notNull() },
  (t) => [primaryKey({ columns: [t.at, t.seriesId] })],
);

/** Grows when something is written about a day that is over, so that readers may keep what they know of such days. */
export const dayRevisions = sqliteTable('day_revisions', {
  day: integer().primaryKey(),
  revision: integer().notNull(),
});

export const components = sqliteTable('components', {
  key: text().primaryKey(),
  body: text({ mode: 'json' }).$type<ComponentState>().notNull(),
});
export const routes = sqliteTable('routes', {
  targetId: text('target_id').primaryKey(),
  body: text({ mode: 'json' }).$type<RouteState>().notNull(),
});
export const guard = sqliteTable(
  'guard',
  { id: integer().primaryKey(), body: text({ mode: 'json' }).$type<GuardState>().notNull() },
  (t) => [check('one_guard', sql`${t.id} = 1`)],
);
/** Every change of a verdict: `key` is a component's `kind:id` or a route's target id. */
export const verdictChanges = sqliteTable(
  'verdict_changes',
  { key: text().notNull(), atMs: integer('at_ms').notNull(), verdict: text().notNull() },
  (t) => [
    primaryKey({ columns: [t.key, t.atMs] }),
    check(
      'verdict_known',
      sql`${t.verdict} in ('operational','degraded','partial_outage','major_outage','maintenance','unknown')`,
    ),
  ],
);

export const incidents = sqliteTable(
  'incidents',
  {
    id: text().primaryKey(),
    scopeKey: text('scope_key').notNull(),
    status: text().notNull(),
    isPublic: integer('is_public').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    resolvedAtMs: integer('resolved_at_ms'),
    body: text({ mode: 'json' }).$type<Incident>().notNull(),
  },
  (t) => [
    index('incidents_by_start').on(t.startedAtMs),
    index('incidents_by_scope').on(t.scopeKey, t.startedAtMs),
    index('incidents_open').on(t.startedAtMs).where(sql`${t.status} = 'open'`),
    check('incident_status', sql`${t.status} in ('open','resolved')`),
  ],
);

export const events = sqliteTable(
  'events',
  {
    seq: integer().primaryKey(),
    id: text().notNull().unique(),
    type: text().notNull(),
    atMs: integer('at_ms').notNull(),
    incidentId: text('incident_id'),
    body: text({ mode: 'json' }).$type<CoreEvent>().notNull(),
  },
  (t) => [
    index('events_by_time').on(t.atMs),
    index('events_by_type').on(t.type, t.atMs),
    index('events_by_incident').on(t.incidentId).where(sql`${t.incidentId} is not null`),
  ],
);

export const feedChanges = sqliteTable(
  'feed_changes',
  {
    seq: integer().primaryKey(),
    atMs: integer('at_ms').notNull(),
    kind: text().notNull(),
    id: text().notNull(),
    body: text().notNull(),
  },
  (t) => [check('feed_kind', sql`${t.kind} in ('target','target_removed','guard','incident')`)],
);

export const deliveries = sqliteTable(
  'deliveries',
  {
    id: text().primaryKey(),
    eventId: text('event_id').notNull(),
    receiverId: text('receiver_id').notNull(),
    channel: text().notNull(),
    incidentId: text('incident_id'),
    attempts: integer().notNull(),
    nextAtMs: integer('next_at_ms').notNull(),
    notAfterMs: integer('not_after_ms'),
    leaseBy: text('lease_by'),
    leaseUntilMs: integer('lease_until_ms'),
    doneAtMs: integer('done_at_ms'),
    deadAtMs: integer('dead_at_ms'),
    deadReason: text('dead_reason'),
    supersededAtMs: integer('superseded_at_ms'),
    onlyIfTold: integer('only_if_told').notNull(),
    /** For a delivery to everybody: the last receiver that was asked. */
    expandedTo: text('expanded_to'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [
    index('deliveries_due')
      .on(t.nextAtMs)
      .where(sql`${t.doneAtMs} is null and ${t.deadAtMs} is null and ${t.supersededAtMs} is null`),
    index('deliveries_of_receiver').on(t.receiverId, t.incidentId),
    index('deliveries_of_incident').on(t.incidentId).where(sql`${t.incidentId} is not null`),
    index('deliveries_by_time').on(t.createdAtMs),
    index('deliveries_leased').on(t.receiverId, t.leaseUntilMs).where(sql`${t.leaseBy} is not null`),
    check('attempts_not_negative', sql`${t.attempts} >= 0`),
  ],
);

export const threads = sqliteTable(
  'threads',
  {
    receiverId: text('receiver_id').notNull(),
    incidentId: text('incident_id').notNull(),
    body: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.receiverId, t.incidentId] })],
);

export const deliveryLog = sqliteTable(
  'delivery_log',
  {
    id: integer().primaryKey(),
    atMs: integer('at_ms').notNull(),
    deliveryId: text('delivery_id'),
    eventId: text('event_id').notNull(),
    receiverId: text('receiver_id').notNull(),
    incidentId: text('incident_id'),
    what: text().notNull(),
    text: text().notNull(),
  },
  (t) => [
    index('log_of_receiver').on(t.receiverId, t.atMs),
    index('log_of_incident').on(t.incidentId).where(sql`${t.incidentId} is not null`),
    check('log_what', sql`${t.what} in ('queued','sent','retry','dead','not_sent','superseded')`),
  ],
);

export const receivers = sqliteTable(
  'receivers',
  {
    id: text().primaryKey(),
    origin: text().notNull(),
    channel: text().notNull(),
    settings: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    scope: text({ mode: 'json' }).$type<string[]>().notNull(),
    minImpact: text('min_impact'),
    kinds: text({ mode: 'json' }).$type<string[]>().notNull(),
    untilIncidentId: text('until_incident_id'),
    status: text().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    isMutedUntilMs: integer('is_muted_until_ms'),
  },
  (t) => [
    check('receiver_origin', sql`${t.origin} in ('operator','public')`),
    check('receiver_status', sql`${t.status} in ('pending','active','disabled')`),
  ],
);

export const tokens = sqliteTable(
  'tokens',
  {
    hash: text().notNull(),
    purpose: text().notNull(),
    subject: text().notNull(),
    expiresAtMs: integer('expires_at_ms'),
    scopes: text({ mode: 'json' }).$type<string[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.hash, t.purpose] }), index('tokens_of_subject').on(t.purpose, t.subject)],
);

export const intents = sqliteTable(
  'intents',
  {
    position: integer().primaryKey(),
    id: text().notNull().unique(),
    kind: text().notNull(),
    body: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    by: text().notNull(),
    atMs: integer('at_ms').notNull(),
    claimedAtMs: integer('claimed_at_ms'),
  },
  (t) => [index('intents_open').on(t.position).where(sql`${t.claimedAtMs} is null`)],
);

/** Money in 1e-12 USD, so that sums are exact. */
export const spends = sqliteTable(
  'spends',
  {
    id: text().primaryKey(),
    atMs: integer('at_ms').notNull(),
    gateway: text().notNull(),
    reservedPusd: integer('reserved_pusd').notNull(),
    requests: integer().notNull(),
    purpose: text().notNull(),
    settledPusd: integer('settled_pusd'),
    settledAtMs: integer('settled_at_ms'),
  },
  (t) => [
    index('spends_by_time').on(t.atMs),
    check('spend_not_negative', sql`${t.reservedPusd} >= 0 and ${t.requests} >= 0`),
    check('spend_purpose', sql`${t.purpose} in ('calm','suspicion')`),
  ],
);
/** Sums per day and gateway, kept for ever; `calm` is the part of it spent without suspicion. */
export const spendDays = sqliteTable(
  'spend_days',
  {
    day: integer().notNull(),
    gateway: text().notNull(),
    pusd: integer().notNull(),
    openPusd: integer('open_pusd').notNull(),
    calmPusd: integer('calm_pusd').notNull(),
    requests: integer().notNull(),
    calmRequests: integer('calm_requests').notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.gateway] })],
);

export const models = sqliteTable(
  'models',
  {
    gateway: text().notNull(),
    id: text().notNull(),
    body: text({ mode: 'json' }).$type<ModelFact>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.id] })],
);
export const endpoints = sqliteTable(
  'endpoints',
  {
    gateway: text().notNull(),
    model: text().notNull(),
    tag: text().notNull(),
    body: text({ mode: 'json' }).$type<EndpointFact>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.model, t.tag] })],
);
export const providers = sqliteTable(
  'providers',
  {
    gateway: text().notNull(),
    slug: text().notNull(),
    body: text({ mode: 'json' }).$type<ProviderFact>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.slug] })],
);
export const notices = sqliteTable(
  'notices',
  {
    page: text().notNull(),
    id: text().notNull(),
    isActive: integer('is_active').notNull(),
    firstSeenMs: integer('first_seen_ms').notNull(),
    sortMs: integer('sort_ms').notNull(),
    body: text({ mode: 'json' }).$type<NoticeFact>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.page, t.id] }), index('notices_by_time').on(t.sortMs)],
);
/** The last claims of every page: of what it speaks, and when it was read. */
export const claims = sqliteTable('claims', {
  page: text().primaryKey(),
  atMs: integer('at_ms').notNull(),
  body: text({ mode: 'json' }).$type<import('../../lib/core/observation.ts').Claim[]>().notNull(),
});
export const accounts = sqliteTable('accounts', {
  id: text().primaryKey(),
  atMs: integer('at_ms').notNull(),
  body: text({ mode: 'json' }).$type<AccountFound>().notNull(),
});
/** What a generation told afterwards about one look. */
export const generations = sqliteTable('generations', {
  id: text().primaryKey(),
  lookId: integer('look_id'),
  atMs: integer('at_ms').notNull(),
  body: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
});

/** Times in which a worker was alive without a gap: outside of them nothing is known. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: integer().primaryKey(),
    startedAtMs: integer('started_at_ms').notNull(),
    fromMs: integer('from_ms').notNull(),
    untilMs: integer('until_ms').notNull(),
    vantage: text().notNull(),
    facts: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  },
  (t) => [index('sessions_by_end').on(t.untilMs)],
);
export const leases = sqliteTable('leases', {
  name: text().primaryKey(),
  by: text().notNull(),
  untilMs: integer('until_ms').notNull(),
  term: integer().notNull(),
});
export const notes = sqliteTable('notes', { key: text().primaryKey(), value: text().notNull() });
