import { readFileSync } from 'node:fs';
import { feedStates, impacts, verdicts } from '#lib/core/words.ts';

/** JSON Schemas of everything the API answers, by the name the guard table gives them. */

type Schema = Record<string, unknown>;

const text = { type: 'string' };
const whole = { type: 'integer' };
const number = { type: 'number' };
const time = { type: 'string', format: 'date-time' };
const orNull = (schema: Schema) => ({ anyOf: [schema, { type: 'null' }] });
const list = (items: Schema) => ({ type: 'array', items });
function object(properties: Record<string, Schema>, optional: string[] = []): Schema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((key) => !optional.includes(key)),
  };
}

export const healthSchema = JSON.parse(
  readFileSync(new URL('./health.schema.json', import.meta.url), 'utf8'),
) as Schema & { $defs: Record<string, Schema> };

const scope = object({ kind: text, id: text, via: orNull(text) }, ['via']);
const against = object({
  percent: number,
  met: orNull({ type: 'boolean' }),
  budget_minutes: number,
  left_minutes: number,
});
const byTime = object({ next_cursor: orNull(text), next_before: orNull(time) });
const component = object({
  ...{ id: text, name: text, status: text, created_at: time, updated_at: time, position: whole },
  ...{ description: orNull(text), showcase: { type: 'boolean' }, group_id: orNull(text), page_id: text },
  ...{ group: { type: 'boolean' }, only_show_if_degraded: { type: 'boolean' } },
});
const statuspagePage = object({ id: text, name: text, url: text, time_zone: text, updated_at: time });
const statuspageIncident = object({
  ...{ id: text, name: text, status: text, created_at: time, updated_at: time, resolved_at: orNull(time) },
  ...{
    impact: { enum: ['none', 'minor', 'major', 'critical', 'maintenance'] },
    shortlink: text,
    page_id: text,
  },
  ...{
    incident_updates: list(object({ id: text, status: text, body: text, created_at: time })),
    components: list(component),
  },
});
const statuspageStatus = object({
  indicator: { enum: ['none', 'minor', 'major', 'critical', 'maintenance'] },
  description: text,
});
const incident = object(
  {
    ...{ id: text, scope, impact: { enum: impacts }, status: { enum: ['open', 'resolved'] } },
    ...{ is_unstable: { type: 'boolean' }, confidence: text, started_at: time, opened_at: time },
    ...{ resolved_at: orNull(time), title: text, reason: text, evidence: { type: 'object' } },
    ...{ affected: list(text), timeline: list(object({ at: time, kind: text, text, by: text })) },
    ...{ acknowledged: { type: 'boolean' }, url: text, merged_into: text, split_from: text },
  },
  ['url', 'merged_into', 'split_from'],
);

const maintenance = object({ id: text, title: text, scope: list(text), from: time, to: time });

