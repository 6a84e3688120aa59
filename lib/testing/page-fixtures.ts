/** Our own pages, in the shapes of each platform. `documents` are served at their paths; everything else is an HTML shell. */
export interface PageFixture {
  platform: string;
  documents: Record<string, string | Uint8Array>;
  /** Component name → state. */
  components: Record<string, string>;
  /** Status and impact of each notice. */
  notices: string[];
}

export const fixtureNowMs = Date.parse('2026-11-20T10:21:00Z');
const json = (value: unknown): string => JSON.stringify(value);

export const genericFixtures: PageFixture[] = [
  {
    platform: 'incident.io',
    documents: {
      '/proxy/{host}': json({
        summary: {
          name: 'Own',
          components: [
            { id: 'a', name: 'Chat' },
            { id: 'b', name: 'Search' },
            { id: 'c', name: 'Secret' },
          ],
          affected_components: [{ component_id: 'b', status: 'full_outage' }],
          ongoing_incidents: [
            {
              id: 'i1',
              name: 'Search is gone',
              status: 'identified',
              published_at: '2026-11-20T10:00:00Z',
              affected_components: [
                { component_id: 'b', status: 'full_outage', current_status: 'full_outage' },
              ],
            },
          ],
          structure: { items: [{ component: { component_id: 'c', hidden: true } }] },
        },
      }),
      // The imitation knows less; that the native document wins is the point of the order.
      '/api/v2/summary.json': json({ page: { name: 'Own' }, components: [] }),
    },
    components: { Chat: 'operational', Search: 'major_outage' },
    notices: ['identified major_outage'],
  },
  {
    platform: 'statuspage',
    documents: {
      '/api/v2/summary.json': json({
        page: { name: 'Own' },
        status: { indicator: 'none' },
        components: [
          { id: 'g', name: 'Platform', status: 'major_outage', group: true },
          { id: 'a', name: 'API', status: 'partial_outage', group: false },
          { id: 'b', name: 'Web', status: 'something_new', group: false },
        ],
        incidents: [
          {
            id: 'i1',
            name: 'Errors',
            status: 'monitoring',
            impact: 'critical',
            started_at: '2026-11-20T10:00:00Z',
          },
        ],
      }),
    },
    components: { API: 'partial_outage', Web: 'unknown' },
    notices: ['monitoring major_outage'],
  },
  {
    platform: 'betterstack',
    documents: {
      '/index.json': json({
        data: { type: 'status_page', attributes: { company_name: 'Own' } },
        included: [
          {
            id: '1',
            type: 'status_page_resource',
            attributes: {
              public_name: 'Model A',
              status: 'degraded',
              status_history: [{ status: 'downtime' }],
            },
          },
          {
            id: '9',
            type: 'status_report',
            attributes: {
              title: 'Work',
              report_type: 'maintenance',
              starts_at: '2026-11-20T10:00:00Z',
              ends_at: '2026-11-20T11:00:00Z',
              affected_resources: [{ status_page_resource_id: '1', status: 'maintenance' }],
            },
          },
        ],
      }),
    },
    components: { 'Model A': 'degraded' },
    notices: ['in_progress maintenance'],
  },
  {
    platform: 'instatus',
    documents: {
      '/summary.json': json({ page: { name: 'Own', status: 'UP' } }),
      '/v2/components.json': json({ components: [{ id: '1', name: 'API', status: 'PARTIALOUTAGE' }] }),
    },
    components: { API: 'partial_outage' },
    notices: [],
  },
  {
    platform: 'datadog',
    documents: {
      '/config.json': json({
        domainPrefix: 'own',
        name: 'Own',
        components: [
          {
            id: 'g',
            name: 'Gateway',
            type: 'ComponentGroup',
            components: [{ id: 'c', name: 'Chat', status: 'degraded' }],
          },
          { id: 'w', name: 'Web', status: 'operational' },
        ],
        incidents: [
          { id: 'b', title: 'Backfill', timeline: [] },
          {
            id: 'i',
            title: 'Slow chat',
            currentStatus: 'resolved',
            resolved: true,
            publishedDate: '2026-11-20T09:00:00Z',
            resolvedDate: '2026-11-20T10:00:00Z',
            componentsAffected: [{ id: 'c', name: 'Chat', status: 'operational' }],
            timeline: [
              {
                status: 'resolved',
                startedAt: '2026-11-20T10:00:00Z',
                createdAt: '2026-11-20T10:05:00Z',
                componentsAffected: [{ name: 'Chat', status: 'operational' }],
              },
              {
                status: 'investigating',
                startedAt: '2026-11-20T09:00:00Z',
                createdAt: '2026-11-20T09:10:00Z',
                componentsAffected: [{ name: 'Chat', status: 'major_outage' }],
              },
            ],
          },
        ],
        maintenances: null,
      }),
    },
    components: { Chat: 'degraded', Web: 'operational' },
    notices: ['resolved major_outage'],
  },
  {
    platform: 'history.atom',
    documents: {
      '/history.atom': `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Own</title>
        <entry><id>1</id><title>Partial outage of chat</title><updated>2026-11-20T10:00:00Z</updated>
        <content type="html">&lt;strong&gt;Identified&lt;/strong&gt; - text</content></entry></feed>`,
    },
    components: { Own: 'partial_outage' },
    notices: ['identified partial_outage'],
  },
  {
    platform: 'onlineornot',
    documents: {
      '/incidents.rss': `<?xml version="1.0"?><rss version="2.0"><channel><title>Own</title>
        <item><title>Elevated errors</title><description><![CDATA[<p><strong>RESOLVED</strong> - over</p>]]></description>
        <pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate><link>status.example/incidents/1</link></item></channel></rss>`,
    },
    components: { Own: 'operational' },
    notices: ['resolved degraded'],
  },
  {
    platform: 'uptime-kuma',
    documents: {
      '/api/status-page/default': json({
        config: { slug: 'default', title: 'Own' },
        incidents: [
          {
            id: 1,
            style: 'danger',
            title: 'Down',
            content: '<p>text</p>',
            active: true,
            createdDate: '2026-11-20 10:00:00',
          },
        ],
        publicGroupList: [
          {
            monitorList: [
              { id: 7, name: 'API' },
              { id: 8, name: 'New' },
            ],
          },
        ],
        maintenanceList: [],
      }),
      '/api/status-page/heartbeat/default': json({ heartbeatList: { 7: [{ status: 1 }, { status: 0 }] } }),
    },
    components: { API: 'major_outage', New: 'unknown' },
    notices: ['investigating major_outage'],
  },
  {
    platform: 'gatus',
    documents: {
      '/api/v1/endpoints/statuses?page=1&pageSize=1': json([
        { name: 'api', group: 'core', key: 'core_api', results: [{ success: false }, { success: true }] },
        { name: 'new', key: '_new', results: [] },
      ]),
    },
    components: { 'core / api': 'operational', new: 'unknown' },
    notices: [],
  },
  {
    platform: 'cachet3',
    documents: {
      '/api/components?per_page=100': json({
        data: [
          {
            id: '1',
            type: 'components',
            attributes: { name: 'API', status: { value: 1 }, latest_status: { value: 3 } },
          },
          { id: '2', type: 'components', attributes: { name: 'Web', latest_status: { value: 5 } } },
        ],
      }),
      '/api/incidents?per_page=20': json({
        data: [{ id: '1', attributes: { name: 'Slow', status: { value: 2 } } }],
      }),
    },
    components: { API: 'partial_outage', Web: 'unknown' },
    notices: ['identified unknown'],
  },
  {
    platform: 'cachet2',
    documents: {
      '/api/v1/components?per_page=100': json({
        meta: { pagination: { total: 2 } },
        data: [
          { id: 1, name: 'API', status: 2, enabled: true },
          { id: 2, name: 'Web', status: 0, enabled: true },
        ],
      }),
      '/api/v1/incidents?per_page=20': json({ data: [{ id: 4, name: 'Over', status: 4 }] }),
    },
    components: { API: 'degraded', Web: 'unknown' },
    notices: ['resolved unknown'],
  },
];
