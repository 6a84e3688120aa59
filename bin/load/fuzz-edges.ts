import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { cookieOf } from '#app/_edge/access.ts';
import { clientAddress, trustsOf } from '#app/_edge/address.ts';
import { plainRequest } from '#app/_edge/fast-path.ts';
import { guards } from '#app/_edge/guards.ts';
import { complaint, tools } from '#app/_edge/mcp-tools.ts';
import { spansOf } from '#app/_edge/otlp.ts';
import { readParameters } from '#app/_edge/parameters.ts';
import { parseForm } from '#app/_edge/parse-body.ts';
import { acceptsGzip, isMatch } from '#app/_edge/prepared.ts';
import { Problem } from '#app/_edge/reply.ts';
import { positionOf } from '#app/_edge/routes/health-stream.ts';
import { importLines } from '#db/open.ts';
import { parseDuration } from '#lib/config/shapes.ts';
import { parseJson } from '#lib/core/loose.ts';
import { toWire } from '#lib/core/observation-wire.ts';
import { classify } from '#lib/core/outcome.ts';
import { readMutes } from '#lib/core/scope-mute.ts';
import { readRetryAfterMs } from '#lib/notify/retry-after.ts';
import { slackFault } from '#lib/notify/slack-fault.ts';
import { smtpFault } from '#lib/notify/smtp-fault.ts';
import { explainError } from '#lib/ops/explain-error.ts';
import { readAcknowledgeToken } from '#lib/ops/links.ts';
import { readSubscriptionRequest } from '#lib/ops/subscription-request.ts';
import { createSealer } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { goodLook } from '#lib/testing/observations.ts';
import { eventReader } from '../../lib/client/follow.ts';
import { fromGatus } from '../signalbox/movers/gatus.ts';
import { fromLitellm } from '../signalbox/movers/litellm.ts';
import { asList, type Loose } from '../signalbox/movers/mover.ts';
import { fromOpenRouterActivity } from '../signalbox/movers/openrouter-activity.ts';
import { fromUptimeKuma } from '../signalbox/movers/uptime-kuma.ts';
import { bytesOf, type FuzzedParser, json, orRefusal } from './fuzz-parser.ts';

/** What visitors, subscribers, receivers and other people's files send to the web, the deliverer and the command line. */

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const latin1Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const sealer = createSealer(Buffer.alloc(32, 3));
const trusts = trustsOf(['127.0.0.0/8', '10.0.0.0/8']);
const queries = Object.values(guards).flatMap((guard) => (guard.query ? [guard.query] : []));

const head = [
  'GET /api/v1/health?view=routing HTTP/1.1',
  'Host: status.example.com',
  'User-Agent: Mozilla/5.0',
  'Accept-Encoding: gzip;q=0.5, br',
  'If-None-Match: W/"abc", "def"',
  'Cookie: theme=dark; __Host-sb=0123456789abcdef',
  'Last-Event-ID: 01M8PVGZD2-17',
  'X-Forwarded-For: 203.0.113.5, 10.0.0.1',
  '\r\n',
].join('\r\n');

