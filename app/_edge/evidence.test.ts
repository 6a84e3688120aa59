import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blankObservation } from '#lib/core/observation.ts';
import { toWire } from '#lib/core/observation-wire.ts';
import { emptyPlan } from '#lib/core/plan.ts';
import { targetId } from '#lib/core/target.ts';
import { isSigned } from '#lib/signing.ts';
import { adminToken, type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { spansOf } from './otlp.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({
    scene: 'calm',
    config: {
      vantages: [{ id: 'fra1', token: 'token-of-frankfurt-0123' }],
      heartbeats: [{ name: 'backup', token: 'nightly-backup', every: '1h' }],
      feed: { signing_key: `whsk_${Buffer.alloc(32, 9).toString('base64')}` },
    },
  });
});
afterAll(() => edge.stop());

const send = (path: string, body: string, token: string, type = 'application/json') =>
  fetch(edge.url + path, {
    method: 'POST',
    body,
    headers: { 'content-type': type, authorization: `Bearer ${token}` },
  });
const claimed = () => edge.store.people.claimIntents(50, edge.nowMs());

function look(more: object = {}) {
  const target = edge.scene.facts.routes[0]?.target ?? { gateway: 'openrouter', provider: 'x', model: 'y' };
  return toWire(
    blankObservation({
      atMs: Date.now() - 5_000,
      vantage: 'whoever',
      probe: 'completion',
      target,
      status: 200,
      ...more,
    }),
  );
}
const ndjson = (...lines: unknown[]) =>
  lines.map((l) => (typeof l === 'string' ? l : JSON.stringify(l))).join('\n');

describe('looks of other places', () => {
  test('a configured vantage speaks under its own name, everybody else is passive', async () => {
    expect(
      (await send('/api/v1/observations', ndjson(look()), 'token-of-frankfurt-0123', 'application/x-ndjson'))
        .status,
    ).toBe(202);
    expect(
      (await send('/api/v1/observations', ndjson(look()), adminToken, 'application/x-ndjson')).status,
    ).toBe(202);
    const [first, second] = claimed().map((i) => i.body as { vantage: string; lines: { why: string }[] });
    expect([first?.vantage, first?.lines[0]?.why]).toEqual(['fra1', 'slot']);
    expect([second?.vantage, second?.lines[0]?.why]).toEqual(['passive-admin', 'passive']);
  });

  test('what nobody watches here is heard from vantages only', async () => {
    const odd = look({ target: { gateway: 'elsewhere', provider: 'x', model: 'y/z' } });
    const send_ = (token: string) =>
      send('/api/v1/observations', ndjson(odd, look()), token, 'application/x-ndjson');
    expect(await (await send_(adminToken)).json()).toEqual({ accepted: 1, ignored: 1 });
    expect(await (await send_('token-of-frankfurt-0123')).json()).toEqual({ accepted: 2, ignored: 0 });
    expect(claimed().map((i) => (i.body.lines as object[]).length)).toEqual([1, 2]);
  });

  test('one bad line refuses all of them and is named', async () => {
    const answer = await send(
      '/api/v1/observations',
      ndjson(look(), '{"v":1,', look({ atMs: Date.now() + 3_600_000 })),
      adminToken,
      'application/x-ndjson',
    );
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as { errors: { line: number; field: string; detail: string }[] };
    expect(errors.map((e) => [e.line, e.field])).toEqual([
      [2, ''],
      [3, 'at'],
    ]);
    expect(claimed()).toEqual([]);
  });

  test('U10: a key inside an error never reaches the store', async () => {
    const key = `sk-or-v1-${'a1b2c3d4'.repeat(8)}`;
    const error = {
      code: '401',
      type: null,
      message: `bad key ${key}`,
      provider: null,
      limit: null,
      attempt: null,
      body: 'json',
      inBand: false,
    };
    await send(
      '/api/v1/observations',
      ndjson(look({ error, status: 401 })),
      adminToken,
      'application/x-ndjson',
    );
    expect(JSON.stringify(claimed())).not.toContain('a1b2c3d4');
  });
});

