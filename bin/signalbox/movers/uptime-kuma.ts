import { asText, durationOf, type Loose, type Moved, slugFor } from './mover.ts';

/** The rows of Uptime Kuma's monitor table: HTTP, keyword, JSON and push monitors. */
export function fromUptimeKuma(monitors: Loose[], randomToken: () => string): Moved {
  const left: string[] = [];
  const taken = new Set<string>();
  const http: Loose[] = [];
  const heartbeats: Loose[] = [];
  for (const row of monitors) {
    const name = asText(row.name) ?? `monitor ${row.id}`;
    const seconds = Math.max(5, Number(row.interval) || 60);
    if (!row.active) {
      left.push(`"${name}" is paused`);
      continue;
    }
    const type = asText(row.type) ?? '';
    if (type === 'push') {
      heartbeats.push({ name: slugFor(name, taken), token: randomToken(), every: durationOf(seconds) });
      left.push(`"${name}": the pushing side needs the new address and token`);
      continue;
    }
    const url = asText(row.url);
    if (!['http', 'keyword', 'json-query'].includes(type) || !url || !/^https?:/.test(url)) {
      left.push(`"${name}": type ${type || 'unknown'} has no counterpart`);
      continue;
    }
    const expect = expectation(row, type, name, left);
    if (asText(row.headers) || asText(row.body)) left.push(`"${name}": its headers and body stay behind`);
    http.push({
      name: slugFor(name, taken),
      url,
      ...(seconds !== 60 ? { every: durationOf(seconds) } : {}),
      ...(Object.keys(expect).length > 0 ? { expect } : {}),
    });
  }
  return {
    config: { ...(http.length > 0 ? { http } : {}), ...(heartbeats.length > 0 ? { heartbeats } : {}) },
    left,
  };
}

function expectation(row: Loose, type: string, name: string, left: string[]): Loose {
  const expect: Loose = {};
  const accepted = String(row.accepted_statuscodes_json ?? '');
  const codes = [...accepted.matchAll(/"(\d{3})"/g)].map((match) => Number(match[1]));
  if (codes.length > 0) expect.status = codes.length === 1 ? codes[0] : codes;
  const keyword = asText(row.keyword);
  if (type === 'keyword' && keyword)
    expect[row.invert_keyword ? 'body_not_contains' : 'body_contains'] = keyword;
  if (type === 'json-query') {
    const path = asText(row.json_path);
    if (path && /^[\w.[\]$-]+$/.test(path))
      expect.json = { path: path.replace(/^\$\.?/, ''), equals: asText(row.expected_value) };
    else left.push(`"${name}": the query ${path ?? ''}`);
  }
  return expect;
}
