import type { ProbeKind } from '#lib/core/observation.ts';
import { toWire } from '#lib/core/observation-wire.ts';
import type { Http, HttpLook } from '#lib/http.ts';
import { redactFamilies } from '#lib/redact.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { cleanFound } from '#probes/clean-found.ts';
import { readServiceAccount } from '#probes/dialects/google-token.ts';
import { readGenerationRecord } from '#probes/generation-record.ts';
import { probeTable } from '#probes/kinds/table.ts';
import { dialectFaces } from '#probes/sim/dialect-frames.ts';
import { bytesOf, type FuzzedParser, json } from './fuzz-parser.ts';

/** Every kind of look against a far side that answers with anything, whole: header, body, and in pieces where it streams. */

const said = { id: 'gen-1', model: 'm', text: 'sixty two', reasoning: 'hm', inTokens: 9, outTokens: 3 };
const stream = Buffer.concat(
  dialectFaces['openai-chat'].frames(said).map(({ bytes }) => Buffer.from(bytes as string)),
);
const account = {
  data: {
    label: 'sk-or-v1-abc...xyz',
    limit: 50,
    limit_remaining: 40.5,
    limit_reset: 'monthly',
    usage: 9.5,
    is_free_tier: false,
    free_model_daily_requests: { used: 1, limit: 50, remaining: 49 },
    expires_at: '2027-01-01T00:00:00Z',
  },
};
const model = { id: 'a/b', name: 'B', created: 1.7e9, pricing: { prompt: '0.0000001', completion: '0' } };
const endpoint = { provider_name: 'X', tag: 'x/fp8', status: 0, uptime_last_30m: 99.9, uptime_last_1d: 98 };
const summary = {
  page: { id: 'p', name: 'Own', url: 'https://status.example' },
  status: { indicator: 'minor', description: 'Partial' },
  components: [{ id: 'a', name: 'API', status: 'partial_outage' }],
  incidents: [{ id: 'i', name: 'Errors', status: 'investigating', impact: 'minor', incident_updates: [] }],
};
const record = {
  data: {
    id: 'gen-1',
    total_cost: 0.0001,
    provider_responses: [{ provider_name: 'X', status: 502 }],
  },
};
const seeds: Partial<Record<ProbeKind, Uint8Array[]>> = {
  completion: [stream, json({ error: { code: 502, message: 'no' } })],
  catalog: [json({ data: [model] }), json({ data: { id: 'a/b', endpoints: [endpoint] } })],
  account: [json(account)],
  reported: [json({ data: { id: 'a/b', endpoints: [endpoint] } })],
  official: [json(summary)],
  control: [bytesOf('ok')],
  http: [json({ state: { db: 'up' } }), bytesOf('<html>ok</html>')],
  capability: [stream, json({ choices: [{ message: { content: '{"a":1,"b":2}' }, finish_reason: 'stop' }] })],
  drift: [stream],
};

/** Status and headers are drawn from the bytes too, so that a seed says all. */
function answering(bytes: Uint8Array): Http {
  const text = Buffer.from(bytes.subarray(0, 80)).toString('latin1');
  const statuses = [200, 200, 200, 401, 404, 429, 503, 529];
  const look: HttpLook = {
    ...{ reached: 'done', fault: null, faultCode: null, faultText: null },
    status: statuses[bytes.length % statuses.length] as number,
    headers: {
      'content-type': text.slice(0, 20),
      'retry-after': text.slice(4, 30),
      'cf-ray': text,
      age: text,
    },
    ...{ body: bytes, bodyBytes: bytes.length, wireBytes: bytes.length },
    timing: { dnsMs: 1, connectMs: 2, tlsMs: null, headersMs: 3, firstByteMs: 4, totalMs: 5 },
    ...{ startedMonoMs: 0, address: '127.0.0.1', family: 4, url: 'http://127.0.0.1:1/' },
    ...{ certificateFromMs: null, certificateExpiresAtMs: null },
  };
  return {
    async request({ onChunk }) {
      if (!onChunk) return look;
      for (let at = 0; at < bytes.length; at += 997)
        if (onChunk(bytes.subarray(at, at + 997), at) === 'stop') break;
      return { ...look, body: new Uint8Array() };
    },
  } as Http;
}

const kinds = (Object.keys(seeds) as ProbeKind[]).map((kind): FuzzedParser => {
  const target = watchedTarget(
    kind,
    { gateway: 'openrouter', provider: 'x', model: 'a/b' },
    {
      baseUrl: 'http://127.0.0.1:1/api/v1',
      dialect: kind === 'official' ? null : 'openai-chat',
      options: {
        ...{
          ability: 'tools',
          isOpenRouter: true,
          models: ['a/b'],
          endpoints: kind === 'drift' ? [{ tag: 'x/fp8', providerName: 'X' }] : [],
          others: ['x/fp8'],
        },
        expect: { body_contains: 'ok', json: { path: 'state.db', equals: 'up' } },
      },
    },
  );
  return {
    name: `looks: ${kind}`,
    seeds: seeds[kind] as Uint8Array[],
    async read(bytes) {
      const io = probeIo({ http: answering(bytes), memory: new Map() });
      const { observation, found = [] } = await probeTable[kind](target, io);
      toWire(observation);
      for (const one of found) cleanFound(one);
    },
  };
});

const generation: Parameters<typeof readGenerationRecord>[0] = {
  ...{ kind: 'generation', generationId: 'gen-1', targetKey: 'k', lookAtMs: 0, isDoubtful: true },
  ...{ isRecorded: false, recordedUsd: null, edgeId: null, quantization: null, fingerprint: null, tried: [] },
};

export const kindParsers: FuzzedParser[] = [
  ...kinds,
  {
    name: 'records of calls',
    seeds: [json(record)],
    read: (bytes) =>
      readGenerationRecord(
        generation,
        watchedTarget(
          'completion',
          { gateway: 'openrouter', provider: 'x', model: 'a/b' },
          { baseUrl: 'http://127.0.0.1:1' },
        ),
        { http: answering(bytes), key: 'k', redact: redactFamilies },
      ),
  },
  {
    name: 'service accounts',
    seeds: [json({ client_email: 'a@b.example', private_key: '-----BEGIN', project_id: 'p' })],
    read: (bytes) => void readServiceAccount(Buffer.from(bytes).toString('utf8')),
  },
];
