import { z } from 'zod';
import { policyProblem } from '../core/policy.ts';
import {
  calendarRule,
  colour,
  duration,
  impact,
  instant,
  interval,
  kept,
  keptOrForever,
  limit,
  mailServer,
  network,
  picture,
  scope,
  secret,
  sender,
  slug,
  timeZone,
  url,
} from './shapes.ts';

/** The shape of signalbox.yaml after `${NAME}` was replaced. Strict: an unknown key is an error that names itself. */

const every = z
  .strictObject({
    catalog: interval,
    account: interval,
    completion: interval,
    reported: interval,
    official: interval,
  })
  .partial();

const price = z.strictObject({
  prompt_per_mtok: z.number().min(0),
  completion_per_mtok: z.number().min(0),
  request: z.number().min(0).default(0),
});

const route = z.strictObject({
  provider: z.string().min(1),
  model: z.string().min(1),
  endpoint: z.string().optional(),
  every: interval.optional(),
  api: z.enum(['chat', 'responses', 'messages', 'embeddings']).optional(),
});

export const gatewaySchema = z.strictObject({
  dialect: z.string().optional(),
  base_url: url.optional(),
  key: secret.optional(),
  key_is_byok: z.boolean().default(false),
  status_page: url.nullable().optional(),
  every: every.default({}),
  timeout: z.strictObject({ completion: limit }).partial().default({}),
  /** Absent: the default fleet. `[]`: no paid calls. */
  routes: z.array(route).optional(),
  watch: z.array(z.string()).default([]),
});

export const providerSchema = z.strictObject({
  dialect: z.string().optional(),
  base_url: url.optional(),
  key: secret.optional(),
  region: z.string().optional(),
  model: z.union([z.string(), z.strictObject({ id: z.string(), same_as: z.string().optional() })]).optional(),
  every: every.default({}),
  timeout: z.strictObject({ completion: limit }).partial().default({}),
  price: price.optional(),
  status_page: url.nullable().optional(),
  options: z.record(z.string(), z.unknown()).default({}),
});

const expectation = z.strictObject({
  status: z.union([z.number().int(), z.array(z.number().int())]).optional(),
  body_contains: z.string().optional(),
  body_not_contains: z.string().optional(),
  json: z
    .strictObject({ path: z.string(), equals: z.union([z.string(), z.number(), z.boolean(), z.null()]) })
    .optional(),
  certificate_days: z.number().int().min(0).optional(),
});

export const channelSchema = z
  .object({
    type: z.string(),
    name: z.string().optional(),
    on: z.array(z.string()).default(['incident', 'account']),
    scope: z.array(z.string()).default([]),
    min_impact: impact.optional(),
    remind: duration.optional(),
    quiet: z
      .strictObject({ from: z.string(), to: z.string(), time_zone: z.string().default('UTC') })
      .optional(),
    escalate_after: duration.optional(),
  })
  // Each channel's own file validates what is its own; `lib/config` refuses what neither knows.
  .catchall(z.unknown());

const maintenanceSchema = z.strictObject({
  title: z.string(),
  scope: z.array(scope).min(1),
  from: instant.optional(),
  to: instant.optional(),
  cron: calendarRule.optional(),
  lasts: duration.optional(),
  time_zone: timeZone.default('UTC'),
});

export const ruleSchema = z.strictObject({
  name: z.string(),
  when: z.enum(['error_share', 'first_token_p95', 'limited_share', 'credit_hours', 'slo_burn']),
  scope: z.array(scope).default([]),
  above: z.number().optional(),
  below: z.number().optional(),
  over: duration.default(3_600_000),
  slo: z.number().min(0).max(1).optional(),
});

const webVantage = z.strictObject({ id: slug, token: z.string().min(16), place: z.string().optional() });

