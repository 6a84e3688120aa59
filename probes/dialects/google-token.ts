import { createPrivateKey, sign } from 'node:crypto';
import { asNumber, asObject, asText, decodeText, parseJson } from '#lib/core/loose.ts';
import type { HttpLook } from '#lib/http.ts';
import type { ProbeIo } from '../probe.ts';

/** A service account's file stands for hourly tokens; they are fetched here and live in memory only. */
export interface ServiceAccount {
  email: string;
  privateKey: string;
  tokenUrl: string;
  project: string | null;
}

const scope = 'https://www.googleapis.com/auth/cloud-platform';
const freshForMs = 5 * 60_000;

/** null: the key is no service account, but a token or a plain key. */
export function readServiceAccount(key: string | null): ServiceAccount | null {
  if (!key?.trimStart().startsWith('{')) return null;
  const json = asObject(parseJson(key));
  const [email, privateKey] = [asText(json?.client_email), asText(json?.private_key)];
  if (!email || !privateKey) return null;
  const tokenUrl = asText(json?.token_uri) ?? 'https://oauth2.googleapis.com/token';
  return { email, privateKey, tokenUrl, project: asText(json?.project_id) };
}

export type Token = { token: string } | { refused: HttpLook };

export async function fetchToken(account: ServiceAccount, io: ProbeIo): Promise<Token> {
  const nowMs = io.clock.nowMs();
  const known = asObject(io.memory.get('googleToken'));
  if (known && (asNumber(known.expiresAtMs) ?? 0) - nowMs > freshForMs) return { token: String(known.token) };
  const look = await io.http.request({
    url: account.tokenUrl,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertionOf(account, nowMs),
    }).toString(),
    signal: io.signal,
    limits: { totalMs: io.timeoutMs },
  });
  const body = asObject(parseJson(decodeText(look.body)));
  const token = look.status === 200 ? asText(body?.access_token) : null;
  if (!token) return { refused: look };
  const expiresAtMs = nowMs + (asNumber(body?.expires_in) ?? 3_600) * 1_000;
  io.memory.set('googleToken', { token, expiresAtMs });
  return { token };
}

function assertionOf({ email, privateKey, tokenUrl }: ServiceAccount, nowMs: number): string {
  const issuedAt = Math.floor(nowMs / 1_000);
  const claims = { iss: email, scope, aud: tokenUrl, iat: issuedAt, exp: issuedAt + 3_600 };
  const parts = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) => base64Url(JSON.stringify(part)));
  const signed = sign('sha256', Buffer.from(parts.join('.')), createPrivateKey(privateKey));
  return [...parts, signed.toString('base64url')].join('.');
}

function base64Url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
