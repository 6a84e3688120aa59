import type { Watched } from '#lib/core/fleet.ts';
import {
  asList,
  asNumber,
  asObject,
  asText,
  decodeText,
  dig,
  type Loose,
  parseJson,
} from '#lib/core/loose.ts';
import type { ErrorFacts } from '#lib/core/observation.ts';
import type { Found } from '#lib/core/plan.ts';
import type { HttpLook } from '#lib/http.ts';
import { cleanLine, redactFamilies } from '#lib/redact.ts';
import type { Probe, ProbeIo } from '../probe.ts';
import { bodyKindOf, foreignText } from './foreign-text.ts';
import { observe } from './look-facts.ts';

const dayMs = 86_400_000;

/** A plain address: its status, one condition on its body, and how long its certificate still lasts. */
export const http: Probe = async (watched, io) => {
  const atMs = io.clock.nowMs();
  const expect = asObject(watched.options.expect) ?? {};
  const minDays = asNumber(expect.certificate_days);
  const isOwn = watched.target.gateway === null && watched.options.isLiveness !== true;
  const look = await io.http.request({
    url: watched.baseUrl,
    method: methodOf(watched),
    signal: io.signal,
    headers: { accept: '*/*' },
    limits: { firstByteMs: io.timeoutMs, totalMs: io.timeoutMs, wireBytes: 1 << 20, bodyBytes: 1 << 20 },
    wantsCertificate: minDays !== null || isOwn,
  });
  const found = look.fault === null ? findFault(watched, look, expect, atMs) : null;
  return {
    observation: observe(watched, io, look, {
      atMs,
      keyed: false,
      error: found ? errorOf(found, look, io) : null,
    }),
    found: isOwn ? certificateOf(watched, look) : [],
  };
};

/** Of the owner's own addresses only: others renew theirs without being told. */
function certificateOf({ target }: Watched, look: HttpLook): Found[] {
  const { certificateFromMs: fromMs, certificateExpiresAtMs: expiresAtMs } = look;
  const isOver = look.faultCode === 'CERT_HAS_EXPIRED';
  if ((expiresAtMs === null && !isOver) || target.provider === null) return [];
  return [{ kind: 'certificate', name: target.provider, facts: { fromMs, expiresAtMs } }];
}

function methodOf(watched: Watched): 'GET' | 'HEAD' | 'POST' {
  const method = asText(watched.options.method)?.toUpperCase();
  return method === 'HEAD' || method === 'POST' ? method : 'GET';
}

interface Shortfall {
  code: string;
  text: string;
}

/** The first condition that does not hold; null when all do. */
function findFault(watched: Watched, look: HttpLook, expect: Loose, nowMs: number): Shortfall | null {
  return (
    statusFault(look, expect, watched.options.isLiveness === true) ??
    bodyFault(decodeText(look.body), expect) ??
    jsonFault(decodeText(look.body), asObject(expect.json)) ??
    certificateFault(look, asNumber(expect.certificate_days), nowMs)
  );
}

function statusFault(look: HttpLook, expect: Loose, isLiveness: boolean): Shortfall | null {
  const { status } = look;
  if (status === null) return null;
  const wanted = (Array.isArray(expect.status) ? asList(expect.status) : [expect.status])
    .map(asNumber)
    .filter((s): s is number => s !== null);
  const isGood = wanted.length > 0 ? wanted.includes(status) : status < 400;
  // Of a provider without a key every answer below 500 shows that name, line and edge are alive.
  if (isGood || (isLiveness && status < 500)) return null;
  const text =
    wanted.length > 0 ? `answered ${status} where ${wanted.join(' or ')} was expected` : `answered ${status}`;
  return { code: String(status), text };
}

function bodyFault(text: string, expect: Loose): Shortfall | null {
  const must = asText(expect.body_contains);
  if (must && !text.includes(must))
    return { code: 'body', text: `the body does not contain "${must.slice(0, 80)}"` };
  const mustNot = asText(expect.body_not_contains);
  if (mustNot && text.includes(mustNot))
    return { code: 'body', text: `the body contains "${mustNot.slice(0, 80)}"` };
  return null;
}

function jsonFault(text: string, condition: Loose | null): Shortfall | null {
  const path = asText(condition?.path);
  if (!condition || !path) return null;
  const body = parseJson(text);
  if (body === undefined) return { code: 'body', text: 'the body is no JSON' };
  const value = digPath(body, path);
  if (value === condition.equals) return null;
  const seen = value === undefined ? 'absent' : JSON.stringify(value)?.slice(0, 80);
  return { code: 'body', text: `${path} is ${seen}, not ${JSON.stringify(condition.equals)}` };
}

/** `data.0.status`: names and positions, apart by dots. */
function digPath(body: unknown, path: string): unknown {
  let here: unknown = body;
  for (const part of path.split('.')) {
    here = Array.isArray(here) ? here[Number(part)] : (dig(here, part) ?? asObject(here)?.[part]);
    if (here === undefined) return undefined;
  }
  return here;
}

function certificateFault(look: HttpLook, minDays: number | null, nowMs: number): Shortfall | null {
  if (minDays === null || look.certificateExpiresAtMs === null) return null;
  const days = Math.floor((look.certificateExpiresAtMs - nowMs) / dayMs);
  if (days >= minDays) return null;
  return { code: 'certificate', text: `the certificate ends in ${days} days` };
}

function errorOf(found: Shortfall, look: HttpLook, io: ProbeIo): ErrorFacts {
  const text = decodeText(look.body);
  const redact = io.redact ?? redactFamilies;
  const said = look.status !== null && look.status >= 400 ? foreignText(text, redact) : null;
  return {
    code: found.code,
    type: null,
    message: cleanLine(said ? `${found.text}: ${said}` : found.text, redact),
    provider: null,
    limit: null,
    attempt: null,
    body: bodyKindOf(text),
    inBand: false,
  };
}
