import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeText } from '#lib/core/loose.ts';
import { fixtureNowMs, genericFixtures } from '#lib/testing/page-fixtures.ts';
import { type PageAddress, stateOf } from './page.ts';
import { type PlatformId, platformIds, platforms } from './table.ts';

function address(url: string, more: Partial<PageAddress> = {}): PageAddress {
  return { url: new URL(url), endpoints: [], components: [], region: null, nowMs: fixtureNowMs, ...more };
}

function read(id: PlatformId, texts: string[], page = address('https://status.example')) {
  return platforms[id].read(texts as [string, ...string[]], page);
}

test.each(genericFixtures)('$platform says what its components and incidents are', (f) => {
  const facts = read(f.platform as PlatformId, Object.values(f.documents).map(String).slice(0, 2));
  expect(Object.fromEntries((facts?.components ?? []).map((c) => [c.name, c.state]))).toEqual(f.components);
  expect((facts?.notices ?? []).map((n) => `${n.status} ${n.impact}`)).toEqual(f.notices);
});

const shell = '<!DOCTYPE html><html><head><title>Status</title></head><body></body></html>';
const garbage = [
  '',
  ' ',
  shell,
  'null',
  '[]',
  '{}',
  '42',
  '"text"',
  '{"data":null}',
  '{"components":null}',
  '<rss>',
  '{"page":{',
  '\u0000\u0001',
];
const calmWhenEmpty: Record<string, string[]> = { 'aws-health': ['[]'], 'google-cloud': ['[]'] };

test.each(platformIds)('P5: %s reads neither an HTML shell nor garbage as a page', (id) => {
  for (const text of garbage) {
    if (calmWhenEmpty[id]?.includes(text)) continue;
    const facts = read(id, [text, text]);
    expect(facts?.components.filter((c) => c.state === 'operational') ?? [], `${id} on ${text}`).toEqual([]);
  }
});

test('words of every page map into one vocabulary, and unknown words stay unknown', () => {
  expect(['Operational', 'UP', 'Good', 'recovered'].map(stateOf)).toEqual(Array(4).fill('operational'));
  expect(['degraded performance', 'Information', 'SERVICE_INFORMATION'].map(stateOf)).toEqual(
    Array(3).fill('degraded'),
  );
  expect(['PARTIALOUTAGE', 'SERVICE_DISRUPTION'].map(stateOf)).toEqual(Array(2).fill('partial_outage'));
  expect(['full_outage', 'downtime', 'Critical'].map(stateOf)).toEqual(Array(3).fill('major_outage'));
  expect(['not_monitored', 'Not available', 'fine', '', null, 3].map(stateOf)).toEqual(
    Array(6).fill('unknown'),
  );
});

const bedrockEvent = JSON.stringify([
  {
    arn: 'arn:1',
    date: '1795168800',
    summary: 'Increased error rates',
    event_log: [{ message: 'Looking.', timestamp: 1_795_168_800 }],
    impacted_services: { 'bedrock-us-east-1': { current: '3' } },
  },
  {
    arn: 'arn:2',
    date: '1772369485',
    summary: 'Far away',
    impacted_services: { 'bedrock-me-central-1': { current: '3' } },
  },
]);

test.each(['utf16le', 'utf16be', 'utf8'])('AWS is read in %s, for our region alone', (encoding) => {
  const marked = Buffer.from(`\uFEFF${bedrockEvent}`, encoding === 'utf8' ? 'utf8' : 'utf16le');
  const bytes = encoding === 'utf16be' ? marked.swap16() : marked;
  const text = decodeText(bytes);
  const here = read(
    'aws-health',
    [text],
    address('https://health.aws.amazon.com/health/status', { region: 'us-east-1' }),
  );
  expect(here?.components[0]?.state).toBe('major_outage');
  expect(here?.notices).toHaveLength(1);
  const elsewhere = read(
    'aws-health',
    [text],
    address('https://health.aws.amazon.com/', { region: 'eu-west-1' }),
  );
  expect(elsewhere?.components[0]?.state).toBe('operational');
});

