import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { blankObservation } from '#lib/core/observation.ts';
import { emptyPlan } from '#lib/core/plan.ts';
import { targetId } from '#lib/core/target.ts';
import { adminToken, type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import type { Guard } from './guard.ts';
import { guards } from './guards.ts';

let edge: EdgeUnderTest;
type Json = Record<string, never> & Record<string, unknown>;

beforeAll(async () => {
  edge = await startEdge({
    scene: 'partial',
    config: { chains: { chat: ['openrouter/any/openai/gpt-5-nano', 'direct/anthropic/claude-haiku-4-5'] } },
  });
});
afterAll(() => edge.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(edge.url + path, { headers });

function filled(path: string): string {
  const { routes, incidents } = edge.scene.facts;
  return path
    .replace('/incidents/{id}', `/incidents/${incidents[0]?.id}`)
    .replace('{format}', 'openrouter')
    .replace('{id}', routes[0]?.targetId ?? '');
}

function needed(path: string): string {
  const key = edge.scene.facts.fleet.find((w) => w.probe === 'completion')?.key ?? '';
  return /observations|series/.test(path) ? `?target=${encodeURIComponent(key)}` : '';
}

function validators() {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (a: Ajv2020) => void)(ajv);
  return ajv;
}

test('every described address answers, and every answer fits its schema', async () => {
  const description = (await (await get('/openapi.json')).json()) as Json & {
    paths: Record<
      string,
      Record<
        string,
        { responses: Record<string, { content?: Record<string, { schema?: { $ref: string } }> }> }
      >
    >;
  };
  const ajv = validators();
  ajv.addSchema(description, 'api');
  for (const [path, methods] of Object.entries(description.paths)) {
    if (!methods.get || path.endsWith('/stream')) continue;
    for (const [type, { schema }] of Object.entries(methods.get.responses['200']?.content ?? {})) {
      const answer = await get(filled(path) + needed(path), {
        accept: type,
        authorization: `Bearer ${adminToken}`,
      });
      const body = await answer.text();
      expect([200, 503], `${path} as ${type}: ${body.slice(0, 300)}`).toContain(answer.status);
      expect(answer.headers.get('content-type'), path).toContain(type);
      if (!schema) continue;
      const check = ajv.getSchema(`api${schema.$ref}`);
      expect(check, schema.$ref).toBeDefined();
      expect(check?.(JSON.parse(body)) ? [] : check?.errors, path).toEqual([]);
    }
  }
});

test('the description stands on its own: every pointer leads somewhere, and no two operations share a name', async () => {
  const description = (await (await get('/openapi.json')).json()) as Json;
  const lookUp = (pointer: string) =>
    pointer
      .slice(2)
      .split('/')
      .reduce<unknown>(
        (at, key) => (at as Json | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')],
        description,
      );
  const pointers = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)].map((m) => m[1] as string);
  expect(pointers.length).toBeGreaterThan(50);
  for (const pointer of pointers) expect(lookUp(pointer), pointer).toBeDefined();
  expect(JSON.stringify(description)).not.toContain('"$id"');
  const names = [...JSON.stringify(description).matchAll(/"operationId":"([^"]+)"/g)].map((m) => m[1]);
  expect(new Set(names).size).toBe(names.length);
});

test('U15: every public line of the guard table is described, so nothing answers unseen', () => {
  const undescribed = Object.entries(guards as Record<string, Guard>).filter(([, guard]) => !guard.about);
  expect(undescribed.filter(([, guard]) => guard.isCors)).toEqual([]);
});

test('a chain is probed like a target: in while a step is, and out with its last', async () => {
  const chains = { chat: ['openrouter/any/openai/gpt-5-nano', 'direct/anthropic/claude-haiku-4-5'] };
  const own = await startEdge({ scene: 'calm', config: { chains } });
  const answered = async (id: string) => {
    const answer = await fetch(`${own.url}/probe/${id}`);
    return [answer.status, (await answer.text()).trim()];
  };
  const [all, ids] = [
    own.store.looks.current().routes,
    own.web.edge.live.facts().chains[0]!.steps.map(targetId),
  ];
  const setOut = async (outIds: string[]) => {
    const routes = ids.map((id) => {
      const route = all.find((one) => one.targetId === id) ?? { ...all[0]!, targetId: id };
      const state = outIds.includes(id) ? ('open' as const) : ('closed' as const);
      return { ...route, circuit: { ...route.circuit, state } };
    });
    const nothing = { components: [], incidents: [], events: [], guard: null, asks: [] };
    own.store.looks.advance(own.nowMs(), () => ({ ...nothing, routes }));
    const open = () => own.web.edge.live.facts().routes.filter((r) => r.circuit.state === 'open').length;
    await vi.waitFor(() => expect(open()).toBe(outIds.length));
  };
  try {
    expect(await answered('chat')).toEqual([200, 'step 1 of 2']);
    expect(await answered('chain:chat')).toEqual([200, 'step 1 of 2']);
    await setOut(ids.slice(0, 1));
    expect(await answered('chat')).toEqual([200, 'step 2 of 2']);
    await setOut(ids);
    expect(await answered('chat')).toEqual([503, 'no step left']);
    expect(await answered(`chat?pool=${ids.join(',')}`)).toEqual([200, 'last of its pool']);
  } finally {
    await own.stop();
  }
});

