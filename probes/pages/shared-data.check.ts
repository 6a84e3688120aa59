import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeText, parseJson } from '#lib/core/loose.ts';
import { claimOfEndpoint, readEndpointList } from '../kinds/endpoint-list.ts';
import type { PageAddress, PageFacts, PageState } from './page.ts';
import { type PlatformId, platforms } from './table.ts';

/** Parsers against payloads recorded from the real pages. The folder is an argument; without it there is nothing to check. */
interface Case {
  file: string;
  platform: PlatformId;
  url: string;
  endpoints?: string[];
  components?: string[];
  region?: string;
  nowIso: string;
  beside?: string[];
  encode?: 'utf16le' | 'utf16be';
  expect: (facts: PageFacts) => string | null;
}

const states = (facts: PageFacts): PageState[] => facts.components.map((c) => c.state);
const stateNamed = (facts: PageFacts, name: string): PageState | undefined =>
  facts.components.find((c) => c.name === name)?.state;
const all = (state: PageState) => (facts: PageFacts) =>
  facts.components.length > 0 && states(facts).every((s) => s === state) ? null : `not all ${state}`;
const must = (isTrue: boolean, what: string): string | null => (isTrue ? null : what);

const cases: Case[] = [
  {
    file: 'openrouter/status/config.json.2026-09-12.datadog.json',
    platform: 'datadog',
    url: 'https://status.openrouter.ai',
    nowIso: '2026-09-12T08:00:00Z',
    expect: (f) =>
      must(
        f.components.length === 7 && states(f).every((s) => s === 'operational'),
        'seven green components',
      ) ??
      must(f.notices.length > 0 && f.notices.every((n) => n.status === 'resolved'), 'resolved notices') ??
      must(
        f.notices.some((n) => n.impact === 'degraded'),
        'impact out of the timeline',
      ) ??
      must(!f.notices.some((n) => n.title === 'Backfill'), 'no placeholder'),
  },
  {
    file: 'openrouter/status/incidents.rss.2026-09-03.onlineornot.trimmed.xml',
    platform: 'onlineornot',
    url: 'https://status.openrouter.ai',
    nowIso: '2026-08-28T02:16:00Z',
    expect: (f) => must(f.notices.map((n) => n.status).join() === 'resolved,investigating', 'statuses'),
  },
  {
    file: 'status/recorded/anthropic-statuspage-summary.operational.2026-09-03.json',
    platform: 'statuspage',
    url: 'https://status.claude.com',
    nowIso: '2026-09-03T18:00:00Z',
    expect: all('operational'),
  },
  {
    file: 'status/recorded/cloudflare-statuspage-summary.minor.2026-09-12.json',
    platform: 'statuspage',
    url: 'https://www.cloudflarestatus.com',
    nowIso: '2026-09-12T08:00:00Z',
    expect: (f) =>
      must(stateNamed(f, 'Replicate') === 'operational', 'Replicate green') ??
      must(
        f.notices[0]?.status === 'identified' && f.notices[0].components[0] === 'Tunnel',
        'open incident',
      ) ??
      must(
        f.notices.some((n) => n.kind === 'maintenance' && n.status === 'scheduled'),
        'scheduled maintenance',
      ),
  },
  {
    file: 'status/recorded/together-betterstack-index.2026-09-04.json',
    platform: 'betterstack',
    url: 'https://status.together.ai',
    nowIso: '2026-09-04T11:00:00Z',
    expect: (f) =>
      all('operational')(f) ??
      must(
        f.notices.every((n) => n.status === 'resolved'),
        'closed report',
      ),
  },
  {
    file: 'status/recorded/deepseek-flashcat-summary-active.2026-09.json',
    platform: 'flashcat',
    url: 'https://status.deepseek.com',
    endpoints: ['https://status.deepseek.com/api/status-page/6410630422455/summary/active'],
    nowIso: '2026-09-05T00:00:00Z',
    expect: all('operational'),
  },
  {
    file: 'status/recorded/mistral-checkly-uptime.2026-09-04.json',
    platform: 'checkly',
    url: 'https://status.mistral.ai',
    endpoints: ['https://status.mistral.ai/api/status-page/mistral-ai/uptime'],
    nowIso: '2026-09-04T08:00:00Z',
    expect: (f) => all('operational')(f) ?? must(f.notices.length === 2, 'two events'),
  },
  {
    file: 'status/recorded/google-cloud-incidents.closed.2026-09.json',
    platform: 'google-cloud',
    url: 'https://status.cloud.google.com',
    nowIso: '2026-09-04T08:00:00Z',
    expect: (f) =>
      all('operational')(f) ?? must(f.notices[0]?.impact === 'degraded', 'information is degraded'),
  },
  ...(['utf16le', 'utf16be'] as const).map(
    (encode): Case => ({
      file: 'status/recorded/aws-health-currentevents.2026-09.json',
      platform: 'aws-health',
      url: 'https://health.aws.amazon.com/health/status',
      region: 'us-east-1',
      encode,
      nowIso: '2026-09-04T08:00:00Z',
      expect: all('operational'),
    }),
  ),
  {
    file: 'status/shape/azure-feed.empty.rss',
    platform: 'azure',
    url: 'https://azure.status.microsoft/en-us/status',
    nowIso: '2026-11-20T10:21:00Z',
    beside: ['status/recorded/azure-status-rows.2026-09.html'],
    expect: (f) => must(stateNamed(f, 'Azure OpenAI Service') === 'operational', 'good where offered'),
  },
  {
    file: 'status/recorded/xai-feed.resolved.2026-09-03.xml',
    platform: 'xai',
    url: 'https://status.x.ai',
    nowIso: '2026-09-03T17:20:00Z',
    expect: all('operational'),
  },
  {
    file: 'status/shape/xai-feed.active.xml',
    platform: 'xai',
    url: 'https://status.x.ai',
    nowIso: '2026-11-20T10:21:00Z',
    expect: (f) => must(stateNamed(f, 'API (us-east-1)') === 'major_outage', 'outage of the named component'),
  },
  {
    file: 'status/recorded/alibaba-events.2026.json',
    platform: 'alibaba',
    url: 'https://status.alibabacloud.com',
    nowIso: '2026-09-01T00:00:00Z',
    expect: (f) => all('operational')(f) ?? must(f.notices.length === 4, 'four events'),
  },
  {
    file: 'status/recorded/perplexity-instatus-summary.2026-09-04.json',
    platform: 'instatus',
    url: 'https://status.perplexity.com',
    nowIso: '2026-09-04T00:00:00Z',
    beside: ['status/recorded/perplexity-instatus-v2-components.2026-09-04.json'],
    expect: (f) => all('operational')(f) ?? must(f.components.length === 3, 'three components'),
  },
  {
    file: 'status/shape/instatus-summary.hasissues.json',
    platform: 'instatus',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: (f) =>
      all('degraded')(f) ??
      must(
        f.notices[0]?.impact === 'major_outage' &&
          f.notices[0].startedAtMs === Date.parse('2026-11-20T10:00:00Z'),
        'JavaScript date',
      ),
  },
  {
    file: 'status/recorded/gatus-endpoints-statuses.json',
    platform: 'gatus',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: all('major_outage'),
  },
  {
    file: 'status/shape/statuspage-summary.degraded.json',
    platform: 'statuspage',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: (f) =>
      must(states(f).join() === 'degraded,maintenance,operational', 'no group heading among components'),
  },
  {
    file: 'status/shape/incidentio-proxy-summary.json',
    platform: 'incident.io',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: (f) =>
      must(states(f).join() === 'operational,degraded,major_outage', 'hidden dropped, outage read'),
  },
  {
    file: 'status/shape/incidentio-compat-summary.degraded.json',
    platform: 'statuspage',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: (f) => must(states(f).join() === 'degraded,operational,degraded', 'components'),
  },
  {
    file: 'status/shape/betterstack-index.downtime.json',
    platform: 'betterstack',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: (f) =>
      must(states(f).join() === 'major_outage,operational,unknown', 'down, up and not monitored'),
  },
  {
    file: 'status/shape/google-cloud-incidents.open.json',
    platform: 'google-cloud',
    url: 'https://status.cloud.google.com',
    nowIso: '2026-11-20T10:21:00Z',
    expect: all('partial_outage'),
  },
  {
    file: 'status/shape/statuspage-history.atom',
    platform: 'history.atom',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: (f) =>
      must(f.notices.map((n) => n.status).join() === 'monitoring,resolved', 'newest word of each entry'),
  },
  {
    file: 'status/shape/incidentio-history.atom',
    platform: 'history.atom',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: (f) => must(f.notices.map((n) => n.status).join() === 'investigating,resolved', 'status lines'),
  },
  {
    file: 'status/shape/uptime-kuma-status-page.json',
    platform: 'uptime-kuma',
    url: 'https://status.example.test/status/example',
    nowIso: '2026-11-20T10:21:00Z',
    beside: ['status/shape/uptime-kuma-heartbeat.json'],
    expect: (f) => must(states(f).join() === 'major_outage,maintenance', 'last beats'),
  },
  {
    file: 'status/shape/cachet-v2-components.json',
    platform: 'cachet2',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: all('major_outage'),
  },
  {
    file: 'status/shape/cachet-v3-components.json',
    platform: 'cachet3',
    url: 'https://status.example.test',
    nowIso: '2026-11-20T10:21:00Z',
    expect: all('major_outage'),
  },
];