test('Azure counts a region where the service is not offered as neither good nor bad', () => {
  const feed = '<?xml version="1.0"?><rss version="2.0"><channel><title>Azure</title></channel></rss>';
  const row = (labels: string[]): string =>
    `<tr><td>Azure OpenAI Service</td>${labels.map((l) => `<td><span data-label="${l}"></span></td>`).join('')}</tr>`;
  const state = (labels: string[]) => read('azure', [feed, row(labels)])?.components[0]?.state;
  expect(state(['Good', 'Not available'])).toBe('operational');
  expect(state(['Good', 'Warning'])).toBe('degraded');
  expect(state(['Not available'])).toBe('unknown');
});

test('an xAI feed far behind its own promise says nothing', () => {
  const feed = (built: string): string =>
    `<?xml version="1.0"?><rss version="2.0"><channel><title>xAI</title><ttl>30</ttl><lastBuildDate>${built}</lastBuildDate></channel></rss>`;
  expect(read('xai', [feed('Fri, 20 Nov 2026 10:20:00 GMT')])?.components[0]?.state).toBe('operational');
  expect(read('xai', [feed('Thu, 19 Nov 2026 10:20:00 GMT')])?.components[0]?.state).toBe('unknown');
});

test('a DeepInfra document without a fresh time is unknown', () => {
  const at = (iso: string | null) =>
    JSON.stringify({ overallStatus: 'operational', ...(iso ? { generatedAt: iso } : {}) });
  expect(read('deepinfra', [at('2026-11-20T10:15:00Z')])?.components[0]?.state).toBe('operational');
  expect(read('deepinfra', [at('2026-11-20T08:15:00Z')])?.components[0]?.state).toBe('unknown');
  expect(read('deepinfra', [at(null)])?.components[0]?.state).toBe('unknown');
});

test('an open Google incident counts only for the products asked about', () => {
  const list = JSON.stringify([
    {
      id: 'x',
      begin: '2026-11-20T10:00:00Z',
      status_impact: 'SERVICE_OUTAGE',
      affected_products: [{ id: 'p1', title: 'One' }],
    },
  ]);
  const page = (id: string) => address('https://status.cloud.google.com', { components: [id] });
  expect(read('google-cloud', [list], page('p1'))?.components[0]?.state).toBe('major_outage');
  expect(read('google-cloud', [list], page('p2'))?.components[0]?.state).toBe('operational');
});

test('an Alibaba event of another product is a notice and nobody’s state', () => {
  const body = (title: string) =>
    JSON.stringify({ success: true, data: [{ id: 1, title, startTime: 1, endTime: null }] });
  expect(read('alibaba', [body('[Incident] Zone B network')])?.components[0]?.state).toBe('operational');
  expect(read('alibaba', [body('[Incident] Model Studio disruption')])?.components[0]?.state).toBe(
    'partial_outage',
  );
});

test('a Checkly page that admits a partial error is unknown', () => {
  const body = (more: object) =>
    JSON.stringify({ uptime: [{ services: [{ id: '1', name: 'Chat', days: [], uptime: 100 }] }], ...more });
  expect(read('checkly', [body({ partialError: false })])?.components[0]?.state).toBe('operational');
  expect(read('checkly', [body({ partialError: true })])?.components[0]?.state).toBe('unknown');
});

test('Flashcat components named in an active change take its state', () => {
  const body = (changes: unknown) =>
    JSON.stringify({
      data: {
        page: { name: 'Own', components: [{ component_id: 'c1', name: 'API' }] },
        active_changes: changes,
      },
    });
  expect(read('flashcat', [body([])])?.components[0]?.state).toBe('operational');
  const hit = [
    {
      change_id: 1,
      title: 'Errors',
      status: 'investigating',
      components: [{ component_id: 'c1', status: 'full_outage' }],
    },
  ];
  expect(read('flashcat', [body(hit)])?.components[0]?.state).toBe('major_outage');
});

test('a feed that defines entities is not read', () => {
  const bomb =
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><rss><channel><title>&a;</title></channel></rss>';
  expect(read('history.atom', [bomb])).toBeNull();
});

test('a platform is a file and a line: every file that is none of the shared ones stands in the table', () => {
  const shared = ['page.ts', 'xml.ts', 'table.ts', 'read-page.ts', 'shared-data.check.ts'];
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((name) => /\.ts$/.test(name) && !name.endsWith('.test.ts'));
  const table = readFileSync(new URL('table.ts', folder), 'utf8');
  const missing = files.filter((name) => !shared.includes(name) && !table.includes(`from './${name}'`));
  expect(missing).toEqual([]);
});
