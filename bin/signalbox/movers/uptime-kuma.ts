import { addressOf, asText, intervalOf, type Loose, type Moved, moved, slugFor } from './mover.ts';

/** The rows of Uptime Kuma's monitor table: HTTP, keyword, JSON and push monitors. */
export function fromUptimeKuma(
  monitors: Loose[],
  randomToken: () => string,
  others: Record<string, number> = {},
): Moved {
  const left: string[] = [];
  const taken = new Set<string>();
  const http: Loose[] = [];
  const heartbeats: Loose[] = [];
  for (const row of monitors) {
    const name = asText(row.name) ?? `monitor ${row.id}`;
    const seconds = Number(row.interval) || 60;
    if (!row.active) {
      left.push(`"${name}" is paused`);
      continue;
    }
    const type = asText(row.type) ?? '';
    if (type === 'push') {
      heartbeats.push({
        name: slugFor(name, taken),
        token: randomToken(),
        every: intervalOf(seconds, name, left),
      });
      left.push(`"${name}": the pushing side needs the new address and token`);
      continue;
    }
    if (type === 'group') {
      left.push(`"${name}" is a group: groups of the page are written under page.groups`);
      continue;
    }
    const address = addressOf(row.url);
    if (!['http', 'keyword', 'json-query'].includes(type) || !address) {
      left.push(`"${name}": type ${type || 'unknown'} has no counterpart`);
      continue;
    }
    if (isSet(row.upside_down)) {
      left.push(`"${name}" is upside down: what fails here would be well there`);
      continue;
    }
    if (address.hadSecret) left.push(`"${name}": the name and password in its address stay behind`);
    const expect = expectation(row, type, name, left);
    leaveBehind(row, name, left);
    http.push({
      name: slugFor(name, taken),
      url: address.url,
      ...(seconds !== 60 ? { every: intervalOf(seconds, name, left) } : {}),
      ...(Object.keys(expect).length > 0 ? { expect } : {}),
    });
  }
  for (const [what, count] of Object.entries(others))
    if (count > 0) left.push(`${count} ${what}: their secrets and shapes do not move`);
  return moved(
    { ...(http.length > 0 ? { http } : {}), ...(heartbeats.length > 0 ? { heartbeats } : {}) },
    left,
  );
}

/** SQLite has no booleans, and MariaDB dumps have them as text. */
function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && !['', '0', 'false', 'null'].includes(String(value));
}

/** What a monitor was told that we have no word for. */
function leaveBehind(row: Loose, name: string, left: string[]): void {
  const method = asText(row.method);
  if (method && method.toUpperCase() !== 'GET') left.push(`"${name}": method ${method} becomes GET`);
  if (asText(row.headers) || asText(row.body)) left.push(`"${name}": its headers and body stay behind`);
  const auth = asText(row.auth_method);
  if ((auth && auth !== 'none') || asText(row.basic_auth_user))
    left.push(`"${name}": how it proves who it is (${auth ?? 'basic'}) stays behind`);
  if (isSet(row.proxy_id)) left.push(`"${name}": its proxy`);
  if (isSet(row.ignore_tls)) left.push(`"${name}": a certificate that is wrong is a fault here`);
  if (Number(row.maxretries) > 0)
    left.push(`"${name}": its ${row.maxretries} retries ("confirm:" is one for all)`);
}

function expectation(row: Loose, type: string, name: string, left: string[]): Loose {
  const expect: Loose = {};
  const accepted = String(row.accepted_statuscodes_json ?? '');
  const codes = codesIn(accepted);
  if (codes === null) left.push(`"${name}": its accepted statuses ${accepted.slice(0, 80)}`);
  else if (codes.length > 0) expect.status = codes.length === 1 ? codes[0] : codes;
  const keyword = asText(row.keyword);
  if (type === 'keyword' && keyword)
    expect[row.invert_keyword ? 'body_not_contains' : 'body_contains'] = keyword;
  if (type === 'json-query') {
    const path = asText(row.json_path);
    const operator = asText(row.json_path_operator);
    if (path && /^[\w.[\]$-]+$/.test(path) && (operator === null || operator === '=='))
      expect.json = { path: path.replace(/^\$\.?/, ''), equals: asText(row.expected_value) };
    else left.push(`"${name}": the query ${(path ?? '').slice(0, 80)}${operator ? ` ${operator}` : ''}`);
  }
  return expect;
}

/** `["200-299"]` is what we expect anyway; other ranges are written out. null: not to be read. */
function codesIn(accepted: string): number[] | null {
  const parts = [...accepted.matchAll(/"([^"]*)"/g)].map(([, part = '']) => part);
  if (parts.length === 1 && parts[0] === '200-299') return [];
  const codes: number[] = [];
  for (const part of parts) {
    const [, from, to] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(part) ?? [];
    if (!from) return null;
    for (let code = Number(from); code <= Number(to ?? from); code++) codes.push(code);
  }
  return [...new Set(codes)];
}
