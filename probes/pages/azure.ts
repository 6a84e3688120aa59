import { readFeed } from './feed.ts';
import { type PageComponent, type Platform, stateOf, worstOf } from './page.ts';

const rows = ['Azure OpenAI Service', 'Azure OpenAI', 'Foundry Models'];

/** Azure: a feed that is empty when calm, and an HTML table whose rows hold one cell a region. */
export const azure: Platform = {
  bodyBytes: 8 << 20,
  documents: (page) => {
    const known = page.endpoints.filter((url) => /\/[a-z]{2}-[a-z]{2}\/status(\/feed)?\/?$/.test(url));
    const table = known.find((url) => !/\/feed\/?$/.test(url));
    const feed =
      known.find((url) => /\/feed\/?$/.test(url)) ?? (table && `${table.replace(/\/$/, '')}/feed/`);
    if (feed) return table ? [feed, table] : [feed];
    return page.url.host === 'azure.status.microsoft'
      ? [`${page.url.origin}/en-us/status/feed/`, `${page.url.origin}/en-us/status`]
      : [];
  },
  read: ([text, html], page) => {
    const feed = readFeed(text, page.nowMs);
    if (!feed) return null;
    const ours = feed.notices.filter((n) =>
      /openai|foundry|cognitive|ai services/i.test(`${n.title} ${n.text ?? ''}`),
    );
    const cells = html ? readTable(html) : [];
    const open = ours
      .filter((n) => n.status !== 'resolved')
      .map((n) => (n.impact === 'unknown' ? 'degraded' : n.impact));
    const components: PageComponent[] =
      cells.length > 0 ? cells : [{ id: 'azure-openai', name: 'Azure OpenAI Service', state: worstOf(open) }];
    return { title: feed.title ?? 'Azure', components, notices: ours };
  },
};

function readTable(html: string): PageComponent[] {
  const out: PageComponent[] = [];
  for (const row of html.matchAll(/<tr\b[^>]*>([\s\S]{0,20000}?)<\/tr>/gi)) {
    const body = row[1] ?? '';
    const name = rows.find((r) => new RegExp(`<td[^>]*>\\s*${r}\\s*</td>`, 'i').test(body));
    if (!name) continue;
    const labels = [...body.matchAll(/data-label="([^"]{1,40})"/g)].map((m) => m[1] ?? '');
    const offered = labels.filter((l) => !/^not available$/i.test(l)).map(stateOf);
    out.push({ id: name, name, state: offered.length === 0 ? 'unknown' : worstOf(offered) });
  }
  return out;
}
