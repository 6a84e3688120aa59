import { afterEach, describe, expect, test } from 'vitest';
import { genericFixtures } from '#lib/testing/page-fixtures.ts';
import { type PageServer, startPage } from '#lib/testing/page-server.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { startSim } from '../sim/main.ts';
import { official } from './official.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function page(documents: PageServer['documents'], options = {}): Promise<PageServer> {
  const server = await startPage(documents, options);
  open.push(server);
  return server;
}

function target(baseUrl: string, dialect: string | null = null, options: Record<string, unknown> = {}) {
  return watchedTarget(
    'official',
    { gateway: 'openrouter', provider: null, model: null },
    { baseUrl, dialect, options },
  );
}

/** A clock that has moved on, so that the pause between two looks is over. */
function later(seconds: number) {
  return { nowMs: () => Date.now() + seconds * 1000, monoMs: () => performance.now(), stallSince: () => 0 };
}

describe('a page without a hint', () => {
  test.each(genericFixtures)('is recognised as $platform', async ({ platform, documents, components }) => {
    const server = await page(documents);
    const { observation, found } = await official(target(server.url), probeIo({ timeoutMs: 5_000 }));
    expect(found?.[0]).toMatchObject({ kind: 'notices', page: 'openrouter', platform });
    const claims = Object.fromEntries((observation.claims ?? []).map((c) => [c.component, c.status]));
    expect(claims).toEqual(components);
    expect(observation).toMatchObject({ fault: null, status: 200, keyed: false });
  });
});

test('an HTML shell with 200 on every path is unknown, never green', async () => {
  const server = await page({});
  const { observation, found } = await official(target(server.url, 'statuspage'), probeIo());
  expect(observation).toMatchObject({ fault: 'malformed', claims: [{ status: 'unknown' }] });
  expect(found).toBeUndefined();
});

test('a page that has moved to other software is detected after two failures', async () => {
  const moved = genericFixtures.find((f) => f.platform === 'betterstack');
  const server = await page({
    '/api/v2/summary.json': JSON.stringify({
      page: {},
      components: [{ name: 'API', status: 'operational' }],
    }),
  });
  const io = probeIo();
  expect((await official(target(server.url, 'statuspage'), io)).observation.claims?.[0]?.status).toBe(
    'operational',
  );
  server.documents = moved?.documents ?? {};
  const seen: (string | undefined)[] = [];
  for (let i = 1; i <= 3; i++) {
    const look = await official(target(server.url, 'statuspage'), { ...io, clock: later(i * 60) });
    seen.push(look.observation.claims?.[0]?.status);
  }
  expect(seen).toEqual(['unknown', 'unknown', 'degraded']);
});

test('a known copy is asked for conditionally, and an unchanged page keeps what it said', async () => {
  const fixture = genericFixtures.find((f) => f.platform === 'statuspage');
  const server = await page(fixture?.documents ?? {}, { hasValidators: true });
  const io = probeIo();
  await official(target(server.url, 'statuspage'), io);
  const { observation } = await official(target(server.url, 'statuspage'), { ...io, clock: later(60) });
  expect(server.requests.at(-1)?.headers['if-none-match']).toBeDefined();
  expect(observation).toMatchObject({ status: 304, fault: null });
  expect(observation.claims?.[0]).toMatchObject({ component: 'API', status: 'partial_outage' });
});

test('asked twice within a minute, one request is made', async () => {
  const fixture = genericFixtures.find((f) => f.platform === 'statuspage');
  const server = await page(fixture?.documents ?? {});
  const io = probeIo();
  await official(target(server.url, 'statuspage'), io);
  const { observation } = await official(target(server.url, 'statuspage'), { ...io, why: 'confirm' });
  expect(server.requests).toHaveLength(1);
  expect(observation).toMatchObject({ status: null, edge: { cache: 'OWN' } });
});

test('only the components that matter are claimed, when the page still has them', async () => {
  const fixture = genericFixtures.find((f) => f.platform === 'statuspage');
  const server = await page(fixture?.documents ?? {});
  const some = await official(target(server.url, 'statuspage', { components: ['a'] }), probeIo());
  expect(some.observation.claims?.map((c) => c.component)).toEqual(['API']);
  const none = await official(target(server.url, 'statuspage', { components: ['gone'] }), probeIo());
  expect(none.observation.claims).toHaveLength(2);
});

test('the simulated page of OpenRouter is read, incident and all', async () => {
  const sim = await startSim();
  open.push(sim);
  sim.page.declare({
    id: 'i9',
    title: '401 errors',
    status: 'major_outage',
    text: 'Looking.',
    nowMs: Date.now() - 5000,
  });
  const { observation, found } = await official(target(sim.statusUrl, 'datadog'), probeIo());
  expect(observation.claims?.[0]).toMatchObject({ status: 'major_outage' });
  expect(found?.[0]).toMatchObject({
    notices: [{ id: 'i9', status: 'investigating', impact: 'major_outage' }],
  });
});

test('a page that does not answer at all is a fault of the look, with nothing claimed but unknown', async () => {
  const server = await page({});
  await server.close();
  const { observation } = await official(target(server.url), probeIo());
  expect(observation.fault).toBe('refused');
  expect(observation.claims?.[0]?.status).toBe('unknown');
});

test('while software is guessed nothing is kept but the documents of the one that was found', async () => {
  const feed = genericFixtures.find((f) => f.platform === 'datadog');
  const server = await page(feed?.documents ?? {}, { hasValidators: true });
  const io = probeIo({ timeoutMs: 5_000 });
  await official(target(server.url), io);
  const { copies } = io.memory.get('page') as { copies: Map<string, unknown> };
  expect([...copies.keys()]).toEqual([`${server.url}/config.json`]);
});

test.each([
  ['/public/currentevents', '[]', 'aws-health'],
  ['/incidents.json', '[]', 'google-cloud'],
  ['/api/status/listHistoryEvent', '{"success":true,"data":[]}', 'alibaba'],
  [
    '/api/status-page/77/summary/active',
    '{"data":{"page":{"name":"P","components":[{"component_id":"1","name":"API"}]},"active_changes":[]}}',
    'flashcat',
  ],
  [
    '/api/status-page/some-slug/uptime',
    '{"uptime":[{"services":[{"id":"1","name":"API","uptime":100,"days":[]}]}]}',
    'checkly',
  ],
  ['/en-us/status/feed/', '<rss version="2.0"><channel><title>Azure Status</title></channel></rss>', 'azure'],
  ['/any/where/rss', '<rss version="2.0"><channel><title>News</title></channel></rss>', 'rss'],
])(
  'an address that leads to a document is read as what the document is: %s',
  async (path, body, platform) => {
    const server = await page({ [path]: body });
    const { found } = await official(target(server.url + path), probeIo({ timeoutMs: 5_000 }));
    expect(found?.[0]).toMatchObject({ kind: 'notices', platform });
  },
);
