import type { Watched } from '#lib/core/fleet.ts';
import { asCount, asList, asNumber, asObject, asText, decodeText, dig, parseJson } from '#lib/core/loose.ts';
import type { Found } from '#lib/core/plan.ts';
import type { Http } from '#lib/http.ts';
import { cleanLine, type Redact } from '#lib/redact.ts';
import { providerIdOf } from './dialects/openrouter.ts';

export type Generation = Extract<Found, { kind: 'generation' }>;

const limitMs = 5_000;

/** What OpenRouter itself wrote down of one call: its cost, and every provider that was tried. Null while there is nothing. */
export async function readGenerationRecord(
  generation: Generation,
  watched: Watched,
  io: { http: Http; key: string; redact: Redact },
): Promise<Generation | null> {
  const look = await io.http.request({
    url: `${watched.baseUrl.replace(/\/+$/, '')}/generation?id=${encodeURIComponent(generation.generationId)}`,
    headers: { accept: 'application/json', authorization: `Bearer ${io.key}` },
    limits: { firstByteMs: limitMs, totalMs: limitMs },
  });
  const data = look.status === 200 ? asObject(dig(parseJson(decodeText(look.body)), 'data')) : null;
  // A record of another call settles nothing.
  if (!data || asText(data.id) !== generation.generationId) return null;
  const tried = asList(data.provider_responses).flatMap((item) => {
    const name = asText(dig(item, 'provider_name'));
    if (!name) return [];
    const provider = providerIdOf(cleanLine(name, io.redact, 64), watched);
    return [{ provider, status: asCount(dig(item, 'status')) }];
  });
  const usd = asNumber(data.total_cost);
  return {
    ...generation,
    tried: tried.length > 0 ? tried.slice(0, 16) : generation.tried,
    recordedUsd: usd !== null && usd >= 0 ? usd : null,
    isRecorded: true,
  };
}
