import { parseConfig } from '#lib/config/load.ts';
import { ConfigProblem } from '#lib/config/problem.ts';
import { decodeText, parseJson } from '#lib/core/loose.ts';
import { parseMailAddress } from '#lib/core/mail-address.ts';
import { parseObservation, toWire } from '#lib/core/observation-wire.ts';
import { extractError } from '#lib/error-facts.ts';
import { explainError } from '#lib/ops/explain-error.ts';
import { redactFamilies } from '#lib/redact.ts';
import { goodLook } from '#lib/testing/observations.ts';
import { fixtureNowMs, genericFixtures } from '#lib/testing/page-fixtures.ts';
import { readRetryAfter } from '#probes/dialects/retry-after.ts';
import { type DialectName, dialectTable } from '#probes/dialects/table.ts';
import { createAnswerReader } from '#probes/kinds/answer-reader.ts';
import { readEndpointList } from '#probes/kinds/endpoint-list.ts';
import { readModelList } from '#probes/kinds/model-list.ts';
import { readProviderList } from '#probes/kinds/provider-list.ts';
import { type PlatformId, platforms } from '#probes/pages/table.ts';
import { dialectFaces } from '#probes/sim/dialect-frames.ts';
import { createSse } from '#probes/sse.ts';
import { edgeParsers } from './fuzz-edges.ts';
import { kindParsers } from './fuzz-kinds.ts';
import { bytesOf, type FuzzedParser, json, orRefusal } from './fuzz-parser.ts';

const said = { id: 'x', model: 'm', text: 'sixty two', reasoning: 'hm', inTokens: 9, outTokens: 3 };

function inPieces(bytes: Uint8Array, feed: (piece: Uint8Array, at: number) => unknown): void {
  for (let at = 0; at < bytes.length; at += 997)
    if (feed(bytes.subarray(at, at + 997), at) === 'stop') return;
}

const dialects: FuzzedParser[] = (Object.keys(dialectTable) as DialectName[]).map((name) => {
  const face = dialectFaces[name as keyof typeof dialectFaces] ?? dialectFaces['openai-chat'];
  return {
    name,
    seeds: [Buffer.concat(face.frames(said).map(({ bytes }) => Buffer.from(bytes as string)))],
    read(bytes) {
      const reader = createAnswerReader(dialectTable[name]);
      inPieces(bytes, (piece, at) => reader.feed(piece, at));
      reader.finish(bytes.length);
      reader.body();
      reader.raw();
    },
  };
});

const pages: FuzzedParser[] = genericFixtures.map((fixture) => ({
  name: fixture.platform,
  seeds: Object.values(fixture.documents).map((text) => (typeof text === 'string' ? bytesOf(text) : text)),
  read(bytes) {
    const page = {
      url: new URL('https://status.example'),
      ...{ endpoints: [], components: [], region: null, nowMs: fixtureNowMs },
    };
    const text = decodeText(bytes);
    platforms[fixture.platform as PlatformId].read([text, text], page);
  },
}));

const errors = [
  {
    error: {
      code: 502,
      message: 'Provider returned error',
      metadata: { provider_name: 'X', raw: '{"e":1}' },
    },
  },
  { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '7s' }] } }],
];
const context = {
  headers: {},
  redact: redactFamilies,
  inBand: false,
  body: 'json',
  providerId: (name: string) => name,
} as const;
const priced = { prompt: '0.0000001', completion: '0.0000004', request: '0' };
const model = { id: 'a/b', canonical_slug: 'a/b-1', name: 'B', created: 1.7e9, pricing: priced };
const endpoint = { provider_name: 'X', tag: 'x/fp8', pricing: priced, status: 0, uptime_last_30m: 99.9 };

const yaml = `url: https://status.example.com
gateways:
  openrouter: { base_url: https://openrouter.ai/api/v1, every: { catalog: 60s }, routes: [ { provider: any, model: a/b } ] }
chains: { chat: [openrouter/any/a/b] }
channels:
  - { type: slack, webhook_url: "\${HOOK}", on: [incident] }
budget: { usd_per_day: 0.50 }
`;

/** Every parser of what comes from outside. */
export const fuzzedParsers: FuzzedParser[] = [
  {
    name: 'server-sent events',
    seeds: [
      bytesOf(': PROCESSING\n\nevent: error\r\ndata: {"a":1}\r\n\r\nid: 7\nretry: 5\ndata: [DONE]\n\n'),
    ],
    read(bytes) {
      const sse = createSse(
        () => undefined,
        () => undefined,
      );
      inPieces(bytes, (piece) => sse.feed(piece));
      sse.end();
    },
  },
  ...dialects,
  ...pages,
  {
    name: 'errors',
    seeds: errors.map(json),
    read(bytes) {
      const value = parseJson(decodeText(bytes));
      extractError(value ?? decodeText(bytes), context);
      readRetryAfter({ 'retry-after': decodeText(bytes).slice(0, 60) }, value, 1);
    },
  },
  {
    name: 'catalogue',
    seeds: [
      json({ data: [model] }),
      json({ data: { id: 'a/b', endpoints: [endpoint] } }),
      json({ data: [{ slug: 'x', name: 'X', status_page_url: 'https://s.example' }] }),
    ],
    read(bytes) {
      const value = parseJson(decodeText(bytes));
      readModelList(value, 'https://openrouter.ai/api/v1/models');
      readEndpointList(value, 'a/b');
      readProviderList(value);
    },
  },
  {
    name: 'observations',
    seeds: [json(toWire(goodLook()))],
    read(bytes) {
      const parsed = parseObservation(parseJson(decodeText(bytes)));
      if (parsed.ok) toWire(parsed.observation);
    },
  },
  {
    name: 'configuration',
    isOwn: true,
    seeds: [bytesOf(yaml)],
    read: (bytes) =>
      orRefusal(ConfigProblem, () =>
        parseConfig(decodeText(bytes), { HOOK: 'https://hooks.slack.com/services/T/B/x' }, 'signalbox.yaml'),
      ),
  },
  {
    name: 'pasted errors',
    seeds: errors.map(json),
    read: (bytes) => void explainError({ status: 502, body: decodeText(bytes), gateway: 'openrouter' }),
  },
  ...kindParsers,
  ...edgeParsers,
  {
    name: 'mail addresses',
    seeds: [bytesOf('ops.team+x@mail.example.com')],
    read: (bytes) => void parseMailAddress(decodeText(bytes)),
  },
];