test('whoever may read the answers may read the problems', async () => {
  for (const path of ['/api/v1/health?colour=blue', '/api/v1/incidents/none', '/api/v1/health/targets/none'])
    expect((await get(path)).headers.get('access-control-allow-origin'), path).toBe('*');
});

test('one target answers 304 until something is different, with its freshness', async () => {
  const path = `/api/v1/health/targets/${edge.scene.facts.routes[0]?.targetId}`;
  const first = await get(path);
  edge.store.upkeep.beat({ atMs: edge.nowMs(), startedAtMs: 0, vantage: 'local', facts: {} });
  edge.web.edge.live.look();
  const again = await get(path, { 'if-none-match': first.headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
  expect(again.headers.get('signalbox-valid-until')).toMatch(/^\d{4}-/);
});

test('nothing but ids and addresses gets into a file that a proxy reads', async () => {
  const id = edge.scene.facts.routes[0]?.targetId ?? '';
  const ask = (endpoint: string) => get(`/api/v1/export/nginx?endpoint=${encodeURIComponent(endpoint)}`);
  expect(await (await ask(`${id}@127.0.0.1:9101`)).text()).toContain('server 127.0.0.1:9101');
  for (const wrong of [
    `${id}\nserver 10.0.0.1:80;@127.0.0.1:9101`,
    `${id}@10.0.0.1;:80`,
    'x@:1',
    '@1.1.1.1:1',
  ])
    expect((await ask(wrong)).status, wrong).toBe(400);
});

test('a wrong parameter is a problem that names it', async () => {
  const answer = await get('/api/v1/health?circuit=ajar&colour=blue');
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await answer.json()) as Json & { errors: { parameter: string }[] };
  expect(problem.errors.map((e) => e.parameter)).toEqual(['circuit', 'colour']);
  expect(problem.instance).toBe('/api/v1/health');
});

test('an unknown target is a 404 problem, and a probe of one is usable', async () => {
  expect((await get('/api/v1/health/targets/none:none:none')).status).toBe(404);
  expect((await get('/probe/none:none:none')).status).toBe(200);
});

test('the target is also told as application/health+json, and the status stays 200 when it fails', async () => {
  const failing = edge.scene.facts.routes.find((r) => r.state === 'down') ?? edge.scene.facts.routes[0];
  const answer = await get(`/api/v1/health/targets/${failing?.targetId}`, {
    accept: 'application/health+json',
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/health+json');
  expect((await get(`/api/v1/health/targets/${failing?.targetId}`, { accept: 'text/html' })).status).toBe(
    406,
  );
});

test('the two views and the filters agree on what is in them', async () => {
  const full = (await (await get('/api/v1/health?limit=1000')).json()) as {
    targets: { id: string; provider: string }[];
  };
  const routing = (await (await get('/api/v1/health?view=routing&limit=1000')).json()) as typeof full;
  expect(routing.targets.map((t) => t.id)).toEqual(full.targets.map((t) => t.id));
  const one = (await (await get('/api/v1/health?view=routing&provider=GROQ')).json()) as typeof full;
  expect(new Set(one.targets.map((t) => t.provider.split('/')[0]))).toEqual(new Set(['groq']));
});

test('pages of the feed follow each other without a gap', async () => {
  const ids: string[] = [];
  let cursor: string | null = '0';
  while (cursor !== null) {
    const part = (await (await get(`/api/v1/health?limit=7&cursor=${cursor}`)).json()) as {
      targets: { id: string }[];
      page: { next_cursor: string | null };
    };
    ids.push(...part.targets.map((t) => t.id));
    cursor = part.page.next_cursor;
  }
  expect(ids).toEqual(edge.scene.facts.routes.map((r) => r.targetId).sort());
});

test('a page begins after the last one, whatever came or went before it', async () => {
  type Part = { targets: { id: string }[]; page: { next_cursor: string } };
  const ask = async (cursor: string) =>
    (await (await get(`/api/v1/health?view=routing&limit=2${cursor}`)).json()) as Part;
  const { page } = await ask('');
  const before = (await ask(`&cursor=${page.next_cursor}`)).targets;
  const gone = edge.scene.facts.routes.map((r) => r.targetId).sort()[0] as string;
  const route = edge.scene.facts.routes.find((r) => r.targetId === gone);
  if (!route) throw new Error('the scene is empty');
  const write = (removed: boolean) =>
    edge.store.looks.advance(edge.nowMs(), () => ({ ...emptyPlan, routes: [{ ...route, removed }] }));
  write(true);
  await expect.poll(async () => (await ask('')).targets[0]?.id).not.toBe(gone);
  expect((await ask(`&cursor=${page.next_cursor}`)).targets).toEqual(before);
  write(false);
  await expect.poll(async () => (await ask('')).targets[0]?.id).toBe(gone);
  expect((await get('/api/v1/health?cursor=%20')).status).toBe(400);
});

test('an unchanged feed answers 304 with fresh headers, and garbage tags change nothing', async () => {
  const first = await get('/api/v1/health?view=routing');
  const tag = first.headers.get('etag') ?? '';
  const again = await get('/api/v1/health?view=routing', { 'if-none-match': `"x", ${tag}` });
  expect(again.status).toBe(304);
  for (const name of ['etag', 'cache-control', 'signalbox-seq', 'signalbox-valid-until'])
    expect(again.headers.get(name), name).not.toBeNull();
  expect((await get('/api/v1/health?view=routing', { 'if-none-match': 'W/W/""",,"' })).status).toBe(200);
});

test('writing without a token is refused, and a token without the scope too', async () => {
  const body = JSON.stringify({ targets: 'all' });
  const post = (headers: Record<string, string>) =>
    fetch(`${edge.url}/api/v1/looks`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  expect((await post({})).status).toBe(401);
  expect((await post({ authorization: 'Bearer wrong-wrong-wrong' })).status).toBe(401);
  const accepted = await post({ authorization: `Bearer ${adminToken}` });
  expect(accepted.status).toBe(202);
  expect(edge.store.people.claimIntents(10, edge.nowMs()).map((i) => i.kind)).toEqual(['look_now']);
});

test('a pasted error is explained, and a wrong body names its field', async () => {
  const explain = (body: unknown) =>
    fetch(`${edge.url}/api/v1/explain`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  const answer = (await (
    await explain({ status: 402, body: '{"error":{"message":"Insufficient credits","code":402}}' })
  ).json()) as { title: string; seen_now: unknown };
  expect(answer.title.length).toBeGreaterThan(3);
  expect(answer.seen_now).toBeDefined();
  const wrong = await explain({ status: 'four hundred' });
  expect(wrong.status).toBe(422);
  expect(((await wrong.json()) as { errors: { field: string }[] }).errors[0]?.field).toBe('status');
});

test('pages of looks go back in time, whatever is looked at meanwhile', async () => {
  const [route] = edge.scene.facts.routes;
  if (!route) throw new Error('the scene is empty');
  const looked = (atMs: number) =>
    edge.store.looks.record(
      [
        {
          observation: blankObservation({ atMs, vantage: 'fra1', probe: 'completion', target: route.target }),
          found: [],
        },
      ],
      () => ({ outcome: 'ok', plan: emptyPlan }),
    );
  const startMs = edge.nowMs() - 100_000;
  for (let i = 0; i < 9; i++) looked(startMs + i * 1_000);
  type Part = { data: { at: string }[]; page: { next_cursor: string | null } };
  const read: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const path = `/api/v1/observations?target=${encodeURIComponent(route.targetId)}&limit=4${cursor && `&cursor=${cursor}`}`;
    const part = (await (await get(path)).json()) as Part;
    read.push(...part.data.map((look) => look.at));
    cursor = part.page.next_cursor;
    looked(startMs + 20_000 + read.length * 1_000);
  }
  expect(read.slice(0, 9)).toEqual(
    Array.from({ length: 9 }, (_, i) => new Date(startMs + (8 - i) * 1_000).toISOString()),
  );
  expect(new Set(read).size).toBe(read.length);
});