/** Complaints, one line each; null where the folder is absent. */
export function checkSharedData(folder: string): string[] | null {
  if (!existsSync(join(folder, 'status'))) return null;
  return [...cases.flatMap((c) => checkPage(folder, c)), ...checkEndpoints(folder)];
}

function checkPage(folder: string, c: Case): string[] {
  const name = `${c.platform} ${c.file}${c.encode ? ` ${c.encode}` : ''}`;
  const page: PageAddress = {
    url: new URL(c.url),
    endpoints: c.endpoints ?? [],
    components: c.components ?? [],
    region: c.region ?? null,
    nowMs: Date.parse(c.nowIso),
  };
  if (platforms[c.platform].documents(page).length === 0) return [`${name}: no document to ask for`];
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const first = c.encode ? decodeText(encodeUtf16(read(c.file), c.encode)) : read(c.file);
  const facts = platforms[c.platform].read([first, ...(c.beside ?? []).map(read)], page);
  const complaint = facts ? c.expect(facts) : 'not readable';
  return complaint ? [`${name}: ${complaint} (${facts ? states(facts).join() : ''})`] : [];
}

function encodeUtf16(text: string, encoding: 'utf16le' | 'utf16be'): Uint8Array {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return encoding === 'utf16be' ? bytes.swap16() : bytes;
}

function checkEndpoints(folder: string): string[] {
  const files = ['deepseek-v4.1-flash.2026-10', 'gpt-4o.2026-09'].map(
    (f) => `openrouter/endpoints/${f}.unauthenticated.json`,
  );
  const out: string[] = [];
  for (const file of files) {
    const path = join(folder, file);
    const list = existsSync(path) ? readEndpointList(parseJson(readFileSync(path, 'utf8')), 'm') : null;
    if (!list || list.length === 0) out.push(`${file}: no endpoints`);
    else if (list.some((e) => e.uptime30m !== null && claimOfEndpoint(e).status === 'unknown'))
      out.push(`${file}: unknown`);
  }
  return out;
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (!folder) {
    console.error('usage: node probes/pages/shared-data.check.ts FOLDER');
    process.exit(64);
  }
  const complaints = checkSharedData(folder);
  if (complaints === null) console.log(`${folder} is not there: nothing checked`);
  else if (complaints.length === 0) console.log(`${cases.length} recorded pages read as they should be`);
  for (const complaint of complaints ?? []) console.error(complaint);
  process.exitCode = complaints?.length ? 1 : 0;
}
