import { addressOf, asList, asObject, asText, intervalOf, type Moved, moved, slugFor } from './mover.ts';

/** A Gatus config: HTTP endpoints and their simple conditions. */
export function fromGatus(document: unknown): Moved {
  const left: string[] = [];
  const taken = new Set<string>();
  const http: Record<string, unknown>[] = [];
  for (const entry of asList(asObject(document).endpoints)) {
    const endpoint = asObject(entry);
    const name = [asText(endpoint.group), asText(endpoint.name)].filter(Boolean).join('-') || 'unnamed';
    const address = addressOf(endpoint.url);
    if (endpoint.enabled === false) {
      left.push(`"${name}" is switched off`);
      continue;
    }
    if (!address) {
      const given = asText(endpoint.url) ?? 'nothing';
      left.push(`"${name}": only http and https addresses are checked, not ${given.slice(0, 200)}`);
      continue;
    }
    if (address.hadSecret) left.push(`"${name}": the name and password in its address stay behind`);
    for (const key of ['client', 'dns', 'ssh', 'graphql', 'maintenance-windows', 'ui'])
      if (endpoint[key] !== undefined) left.push(`"${name}": its ${key}`);
    if (asText(endpoint.method) && endpoint.method !== 'GET')
      left.push(`"${name}": method ${endpoint.method} becomes GET`);
    if (endpoint.headers || endpoint.body) left.push(`"${name}": its headers and body stay behind`);
    const given = asText(endpoint.interval);
    const interval = given === null ? 60_000 : goDurationMs(given);
    if (interval === null) left.push(`"${name}": its interval ${given}`);
    if (endpoint.conditions !== undefined && !Array.isArray(endpoint.conditions))
      left.push(`"${name}": its conditions are no list`);
    const expect = expectation(name, asList(endpoint.conditions), left);
    http.push({
      name: slugFor(name, taken),
      url: address.url,
      ...(interval && interval !== 60_000 ? { every: intervalOf(interval / 1000, name, left) } : {}),
      ...(Object.keys(expect).length > 0 ? { expect } : {}),
    });
  }
  const channels = Object.keys(asObject(asObject(document).alerting));
  if (channels.length > 0)
    left.push(`alerting (${channels.join(', ')}): write channels of your own, their secrets do not move`);
  for (const key of Object.keys(asObject(document)))
    if (!['endpoints', 'alerting'].includes(key))
      left.push(`${key}: has no counterpart that could be filled from it`);
  return moved(http.length > 0 ? { http } : {}, left);
}

const unitMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** `1h30m`, `90s`: as Go writes it. */
function goDurationMs(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(text)) return null;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit as string] as number), 0);
}

function expectation(name: string, conditions: unknown[], left: string[]): Record<string, unknown> {
  const expect: Record<string, unknown> = {};
  for (const condition of conditions) {
    const text = asText(condition) ?? '';
    const status = /^\[STATUS\]\s*==\s*(?:any\(([\d,\s]+)\)|(\d{3}))$/.exec(text);
    const json = /^\[BODY\]\.([\w.[\]-]+)\s*==\s*(.+)$/.exec(text);
    const contains = /^\[BODY\]\s*==\s*pat\(\*(.+)\*\)$/.exec(text);
    const certificate = /^\[CERTIFICATE_EXPIRATION\]\s*>=?\s*(\d+)h$/.exec(text);
    if (status) expect.status = status[2] ? Number(status[2]) : (status[1] as string).split(',').map(Number);
    else if (json) expect.json = { path: json[1], equals: literal(json[2] as string) };
    else if (contains) expect.body_contains = contains[1];
    else if (certificate) expect.certificate_days = Math.floor(Number(certificate[1]) / 24);
    else left.push(`"${name}": condition ${text}`);
  }
  return expect;
}

function literal(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