export const configSchema = z.strictObject({
  url: url.optional(),
  listen: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(3000),
      // /healthz and /readyz of the worker alone, for who runs it apart from the web.
      worker_port: z.number().int().min(0).max(65_535).nullable().default(null),
      trusted_proxies: z.array(network).default([]),
    })
    .prefault({}),
  vantage: slug.default('local'),
  vantages: z.array(webVantage).default([]),
  data: z.string().default('./data'),
  policy: z
    .record(z.string(), z.number())
    .superRefine((numbers, ctx) => {
      for (const [name, value] of Object.entries(numbers)) {
        const message = policyProblem(name, value);
        if (message) ctx.addIssue({ code: 'custom', path: [name], message, input: value });
      }
    })
    .default({}),
  gateways: z.record(slug, gatewaySchema).default({}),
  providers: z.record(slug, providerSchema).default({}),
  /** Official pages and plain addresses of every provider we know. `false`: only of those named in this file. */
  known_providers: z.boolean().default(true),
  chains: z.record(slug, z.array(z.string()).min(1)).default({}),
  accounts: z
    .array(z.strictObject({ name: slug, gateway: slug.default('openrouter'), key: secret }))
    .default([]),
  http: z
    .array(
      z.strictObject({
        name: slug,
        url,
        every: interval.default(60_000),
        timeout: limit.default(10_000),
        expect: expectation.default({}),
      }),
    )
    .default([]),
  heartbeats: z
    .array(
      z.strictObject({
        name: slug,
        token: z.string().min(8),
        every: interval,
        grace: duration.default(60_000),
      }),
    )
    .default([]),
  controls: z.array(z.strictObject({ name: slug, url })).default([
    { name: 'quad9', url: 'https://9.9.9.9/' },
    { name: 'wikipedia', url: 'https://www.wikipedia.org/' },
    { name: 'debian', url: 'http://deb.debian.org/' },
  ]),
  confirm: z
    .strictObject({ after: duration.default(2_000), times: z.number().int().min(0).max(5).default(2) })
    .prefault({}),
  budget: z
    .strictObject({
      usd_per_day: z.number().min(0).default(0.5),
      usd_per_month: z.number().min(0).default(15),
      requests_per_day: z.number().int().min(0).default(40_000),
      per_gateway: z
        .record(
          slug,
          z
            .strictObject({
              usd_per_day: z.number().min(0),
              usd_per_month: z.number().min(0),
              requests_per_day: z.number().int().min(0),
            })
            .partial(),
        )
        .default({}),
    })
    .prefault({}),
  retention: z
    .strictObject({
      raw: kept.default(30 * 86_400_000),
      minutes: kept.default(7 * 86_400_000),
      hours: kept.default(2 * 31_536_000_000),
      days: keptOrForever.default(null),
    })
    .prefault({}),
  page: z
    .strictObject({
      title: z.string().default('LLM status'),
      logo: picture.nullable().default(null),
      accent: colour.nullable().default(null),
      links: z.array(z.strictObject({ text: z.string(), url })).default([]),
      groups: z.array(z.strictObject({ title: z.string(), members: z.array(z.string()) })).default([]),
      hide: z.array(z.string()).default([]),
      time_zone: timeZone.default('UTC'),
      access: z.union([z.literal('public'), z.strictObject({ token: z.string().min(16) })]).default('public'),
    })
    .prefault({}),
  rules: z.array(ruleSchema).default([]),
  channels: z.array(channelSchema).default([]),
  smtp: z.strictObject({ url: mailServer, from: sender }).nullable().default(null),
  heartbeat_url: url.nullable().default(null),
  /** How often our own test target goes down; `through`: names of channels that must take its alarm too. */
  canary: z
    .strictObject({
      every: duration.refine((ms) => ms >= 60_000, 'at least 1m').default(3_600_000),
      through: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** `provider:groq`, or a kind for all of it → the page that says what to do; every message of that cause links it. */
  runbooks: z.record(z.string(), url).default({}),
  feed: z
    .strictObject({
      signing_key: z.string().nullable().default(null),
      haproxy_port: z.number().int().min(1).max(65_535).nullable().default(null),
      streams_per_address: z.number().int().min(1).default(100),
      /** The operator's switch: what is seen is published, and no circuit moves until it is taken back. */
      frozen: z.boolean().default(false),
    })
    .prefault({}),
  backup: z
    .strictObject({
      every: calendarRule.default('17 * * * *'),
      keep: z.number().int().min(1).default(31),
      /** With SIGNALBOX_SECRET, or the key file beside the database. */
      encrypt: z.boolean().default(true),
    })
    .prefault({}),
  maintenance: z.array(maintenanceSchema).default([]),
});

export type Config = z.output<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;
