import type { Claim } from './observation.ts';
import type { Verdict } from './words.ts';

const worstFirst: Verdict[] = [
  'major_outage',
  'partial_outage',
  'degraded',
  'maintenance',
  'unknown',
  'operational',
];

/** What a page says in one word: its worst, and green only where nothing is unknown. */
export function worstClaim(claims: readonly Claim[]): Verdict {
  return worstFirst.find((verdict) => claims.some((c) => c.status === verdict)) ?? 'unknown';
}