describe('own traffic', () => {
  const nano = (ms: number) => `${ms}000000`;
  const attribute = (key: string, value: string | number) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  });
  function request(count: number, more: { key: string; value: object }[] = [], status = 0) {
    const [route] = edge.scene.facts.routes;
    const now = Date.now() - 2_000;
    const span = {
      name: 'chat',
      startTimeUnixNano: nano(now - 900),
      endTimeUnixNano: nano(now),
      status: { code: status },
      attributes: [
        attribute('gen_ai.request.model', route?.target.model ?? ''),
        attribute('gen_ai.system', 'openrouter'),
        attribute('openrouter.provider', route?.target.provider ?? ''),
        attribute('gen_ai.prompt', 'a secret prompt of ours'),
        ...more,
      ],
    };
    return { resourceSpans: [{ scopeSpans: [{ spans: Array.from({ length: count }, () => span) }] }] };
  }

  test('an empty request is how the address is tried', async () => {
    for (const body of ['', '{}', '{"resourceSpans":[]}'])
      expect((await send('/v1/traces', body, adminToken)).status).toBe(200);
    expect((await send('/v1/traces', '{}', 'no-token-of-ours')).status).toBe(401);
  });

  test('many spans become one passive look per route and outcome, and no prompt is kept', async () => {
    await send('/v1/traces', JSON.stringify(request(500)), adminToken);
    await send(
      '/v1/traces',
      JSON.stringify(request(200, [attribute('http.response.status_code', 502)], 2)),
      adminToken,
    );
    edge.web.edge.traces.flush();
    const intents = claimed();
    expect(intents.length).toBe(1);
    const { vantage, lines } = intents[0]!.body as {
      vantage: string;
      lines: { at: string; why: string; status: number; timing: { totalMs: number } }[];
    };
    expect(vantage).toBe('passive-traces');
    expect(lines.map((l) => [l.why, l.status])).toEqual([
      ['passive', 200],
      ['passive', 502],
    ]);
    expect(lines[0]?.timing.totalMs).toBe(900);
    // The same instant twice would be the same look twice.
    expect(new Set(lines.map((l) => l.at)).size).toBe(2);
    expect(JSON.stringify(intents)).not.toContain('secret prompt');
  });

  test('a provider is known by its name too, and a call that names no gateway may have been a direct one', async () => {
    const routes = edge.scene.facts.routes;
    const vertex = routes.find((r) => r.target.provider === 'google-vertex');
    if (!vertex) throw new Error('the scene lacks a route');
    const target = { gateway: 'direct', provider: 'anthropic', model: 'claude-haiku-4-5' };
    const direct = { ...vertex, target, targetId: targetId(target), endpoint: null };
    edge.store.looks.advance(edge.nowMs(), () => ({ ...emptyPlan, routes: [direct] }));
    await expect.poll(() => edge.web.edge.live.facts().routes.length).toBe(routes.length + 1);
    const span = (...named: [string, string][]) => {
      const now = Date.now() - 2_000;
      const times = { startTimeUnixNano: nano(now - 900), endTimeUnixNano: nano(now) };
      const spans = [{ ...times, attributes: named.map(([key, value]) => attribute(key, value)) }];
      return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    };
    const model = (r: typeof vertex): [string, string] => ['gen_ai.request.model', r.target.model ?? ''];
    await send('/v1/traces', span(model(vertex), ['gen_ai.provider.name', 'Google Vertex']), adminToken);
    await send(
      '/v1/traces',
      span(model(direct), ['gen_ai.system', direct.target.provider ?? '']),
      adminToken,
    );
    edge.web.edge.traces.flush();
    const lines = claimed()[0]?.body.lines as { target: object }[];
    expect(lines.map((line) => line.target)).toEqual([vertex.target, direct.target]);
  });

  test('a route whose calls stop at once is looked at', async () => {
    const { traces } = edge.web.edge;
    for (let i = 0; i < 15; i++) {
      await send('/v1/traces', JSON.stringify(request(30)), adminToken);
      traces.flush();
    }
    claimed();
    traces.flush();
    const [asked, ...more] = claimed();
    expect(more).toEqual([]);
    expect(asked).toMatchObject({ kind: 'look_now', by: 'traces' });
    expect(asked?.body.targetKeys).toHaveLength(1);
  });

  test('what is no span of a model is passed over, whatever it is', () => {
    for (const odd of [
      null,
      7,
      [],
      { resourceSpans: 1 },
      { resourceSpans: [null, { scopeSpans: [{ spans: [null, {}, { attributes: [null, { key: 1 }] }] }] }] },
    ])
      expect([...spansOf(odd)]).toEqual([]);
  });
});

test('a job says that it is alive, and a stranger says nothing', async () => {
  expect((await fetch(`${edge.url}/api/push/nightly-backup?status=up&msg=OK`)).status).toBe(200);
  expect((await fetch(`${edge.url}/api/push/guessed-token`)).status).toBe(404);
  expect(claimed().map((i) => [i.kind, i.body.name, i.body.isUp])).toEqual([['push', 'backup', true]]);
});

test('the signature vouches for the body, and on a 304 for what the reader has', async () => {
  const { keys } = (await (await fetch(`${edge.url}/.well-known/signalbox-keys.json`)).json()) as {
    keys: { public_key: string }[];
  };
  const first = await fetch(`${edge.url}/api/v1/health?view=routing`);
  const bytes = Buffer.from(await first.arrayBuffer());
  const facts = (answer: Response, digest: string) => ({
    epoch: edge.web.edge.live.facts().epoch,
    seq: Number(answer.headers.get('signalbox-seq')),
    validUntilMs: Date.parse(answer.headers.get('signalbox-valid-until') ?? ''),
    tag: (answer.headers.get('etag') ?? '').replace(/^W\/"|"$/g, ''),
    digest,
  });
  const key = keys[0]?.public_key ?? '';
  const digest = createHash('sha256').update(bytes).digest('hex');
  expect(isSigned(first.headers.get('signalbox-signature') ?? '', key, facts(first, digest))).toBe(true);
  const again = await fetch(`${edge.url}/api/v1/health?view=routing`, {
    headers: { 'if-none-match': first.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
  expect(isSigned(again.headers.get('signalbox-signature') ?? '', key, facts(again, '304'))).toBe(true);
  expect(isSigned(again.headers.get('signalbox-signature') ?? '', key, facts(again, digest))).toBe(false);
});

test('the read-only tools answer over MCP', async () => {
  const call = async (method: string, params: object = {}) =>
    (await (
      await send('/mcp', JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), adminToken)
    ).json()) as { result: Record<string, never>; error?: { code: number } };
  expect((await call('initialize')).result.serverInfo).toMatchObject({ name: 'signalbox' });
  expect(
    ((await call('tools/list')).result.tools as unknown as { name: string }[]).map((t) => t.name),
  ).toEqual(['status', 'explain', 'usable_routes']);
  for (const [name, input] of [
    ['status', {}],
    ['explain', { status: 429, body: 'rate limited' }],
    ['usable_routes', {}],
  ] as const) {
    const { content } = (await call('tools/call', { name, arguments: input })).result as unknown as {
      content: { text: string }[];
    };
    expect(content[0]?.text.length, name).toBeGreaterThan(10);
  }
  expect((await call('tools/call', { name: 'constructor' })).error?.code).toBe(-32_602);
});