export const answerSchemas = {
  liveness: object({ status: { const: 'ok' } }),
  readiness: object({ status: { enum: ['ready', 'not_ready'] }, reasons: list(text) }),
  problem: object(
    {
      ...{ type: text, title: text, status: whole, detail: text, instance: text, request_id: text },
      errors: list(
        object({ parameter: text, field: text, line: whole, detail: text }, ['parameter', 'field', 'line']),
      ),
    },
    ['errors'],
  ),
  health_of_target: object({
    ...{
      schema_version: text,
      epoch: text,
      seq: whole,
      generated_at: time,
      valid_until: time,
      poll_after_s: whole,
    },
    ...{ view: { const: 'full' }, self: { type: 'object' }, guard: { type: 'object' } },
    ...{ target: { $ref: '#/components/schemas/health_target' }, incidents: { type: 'array' } },
  }),
  health_json: object({
    ...{ status: { enum: ['pass', 'warn', 'fail'] }, version: text, serviceId: text, description: text },
    ...{ output: text, notes: list(text), checks: { type: 'object' } },
  }),
  status: object({
    ...{
      status: { enum: feedStates },
      verdict: { enum: verdicts },
      sentence: text,
      generated_at: time,
      valid_until: time,
    },
    incidents: list(object({ id: text, title: text, impact: { enum: impacts }, started_at: time })),
  }),
  shields: object({
    schemaVersion: { const: 1 },
    label: text,
    message: text,
    color: text,
    cacheSeconds: whole,
  }),
  targets: object({
    data: list(
      object({
        key: text,
        id: text,
        probe: text,
        gateway: orNull(text),
        provider: orNull(text),
        model: orNull(text),
        every_s: number,
        state: orNull(text),
      }),
    ),
    page: object({ next_cursor: orNull(text), total: whole }),
  }),
  observations: object({
    data: list(
      object({
        v: { const: 1 },
        at: time,
        vantage: text,
        probe: text,
        target: { type: 'object' },
        outcome: text,
      }),
    ),
    page: object({ next_cursor: orNull(text) }),
  }),
  series: object({
    ...{ target: text, metric: text, unit: text, from: time, to: time },
    data: list(object({ at: time, n: whole, p50: orNull(number), p95: orNull(number), p99: orNull(number) })),
  }),
  availability: object({
    ...{
      from: time,
      to: time,
      convention: text,
      targets: whole,
      availability: orNull(number),
      coverage: number,
    },
    ...{ measured_s: number, bad_s: number },
  }),
  report: object({
    ...{ from: time, to: time, convention: text, accounting: { type: 'object' } },
    rows: list(
      object({
        ...{
          kind: text,
          id: text,
          routes: whole,
          availability: orNull(number),
          availability_percent: orNull(text),
        },
        ...{
          coverage: number,
          measured_s: number,
          bad_s: number,
          incidents: whole,
          incident_minutes: number,
        },
        worst_day: orNull(object({ day: text, measured_s: number, bad_s: number })),
        objectives: list(against),
        promised: orNull(against),
        through: list(text),
        ways: list(
          object({
            ...{
              through: text,
              routes: whole,
              availability: orNull(number),
              availability_percent: orNull(text),
            },
            ...{ coverage: number, measured_s: number, bad_s: number },
          }),
        ),
      }),
    ),
    numbers: orNull({ type: 'object' }),
    credit_fees: list(object({ gateway: text, card: number, crypto: number, least_usd: number })),
    spent: object({ usd: number, requests: whole }),
  }),
  incidents: object({ data: list(incident), page: byTime }),
  incident,
  maintenance,
  maintenances: object({
    data: list(maintenance),
    page: object({ next_cursor: orNull(text), total: whole }),
  }),
  events: object({
    data: list(
      object({
        id: text,
        type: text,
        at: time,
        scope: orNull({ type: 'object' }),
        sentence: text,
        reason: text,
      }),
    ),
    page: byTime,
  }),
  explained: object({
    ...{
      rule: text,
      slug: orNull(text),
      class: text,
      fault: text,
      title: text,
      meaning: text,
      advice: text,
      fix: text,
    },
    ...{
      read: { type: 'object' },
      seen_now: object({ routes: whole, checks: whole, incidents: { type: 'array' } }),
    },
  }),
  accepted: object({ accepted: whole, ignored: whole }, ['ignored']),
  otlp: object({ partialSuccess: { type: 'object' } }),
  keys: object({
    keys: list(object({ kid: text, alg: { const: 'Ed25519' }, public_key: text, not_after: orNull(time) })),
  }),
  schema: { type: 'object' },
  export: { type: 'object' },
  json_feed: { type: 'object' },
  statuspage_summary: object({
    ...{ page: statuspagePage, status: statuspageStatus, components: list(component) },
    ...{ incidents: list(statuspageIncident), scheduled_maintenances: { type: 'array' } },
  }),
  statuspage_status: object({ page: statuspagePage, status: statuspageStatus }),
  statuspage_components: object({ page: statuspagePage, components: list(component) }),
  statuspage_incidents: object({ page: statuspagePage, incidents: list(statuspageIncident) }),
  statuspage_maintenances: object({ page: statuspagePage, scheduled_maintenances: { type: 'array' } }),
} as const satisfies Record<string, Schema>;
