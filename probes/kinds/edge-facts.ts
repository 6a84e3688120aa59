import { asCount } from '#lib/core/loose.ts';
import type { Edge } from '#lib/core/observation.ts';
import { cleanLine, type Redact, redactFamilies } from '#lib/redact.ts';

/** What a CDN said of itself; null where none spoke. */
export function readEdge(headers: Record<string, string>, redact: Redact = redactFamilies): Edge | null {
  // A gateway's own answer cache comes first: a hit there is no look at anybody.
  const cache =
    headers['x-openrouter-cache-status'] ??
    headers['cf-cache-status'] ??
    headers['x-vercel-cache'] ??
    headers['x-cache'] ??
    null;
  const ageS = asCount(headers.age);
  const site =
    /-([A-Z]{3})$/.exec(headers['cf-ray'] ?? '')?.[1] ??
    /^([a-z]{3}\d)/.exec(headers['x-vercel-id'] ?? '')?.[1]?.toUpperCase() ??
    null;
  if (cache === null && ageS === null && site === null) return null;
  return { cache: cache === null ? null : cleanLine(cache, redact, 32), ageS, site };
}
