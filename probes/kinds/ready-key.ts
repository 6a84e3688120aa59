import type { Watched } from '#lib/core/fleet.ts';
import { decodeText, parseJson } from '#lib/core/loose.ts';
import type { Observation } from '#lib/core/observation.ts';
import { extractError } from '#lib/error-facts.ts';
import { redactFamilies } from '#lib/redact.ts';
import { fetchToken, readServiceAccount } from '../dialects/google-token.ts';
import type { ProbeIo } from '../probe.ts';
import { bodyKindOf, foreignText } from './foreign-text.ts';
import { observe } from './look-facts.ts';

export type Ready = { watched: Watched; key: string | null } | { observation: Observation };

/** The key as the call carries it: most are what they are, a service account has to be turned into a token first. */
export async function readyKey(watched: Watched, io: ProbeIo): Promise<Ready> {
  const account = readServiceAccount(io.key);
  if (!account) return { watched, key: io.key };
  const atMs = io.clock.nowMs();
  const token = await fetchToken(account, io);
  if ('token' in token) {
    const options = { project: account.project, ...watched.options };
    return { watched: { ...watched, options }, key: token.token };
  }
  const look = token.refused;
  const text = decodeText(look.body);
  const redact = io.redact ?? redactFamilies;
  const isAnswered = look.status !== null;
  const error = extractError(parseJson(text) ?? foreignText(text, redact) ?? '', {
    headers: look.headers,
    redact,
    inBand: false,
    body: bodyKindOf(text),
    providerId: (name) => name,
  });
  return {
    observation: observe(watched, io, look, {
      atMs,
      keyed: true,
      error: isAnswered ? error : null,
      costUsd: 0,
    }),
  };
}
