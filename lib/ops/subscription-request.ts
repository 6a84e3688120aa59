import { parseMailAddress } from '../core/mail-address.ts';
import { componentKinds, impacts } from '../core/words.ts';
import { openPublicSettings } from '../notify/public.ts';
import type { Problem } from '../notify/settings.ts';

/** What a stranger asks for, read strictly; edges hand over whatever the form or the API was sent. */
export interface SubscriptionRequest {
  channel: 'email' | 'webhook' | 'slack';
  /** Channel-specific: `to`, `url` and `secret`, or `webhook_url`. */
  own: Record<string, string>;
  wish: Wish;
}

export interface Wish {
  scope: string[];
  minImpact: string | null;
  kinds: string[];
  digest: 'daily' | 'weekly' | null;
  untilIncidentId: string | null;
}

export type ReadRequest = { ok: true; request: SubscriptionRequest } | { ok: false; problems: Problem[] };

const publicKinds = ['incident', 'maintenance', 'catalog', 'circuit'] as const;
const publicScopeKinds = ['gateway', 'provider', 'model', 'route'] as const;
const known = [
  'channel',
  'to',
  'url',
  'secret',
  'webhook_url',
  'scope',
  'min_impact',
  'kinds',
  'digest',
  'until_incident',
];
const mostScopes = 50;

/** A flat record: `{ channel: 'email', to, scope: ['model:…'], min_impact, kinds, digest, until_incident }`. */
export function readSubscriptionRequest(raw: Record<string, unknown>): ReadRequest {
  const problems: Problem[] = Object.keys(raw)
    .filter((key) => !known.includes(key))
    .map((path) => ({ path, expected: `one of ${known.join(', ')}` }));
  const channel = raw.channel ?? 'email';
  const own = ownSettings(raw);
  if (channel !== 'email' && channel !== 'webhook' && channel !== 'slack') {
    problems.push({ path: 'channel', expected: 'email, webhook or slack' });
    return { ok: false, problems };
  }
  if (channel === 'email') own.to = parseMailAddress(own.to ?? '') ?? '';
  // A webhook's secret is ours to make; the form is checked with one in its place.
  const toCheck = channel === 'webhook' && own.secret === undefined ? { ...own, secret: sampleSecret } : own;
  const opened = openPublicSettings(channel, toCheck);
  if (!opened.ok) problems.push(...opened.problems);
  const wish = readWish(raw, problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, request: { channel, own, wish } };
}

const sampleSecret = `whsec_${'A'.repeat(43)}=`;

function ownSettings(raw: Record<string, unknown>): Record<string, string> {
  const own: Record<string, string> = {};
  for (const key of ['to', 'url', 'secret', 'webhook_url']) {
    const value = raw[key];
    if (typeof value === 'string' && value !== '') own[key] = value;
  }
  return own;
}

/** The part that can also be changed later, through the manage link. */
export function readWish(raw: Record<string, unknown>, problems: Problem[]): Wish {
  const scope = texts(raw.scope);
  if (scope === null || scope.length > mostScopes || !scope.every(isPublicScope))
    problems.push({
      path: 'scope',
      expected: 'up to 50 entries such as gateway:openrouter or model:openai/gpt-5-mini',
    });
  const minImpact = emptyAsNull(raw.min_impact);
  if (minImpact !== null && !(impacts as readonly unknown[]).includes(minImpact))
    problems.push({ path: 'min_impact', expected: `one of ${impacts.join(', ')}` });
  const kinds = texts(raw.kinds) ?? [];
  if (!kinds.every((kind) => (publicKinds as readonly string[]).includes(kind)))
    problems.push({ path: 'kinds', expected: `a list out of ${publicKinds.join(', ')}` });
  const digest = emptyAsNull(raw.digest);
  if (digest !== null && digest !== 'daily' && digest !== 'weekly')
    problems.push({ path: 'digest', expected: 'daily or weekly' });
  const until = emptyAsNull(raw.until_incident);
  if (until !== null && !(typeof until === 'string' && /^[A-Za-z0-9._:~-]{1,100}$/.test(until)))
    problems.push({ path: 'until_incident', expected: 'the id of an incident' });
  return {
    scope: scope ?? [],
    minImpact: minImpact as string | null,
    kinds: kinds.length > 0 ? kinds : ['incident', 'maintenance'],
    digest: digest as Wish['digest'],
    untilIncidentId: until as string | null,
  };
}

function emptyAsNull(value: unknown): unknown {
  return value === undefined || value === '' ? null : value;
}

/** A form sends one text or several; the API sends a list. */
function texts(value: unknown): string[] | null {
  if (value === undefined || value === null || value === '') return [];
  const list = Array.isArray(value) ? value : String(value).split(',');
  return list.every((one) => typeof one === 'string') ? list.map((one) => one.trim()).filter(Boolean) : null;
}

function isPublicScope(text: string): boolean {
  const [kind, ...id] = text.split(':');
  const isKnown =
    (publicScopeKinds as readonly string[]).includes(kind ?? '') &&
    (componentKinds as readonly string[]).includes(kind ?? '');
  return isKnown && /^[A-Za-z0-9._~:/@+-]{1,200}$/.test(id.join(':'));
}