function readHead(bytes: Uint8Array): void {
  const plain = plainRequest(Buffer.from(bytes));
  const fields: Record<string, string> = {};
  for (const line of latin1Of(bytes).split('\r\n').slice(1, 30)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const req = { headers: fields, socket: { remoteAddress: '127.0.0.1' } } as unknown as IncomingMessage;
  cookieOf(req, '__Host-sb');
  clientAddress(req, trusts);
  positionOf(fields['last-event-id'], '01M8PVGZD2');
  acceptsGzip(fields['accept-encoding']);
  isMatch(fields['if-none-match'] ?? '', '"abc"');
  if (plain) new URL(plain.url, 'http://a.invalid');
}

const span = {
  startTimeUnixNano: '1700000000000000000',
  endTimeUnixNano: '1700000001000000000',
  attributes: [
    { key: 'gen_ai.request.model', value: { stringValue: 'openai/gpt-5-mini' } },
    { key: 'http.response.status_code', value: { intValue: '502' } },
    { key: 'server.address', value: { stringValue: 'openrouter.ai' } },
  ],
};
const gatus = `endpoints:
  - { name: api, url: "https://a.example/h", interval: 60s, conditions: ["[STATUS] == 200", "[BODY].a == 1", "[CERTIFICATE_EXPIRATION] > 48h"] }
`;
const litellm = `model_list:
  - { model_name: chat, litellm_params: { model: openrouter/openai/gpt-5-mini, api_key: os.environ/K } }
  - { model_name: chat, litellm_params: { model: anthropic/claude-haiku-4-5, api_base: "http://127.0.0.1:1" } }
router_settings: { fallbacks: [ { chat: [other] } ] }
`;
const activity = 'Date,Model,Provider,Usage,Requests\n2026-11-01,openai/gpt-5-mini,OpenAI,0.5,"1,200"\n';
const monitor = { id: 1, name: 'A', type: 'http', url: 'https://a.example', interval: 60, keyword: 'ok' };
const incident = { kind: 'incident', incident: { id: 'i1' } };

/** Takes what the importer would write and keeps nothing. */
const nowhere = {
  looks: {
    record: (seen: { observation: Parameters<typeof classify>[0] }[], decide: (o: unknown) => unknown) =>
      seen.map(({ observation }) => decide(observation)),
  },
  incidents: { get: () => null, add: () => undefined },
} as unknown as Store;

const yamlOf = (bytes: Uint8Array): unknown => {
  try {
    return parse(textOf(bytes), { logLevel: 'error' });
  } catch {
    return null;
  }
};

export const edgeParsers: FuzzedParser[] = [
  { name: 'request heads', seeds: [bytesOf(head)], read: readHead },
  {
    name: 'query strings, cursors',
    seeds: [
      bytesOf('?view=routing&gateway=openrouter&model=a%2Fb,c&limit=10&cursor=20'),
      bytesOf('?from=2026-11-01&to=2026-11-02T00:00:00Z&convention=strict'),
    ],
    read: (bytes) =>
      orRefusal(Problem, () => readParameters(latin1Of(bytes), queries[bytes.length % queries.length] ?? {})),
  },
  {
    name: 'forms',
    seeds: [
      bytesOf('channel=email&email=a%40b.example&scope=provider%3Agroq&min_impact=major&website='),
      bytesOf('status=502&gateway=openrouter&message=%7B%22error%22%3A%7B%22code%22%3A502%7D%7D'),
    ],
    read(bytes) {
      const form = parseForm(Buffer.from(bytes));
      readSubscriptionRequest(form);
      const message = form.message;
      explainError({ status: null, body: String(message ?? '').slice(0, 65_536), gateway: 'openrouter' });
    },
  },
  {
    name: 'traces',
    seeds: [json({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })],
    read: (bytes) => void [...spansOf(parseJson(textOf(bytes)))],
  },
  {
    name: 'assistants',
    seeds: [
      json({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'explain', arguments: { status: 1 } },
      }),
    ],
    read(bytes) {
      const value = parseJson(textOf(bytes)) as Loose | undefined;
      const given = (value?.params as Loose | undefined)?.arguments;
      if (typeof given !== 'object' || given === null || Array.isArray(given)) return;
      for (const tool of Object.values(tools)) complaint(tool, given as Loose);
      tools.explain.run({} as never, given as Loose);
    },
  },
  {
    name: 'tokens of links',
    seeds: [bytesOf(sealer.signToken('acknowledge', 'i1\nr1', 2e12))],
    read: (bytes) => void readAcknowledgeToken(sealer, latin1Of(bytes), 1e12),
  },
  {
    name: 'answers of receivers',
    seeds: [bytesOf('550 5.1.1 <a@b.example> no such user'), bytesOf('invalid_payload'), bytesOf('120')],
    read(bytes) {
      const text = textOf(bytes);
      smtpFault({ code: 'EENVELOPE', command: 'RCPT TO', response: text, responseCode: 550 });
      slackFault(text);
      readRetryAfterMs(text.slice(0, 100), 1e12);
      readMutes(text, 1e12);
      parseDuration(text);
    },
  },
  {
    name: 'the feed, as readers hear it',
    seeds: [bytesOf('retry: 5000\nid: e-1\nevent: snapshot\ndata: {"epoch":"e","seq":1,"targets":[]}\n\n')],
    read(bytes) {
      const reader = eventReader();
      for (let at = 0; at < bytes.length; at += 997) reader.feed(textOf(bytes.subarray(at, at + 997)));
    },
  },
  {
    name: 'imported history',
    isOwn: true,
    seeds: [Buffer.from(`${JSON.stringify(toWire(goodLook()))}\n${JSON.stringify(incident)}\n`)],
    read: (bytes) => importLines(nowhere, textOf(bytes).split('\n'), (o) => classify(o).class),
  },
  { name: 'Gatus', isOwn: true, seeds: [bytesOf(gatus)], read: (bytes) => void fromGatus(yamlOf(bytes)) },
  {
    name: 'LiteLLM',
    isOwn: true,
    seeds: [bytesOf(litellm)],
    read: (bytes) => void fromLitellm(yamlOf(bytes)),
  },
  {
    name: 'OpenRouter activity',
    isOwn: true,
    seeds: [bytesOf(activity)],
    read: (bytes) => void fromOpenRouterActivity(textOf(bytes)),
  },
  {
    name: 'Uptime Kuma',
    isOwn: true,
    seeds: [json([monitor])],
    read(bytes) {
      const rows = asList(parseJson(textOf(bytes))).filter(
        (one): one is Loose => typeof one === 'object' && one !== null && !Array.isArray(one),
      );
      fromUptimeKuma(rows, () => 'token');
    },
  },
];
