import { randomBytes } from 'node:crypto';
import { apiKeyPurpose, sha256 } from '#app/_edge/access.ts';
import { type Scope, scopes } from '#app/_edge/guard.ts';
import type { Store } from '#lib/store.ts';
import { Usage } from './command.ts';

/** Keys for the API. The store keeps a digest of each; the key itself is shown once and is nowhere. */

export interface ApiKey {
  id: string;
  name: string;
  scopes: string[];
  createdAtMs: number;
  expiresAtMs: number | null;
}

/** What a list can show: the digests alone have no names. */
const note = 'api_keys';

export function listedKeys(store: Store): ApiKey[] {
  try {
    const kept = JSON.parse(store.upkeep.noted(note) ?? '[]') as unknown;
    return Array.isArray(kept) ? (kept as ApiKey[]) : [];
  } catch {
    return [];
  }
}

const subjectOf = (name: string) => `key:${name}`;

export function issueKey(
  store: Store,
  wanted: { scopes: Scope[]; name: string | undefined; expiresAtMs: number | null; nowMs: number },
): { key: string; issued: ApiKey } {
  const { nowMs, expiresAtMs } = wanted;
  const id = randomBytes(5).toString('hex');
  const name = wanted.name ?? id;
  const others = listedKeys(store).filter((one) => (one.expiresAtMs ?? nowMs) >= nowMs);
  if (others.some((one) => one.name === name)) throw new Usage(`there is a key "${name}" already`);
  const key = `sb_live_${id}_${randomBytes(32).toString('base64url')}`;
  const issued = { id, name, scopes: wanted.scopes, createdAtMs: nowMs, expiresAtMs };
  // Listed first: a key that works and is in no list could not be found to be revoked.
  store.upkeep.note(note, JSON.stringify([...others, issued]));
  store.people.putToken({
    hash: sha256(key),
    purpose: apiKeyPurpose,
    subject: subjectOf(name),
    expiresAtMs,
    scopes: wanted.scopes,
  });
  return { key, issued };
}

/** By its name or its id; false if there is none. */
export function revokeKey(store: Store, nameOrId: string): boolean {
  const all = listedKeys(store);
  const found = all.find((one) => one.name === nameOrId || one.id === nameOrId);
  const dropped = store.people.dropTokens(apiKeyPurpose, subjectOf(found?.name ?? nameOrId));
  if (found) store.upkeep.note(note, JSON.stringify(all.filter((one) => one !== found)));
  return dropped > 0 || found !== undefined;
}

export function parseScopes(text: string): Scope[] {
  const words = [...new Set(text.split(',').map((word) => word.trim()))].filter(Boolean);
  const known = words.flatMap((word) => scopes.find((scope) => scope === word) ?? []);
  if (known.length === 0 || known.length < words.length)
    throw new Usage(`--scope is one or more of ${scopes.join(', ')}, with commas between`);
  return known;
}
