import { answerSchemas, healthSchema } from './answer-schemas.ts';
import type { Guard, GuardTable } from './guard.ts';
import type { ParameterRule } from './parameters.ts';
import { problems } from './reply.ts';

/** OpenAPI 3.1 out of the guard table: what is described is what is answered, and the other way round. */
export function openApi(table: GuardTable, url: string | null): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [key, guard] of Object.entries(table)) {
    if (!guard.about) continue;
    const [method = '', path = ''] = key.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(method, path, guard, guard.about) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Signalbox',
      version: '1.0.0',
      summary: 'Which routes to LLM providers are clear, as measured',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: url ?? '/' }],
    tags: tagsOf(table),
    // Reading is public; what is not names its scope.
    security: [],
    paths,
    webhooks: webhooks(),
    components: {
      schemas: { ...hoisted(healthSchema), ...answerSchemas },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        problem: {
          description: 'RFC 9457 problem',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } },
        },
      },
    },
  };
}

/**
 * Readers of OpenAPI resolve pointers from the top of the whole description: the feed's definitions become components
 * of their own, and its own address, which would be a new top, is left to the published schema.
 */
function hoisted({ $schema, $id, $defs, ...health }: typeof healthSchema): Record<string, unknown> {
  const named = JSON.stringify({
    ...Object.fromEntries(Object.entries($defs).map(([name, schema]) => [`health_${name}`, schema])),
    health,
  });
  return JSON.parse(named.replaceAll('"#/$defs/', '"#/components/schemas/health_')) as Record<
    string,
    unknown
  >;
}

function tagsOf(table: GuardTable): { name: string }[] {
  const names = Object.values(table).flatMap(({ about }) => (about ? [about.tag] : []));
  return [...new Set(names)].sort().map((name) => ({ name }));
}

/** Method and path in one word: getV1Incidents, postV1IncidentsIdNotes. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => !['', 'api', 'json'].includes(word));
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function operation(
  method: string,
  path: string,
  guard: Guard,
  about: NonNullable<Guard['about']>,
): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (const [type, schema] of Object.entries(about.answers))
    content[type] = schema ? { schema: { $ref: `#/components/schemas/${schema}` } } : {};
  const errors = new Set<number>([
    ...(about.errors ?? []),
    // Any address refuses parameters it does not know.
    400,
  ]);
  if (guard.access !== 'public') for (const status of [401, 403]) errors.add(status);
  // What is served from memory rations questions that nobody asked before.
  if (guard.rate !== 'none' || (guard.view && Object.keys(guard.query).length > 0)) errors.add(429);
  if (guard.bodyLimitBytes > 0) for (const status of [413, 415, 422]) errors.add(status);
  return {
    summary: about.summary,
    tags: [about.tag],
    operationId: operationId(method, path),
    ...(guard.access === 'public' ? {} : { security: [{ token: [guard.access] }] }),
    parameters: [
      ...pathParameters(path),
      ...Object.entries(guard.query).map(([name, rule]) => queryParameter(name, rule)),
    ],
    ...(guard.bodyLimitBytes > 0
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries((guard.accepts ?? ['application/json']).map((type) => [type, {}])),
          },
        }
      : {}),
    responses: {
      [String(about.status ?? 200)]: { description: about.summary, content },
      ...Object.fromEntries([...errors].sort().map((status) => [String(status), errorAnswer(status)])),
    },
  };
}

function errorAnswer(status: number): Record<string, unknown> {
  const isKnown = Object.values(problems).some((p) => p.status === status);
  return isKnown ? { $ref: '#/components/responses/problem' } : { description: `status ${status}` };
}

function pathParameters(path: string): Record<string, unknown>[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((m) => ({
    name: m[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameter(name: string, rule: ParameterRule): Record<string, unknown> {
  return {
    name,
    in: 'query',
    required: false,
    description: rule.about,
    schema: schemaOf(rule),
    ...(rule.kind === 'list' ? { explode: false } : {}),
  };
}

function schemaOf(rule: ParameterRule): Record<string, unknown> {
  switch (rule.kind) {
    case 'one':
      return { type: 'string', enum: rule.values };
    case 'list':
      return { type: 'array', items: { type: 'string', ...(rule.values ? { enum: rule.values } : {}) } };
    case 'number':
      return { type: 'integer', minimum: rule.min, maximum: rule.max };
    case 'time':
      return { type: 'string', format: 'date-time' };
    case 'text':
      return { type: 'string', maxLength: rule.max };
    case 'flag':
      return { type: 'boolean' };
    default:
      return rule satisfies never;
  }
}

function webhooks(): Record<string, unknown> {
  const types = [
    'circuit.opened',
    'circuit.half_opened',
    'circuit.closed',
    'target.state_changed',
    'group.state_changed',
    'feed.guard_changed',
  ];
  const incidents = [
    'incident.opened',
    'incident.updated',
    'incident.resolved',
    'maintenance.scheduled',
    'maintenance.started',
    'maintenance.ended',
    'endpoint.test',
  ];
  const body = {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { type: 'string' },
      timestamp: { type: 'string', format: 'date-time' },
      data: { type: 'object' },
    },
  };
  return Object.fromEntries(
    [...types, ...incidents].map((type) => [
      type,
      {
        post: {
          operationId: `told${type.replaceAll(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
          summary: `${type}, signed as Standard Webhooks`,
          requestBody: { content: { 'application/json': { schema: body } } },
          responses: { '2XX': { description: 'received' }, '410': { description: 'do not come again' } },
        },
      },
    ]),
  );
}
