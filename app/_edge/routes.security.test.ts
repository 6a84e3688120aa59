import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { guards } from './guards.ts';
import { projectDir } from './prepare-pages.ts';

/** Every address there is and who may use it, written down a second time: one that is not here fails the build. */
const anonymous = `
GET /api/v1/health
GET /api/v1/health/stream
GET /api/v1/health/targets/{id}
GET /probe/{id}
GET /api/v1/export/{format}
GET /schemas/health/1.0.json
GET /signalbox.schema.json
GET /.well-known/signalbox-keys.json
POST /mcp
GET /openapi.json
GET /status.json
GET /status.txt
GET /badge.svg
GET /badge.json
GET /feed.atom
GET /feed.rss
GET /feed.json
GET /maintenance.ics
GET /api/v2/summary.json
GET /api/v2/status.json
GET /api/v2/components.json
GET /api/v2/incidents.json
GET /api/v2/incidents/unresolved.json
GET /api/v2/scheduled-maintenances.json
GET /api/v2/scheduled-maintenances/active.json
GET /api/v2/scheduled-maintenances/upcoming.json
GET /healthz
GET /readyz
GET /metrics
GET /api/v1/targets
GET /api/v1/observations
GET /api/v1/series
GET /api/v1/availability
GET /api/v1/report
GET /api/v1/incidents
GET /api/v1/maintenance
GET /api/v1/incidents/{id}
GET /api/v1/events
GET /api/v1/catalog/events
POST /api/v1/explain
POST /api/v1/subscriptions
POST /admin/login
POST /explain
POST /subscribe
GET /admin
GET /admin/{tab}
GET /zh/admin
GET /zh/admin/{tab}
`;
/** The token in the path is the authority, and for that one thing only. */
const byPath = `
GET /api/push/{token}
POST /api/push/{token}
GET /api/v1/heartbeats/{token}
POST /api/v1/heartbeats/{token}
GET /subscriptions/confirm/{token}
POST /subscriptions/confirm/{token}
GET /subscriptions/manage/{token}
POST /subscriptions/manage/{token}
GET /subscriptions/unsubscribe/{token}
POST /subscriptions/unsubscribe/{token}
GET /acknowledge/{token}
POST /acknowledge/{token}
`;
const byKey = `
POST /api/v1/incidents
POST /api/v1/incidents/{id}/acknowledge
POST /api/v1/incidents/{id}/merge
POST /api/v1/incidents/{id}/notes
POST /api/v1/incidents/{id}/split
POST /api/v1/looks
POST /api/v1/observations
POST /v1/traces
`;
const lines = (text: string) => text.trim().split('\n');
const listed = [...lines(anonymous), ...lines(byPath), ...lines(byKey)];
const table = Object.entries(guards).map(([line, guard]) => ({ line, access: JSON.stringify(guard.access) }));

const hasPages = existsSync(join(projectDir, '.next', 'BUILD_ID'));
let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({ scene: 'partial' });
});
afterAll(() => edge.stop());

function ask(line: string, headers: Record<string, string> = {}) {
  const [method = 'GET', path = '/'] = line.split(' ');
  const body = method === 'GET' ? {} : { body: '{}' };
  return fetch(edge.url + path.replace(/\{\w+\}/g, 'x'), {
    method,
    redirect: 'manual',
    headers: { origin: edge.url, 'content-type': 'application/json', ...headers },
    ...body,
  });
}

// Seen red with a public line added to the table, and with one of the admin's made public.
describe('every route with its guard', () => {
  it('U15: what is open to everybody is exactly what is listed here', () => {
    const open = table.filter(({ access }) => access === '"public"').map(({ line }) => line);
    const known = new Set(listed);
    expect(open.filter((line) => !known.has(line))).toEqual([]);
    const closed = table.filter(({ access }) => access !== '"public"').map(({ line }) => line);
    const isPublicList = new Set([...lines(anonymous), ...lines(byPath)]);
    expect(closed.filter((line) => isPublicList.has(line))).toEqual([]);
    expect(lines(byKey).filter((line) => !closed.includes(line))).toEqual([]);
  });

  it('U15: without a key, with a wrong one and with a foreign session everything else is refused', async () => {
    for (const { line } of table.filter(({ access }) => access !== '"public"'))
      for (const headers of [{}, { authorization: 'Bearer sb_live_x_y' }, { cookie: 'sb=guessed' }]) {
        const { status } = await ask(line, headers as Record<string, string>);
        const isRefused = [401, 403, 429].includes(status) || (line.startsWith('GET ') && status === 303);
        expect(isRefused, `${line} answered ${status}`).toBe(true);
      }
  });

  it('U15: no page of the framework is an endpoint or an action', () => {
    const files = readdirSync(join(projectDir, 'app'), { recursive: true }).map(String);
    const special = files.filter((file) =>
      /(^|\/)(route|middleware|proxy|instrumentation)\.[jt]sx?$/.test(file),
    );
    expect(special.filter((file) => !file.endsWith('sitemap.xml/route.ts'))).toEqual([]);
  });

  it.skipIf(!hasPages)(
    'U15: the admin’s pages show whoever is not signed in nothing but a door',
    async () => {
      const other = await startEdge({ scene: 'partial', web: { nextDir: projectDir } });
      try {
        for (const path of ['/admin', '/admin/incidents', '/zh/admin', '/admin/channels']) {
          const html = await (await fetch(other.url + path, { headers: { cookie: 'sb=guessed' } })).text();
          expect(html.includes('action="/admin/login"'), path).toBe(true);
          expect(/action="\/admin\/(?!login)/.test(html), path).toBe(false);
        }
      } finally {
        await other.stop();
      }
    },
  );

  it('U14: nothing changes by GET, whatever stands in the path', async () => {
    const before = JSON.stringify(edge.store.people.receivers());
    const { seq } = edge.store.events.position();
    for (const { line } of table.filter((one) => one.line.startsWith('GET ') && one.line.includes('{')))
      await (await ask(line)).text();
    expect(JSON.stringify(edge.store.people.receivers())).toBe(before);
    expect(edge.store.events.position().seq).toBe(seq);
  });

  it('U13: SQL and template strings are text or a 400 in every parameter', async () => {
    const odd = [
      "' or 1=1 --",
      '{{7*7}}',
      '%00',
      '${jndi:ldap://x}',
      '../../etc/passwd',
      '"; drop table looks',
    ];
    const statuses = new Set<number>();
    for (const [line, guard] of Object.entries(guards)) {
      if (!line.startsWith('GET ') || guard.access !== 'public' || line.includes('stream')) continue;
      for (const name of Object.keys(guard.query)) {
        const text = encodeURIComponent(odd[(name.length + line.length) % odd.length] as string);
        const path = line.slice(4).replace(/\{\w+\}/g, text);
        const response = await fetch(`${edge.url}${path}?${name}=${text}`, { redirect: 'manual' });
        statuses.add(response.status);
        expect(response.status, `${path}?${name}=${text}`).toBeLessThan(500);
        const type = response.headers.get('content-type') ?? '';
        const body = await response.text();
        if (type.includes('html')) expect(body).not.toContain('drop table looks"');
        expect(body, path).not.toMatch(/SQLITE|no such (table|column)|syntax error/);
      }
    }
    expect(statuses).toContain(400);
  });
});
